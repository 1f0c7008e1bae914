//! The intercom against a phone made of the same crates, over the loopback interface.

mod door;
mod hold;
mod phone;
mod picture;
mod resident_calls;
mod ring;
mod sound;
