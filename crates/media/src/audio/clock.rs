//! The schedule of streams that no device drives.

use std::time::{Duration, Instant};

/// Length of a block.
pub(super) const PERIOD: Duration = Duration::from_millis(20);

/// Blocks that may be made up for at once after a late wake-up. More would arrive at the jitter buffer as a
/// burst that it has to throw away.
const CATCH_UP: u32 = 10;

/// Absolute schedule of one block every 20 ms: a late wake-up shortens the next wait, so that no drift adds up.
#[derive(Debug)]
pub(super) struct Clock {
    due: Instant,
}

impl Clock {
    /// The first block is due at `now`.
    pub(super) fn new(now: Instant) -> Self {
        Self { due: now }
    }

    /// When the next block is due.
    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Takes the block that is due and returns how many blocks are given up because `now` is too late for them.
    pub(super) fn tick(&mut self, now: Instant) -> u32 {
        let late = now.saturating_duration_since(self.due);
        let behind = u32::try_from(late.as_nanos() / PERIOD.as_nanos()).unwrap_or(u32::MAX);
        let skipped = if behind > CATCH_UP { behind } else { 0 };
        self.due += PERIOD.saturating_mul(skipped.saturating_add(1));
        skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wake_ups_that_come_late_do_not_move_the_schedule() {
        let start = Instant::now();
        let mut clock = Clock::new(start);
        for block in 0..500 {
            assert_eq!(clock.due(), start + PERIOD * block);
            let late = Duration::from_millis(u64::from(block * 7 % 19));
            assert_eq!(clock.tick(start + PERIOD * block + late), 0);
        }
    }

    #[test]
    fn a_short_stall_is_made_up_for_and_a_long_one_is_skipped() {
        let start = Instant::now();
        let mut clock = Clock::new(start);
        assert_eq!(clock.tick(start + PERIOD * 10), 0);
        assert_eq!(clock.due(), start + PERIOD);

        let skipped = clock.tick(start + Duration::from_secs(60));
        assert_eq!(skipped, 2999);
        assert_eq!(clock.due(), start + Duration::from_millis(60_020));
    }
}
