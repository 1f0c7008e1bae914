use std::time::Duration;

/// Counts on where 32-bit RTP timestamps wrap around.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimestampUnwrapper {
    last: Option<(u32, i64)>,
}

impl TimestampUnwrapper {
    /// The timestamp as a count that does not wrap: the first is 0, an earlier one is negative.
    pub fn unwrap(&mut self, timestamp: u32) -> i64 {
        let Some((last, count)) = self.last else {
            self.last = Some((timestamp, 0));
            return 0;
        };
        let step = timestamp.wrapping_sub(last).cast_signed();
        let count = count + i64::from(step);
        if step > 0 {
            self.last = Some((timestamp, count));
        }
        count
    }
}

/// A count of ticks as a duration; a negative count is zero.
pub(crate) fn ticks_to_duration(ticks: i64, rate: u32) -> Duration {
    let ticks = u64::try_from(ticks).unwrap_or(0);
    let rate = u64::from(rate.max(1));
    let nanos = (ticks % rate) * 1_000_000_000 / rate;
    Duration::new(ticks / rate, u32::try_from(nanos).unwrap_or(0))
}

/// A duration in ticks, wrapping as RTP timestamps do.
pub(crate) fn duration_to_ticks(duration: Duration, rate: u32) -> u32 {
    let ticks = duration.as_nanos() * u128::from(rate) / 1_000_000_000;
    (ticks & u128::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_on_over_the_wrap_and_back() {
        let mut unwrapper = TimestampUnwrapper::default();
        let counts: Vec<i64> = [u32::MAX - 99, u32::MAX, 100, u32::MAX - 49, 200]
            .into_iter()
            .map(|t| unwrapper.unwrap(t))
            .collect();
        assert_eq!(counts, [0, 99, 200, 50, 300]);
    }

    #[test]
    fn ticks_and_durations_agree() {
        assert_eq!(ticks_to_duration(135_000, 90_000), Duration::from_millis(1_500));
        assert_eq!(ticks_to_duration(-1, 90_000), Duration::ZERO);
        assert_eq!(duration_to_ticks(Duration::from_millis(1_500), 90_000), 135_000);
        assert_eq!(
            duration_to_ticks(Duration::from_secs(100_000), 90_000),
            (9_000_000_000_u64 & 0xffff_ffff) as u32
        );
    }
}
