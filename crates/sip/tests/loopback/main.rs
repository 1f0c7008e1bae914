//! A user agent against another that is its registrar, on loopback.

mod bad_input;
mod calls;
mod hang_up;
mod harness;
mod registers;
mod strangers;
