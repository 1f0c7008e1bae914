use std::time::{Duration, Instant};

use crate::audio::{BLOCK, RATE};
use crate::rtp::duration_to_ticks;

/// When the microphone has given nothing for so long, the clock goes on by the wall's.
const STALLED: Duration = Duration::from_millis(100);

/// The RTP clock of the sound that we send: it counts samples, and the wall's time where there are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Timestamp of the next sample.
    next: u32,
    /// When the sample before it was taken.
    at: Instant,
}

impl Clock {
    pub(super) fn new(first: u32, now: Instant) -> Self {
        Self { next: first, at: now }
    }

    /// The timestamp of this moment.
    pub(super) fn now(&self, now: Instant) -> u32 {
        self.next.wrapping_add(duration_to_ticks(now.saturating_duration_since(self.at), RATE))
    }

    /// The timestamp of a block that was taken just now.
    pub(super) fn block(&mut self, now: Instant) -> u32 {
        if now.saturating_duration_since(self.at) > STALLED {
            self.next = self.now(now).wrapping_sub(BLOCK as u32);
        }
        let timestamp = self.next;
        self.next = timestamp.wrapping_add(BLOCK as u32);
        self.at = now;
        timestamp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_blocks_whatever_their_jitter_and_follows_the_wall_over_a_pause() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut clock = Clock::new(u32::MAX - 159, start);
        let stamps = [20, 45, 61, 80].map(|millis| clock.block(at(millis)));
        assert_eq!(stamps, [u32::MAX - 159, 0, 160, 320]);
        assert_eq!(clock.now(at(90)), 480 + 80, "a key that is pressed between two blocks");
        assert_eq!(clock.block(at(1_080)), 480 + 8_000 - 160);
    }
}
