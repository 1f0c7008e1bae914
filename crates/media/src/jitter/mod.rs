//! Jitter buffers: what comes in early, late, twice or not at all, in order again.

mod audio;
mod video;

#[cfg(test)]
mod tests;

pub use audio::Playout;
pub use video::VideoBuffer;
