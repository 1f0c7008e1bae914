use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use parking_lot::Mutex;
use vestibule_model::Timestamp;

/// So many keys, and those that may do anything again are forgotten.
const SWEEP: usize = 10_000;

/// How often somebody may do something: some times at once, then once in a while.
///
/// For each key it keeps the time at which all is forgotten, as the "virtual scheduling" of the generic cell rate
/// algorithm does (ITU-T I.371). It lives in memory: after a restart everybody begins anew.
pub(crate) struct Limit<K> {
    burst: u32,
    every: i64,
    full: Mutex<HashMap<K, i64>>,
}

/// Too often. After so long it is allowed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooOften(pub(crate) Duration);

impl<K: Hash + Eq> Limit<K> {
    /// `burst` times at once, at least 1; then once `every` so long.
    pub(crate) fn new(burst: u32, every: Duration) -> Self {
        let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX / 1_000_000);
        Self { burst, every, full: Mutex::default() }
    }

    /// Counts one, or says how long to wait.
    pub(crate) fn take(&self, key: K, now: Timestamp) -> Result<(), TooOften> {
        let mut full = self.full.lock();
        if full.len() >= SWEEP {
            full.retain(|_, at| *at > now.0);
        }
        let most = self.every * i64::from(self.burst);
        // A clock that was set back must not shut anybody out for longer than the burst lasts.
        let at = full.get(&key).map_or(now.0, |at| (*at).clamp(now.0, now.0 + most));
        let wait = at + self.every - now.0 - most;
        if wait > 0 {
            full.insert(key, at);
            return Err(TooOften(Duration::from_millis(wait.unsigned_abs())));
        }
        full.insert(key, at + self.every);
        Ok(())
    }

    /// Takes one back that turned out not to count.
    pub(crate) fn give_back(&self, key: &K) {
        if let Some(at) = self.full.lock().get_mut(key) {
            *at -= self.every;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_once_in_a_while() {
        let limit = Limit::new(3, Duration::from_secs(10));
        let take = |seconds: i64| limit.take("a", Timestamp(seconds * 1_000));
        for _ in 0..3 {
            take(100).unwrap();
        }
        assert_eq!(take(100), Err(TooOften(Duration::from_secs(10))));
        assert_eq!(take(104), Err(TooOften(Duration::from_secs(6))));
        take(110).unwrap();
        assert_eq!(take(110), Err(TooOften(Duration::from_secs(10))));
        limit.take("b", Timestamp(110_000)).unwrap();
        limit.give_back(&"a");
        take(110).unwrap();
        for _ in 0..3 {
            take(1_000).unwrap();
        }
        take(1_000).unwrap_err();
    }

    #[test]
    fn a_clock_that_is_set_back_shuts_nobody_out() {
        let limit = Limit::new(2, Duration::from_secs(10));
        for _ in 0..2 {
            limit.take(1, Timestamp(1_000_000_000)).unwrap();
        }
        assert_eq!(limit.take(1, Timestamp(0)), Err(TooOften(Duration::from_secs(10))));
        limit.take(1, Timestamp(10_000)).unwrap();
    }
}
