use std::time::Duration;

/// The first pause is at most so long.
const FIRST: Duration = Duration::from_secs(1);
/// No pause is longer, whatever a server asks for.
const LONGEST: Duration = Duration::from_secs(300);
/// From so many failures on the pause grows no more.
const STEPS: u32 = 9;

/// How long to wait before the next try: exponential with full jitter, so that the apps of a house do not come back in
/// step when their server does. It has no clock and no dice: both are arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// It went well: the next failure is the first again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed: how long to wait. `dice` is any number, evenly spread; `asked` is what the server asked for, which
    /// is the least that is waited.
    pub fn wait(&mut self, dice: u64, asked: Option<Duration>) -> Duration {
        let most = FIRST.saturating_mul(1 << self.failures.min(STEPS)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let spread = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        let jitter = Duration::from_millis(dice % spread.max(1) + 1);
        match asked {
            // In step again, were it not for a little jitter on top.
            Some(asked) => (asked + jitter.min(FIRST)).min(LONGEST),
            None => jitter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit_and_begin_anew() {
        let mut backoff = Backoff::default();
        let longest: Vec<u64> = (0..11).map(|_| backoff.wait(u64::MAX - 1, None).as_secs()).collect();
        // The dice fall anywhere; here it is enough that no pause is ever longer than its limit.
        for (pause, limit) in longest.iter().zip([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
            assert!(*pause <= limit, "{longest:?}");
        }
        backoff.reset();
        assert_eq!(backoff, Backoff::default());
    }

    #[test]
    fn all_of_the_span_is_used() {
        for (dice, wanted) in [(0, 1), (3_999, 4_000), (4_000, 1), (2_000, 2_001)] {
            let mut backoff = Backoff { failures: 2 };
            assert_eq!(backoff.wait(dice, None), Duration::from_millis(wanted), "{dice}");
        }
    }

    #[test]
    fn what_the_server_asks_for_is_kept_within_bounds() {
        let mut backoff = Backoff::default();
        let wait = backoff.wait(7, Some(Duration::from_secs(30)));
        assert_eq!(wait, Duration::from_millis(30_008));
        assert_eq!(backoff.wait(7, Some(Duration::from_secs(1_000_000))), LONGEST);
        let mut worn = Backoff { failures: u32::MAX };
        assert!(worn.wait(u64::MAX, None) <= LONGEST);
    }
}
