use std::time::{Duration, Instant};

use super::LegEvent;

/// After so long without a packet something is wrong: RTCP alone comes every five seconds (RFC 3550 section 6.2).
const QUIET: Duration = Duration::from_secs(8);
/// Loss is looked at over such a span.
const SPAN: Duration = Duration::from_secs(2);
/// With so many packets missing, in percent, a call is weak.
const WEAK: u64 = 5;
/// With fewer than so many in percent, over two spans, it is not any more.
const FINE: u64 = 2;

/// Watches whether anything comes in, and how much is missing.
#[derive(Debug)]
pub(super) struct LinkWatch {
    /// Since when something should be coming in.
    expected_since: Option<Instant>,
    quiet: bool,
    span_began: Instant,
    received: u64,
    lost: u64,
    weak: bool,
    fine_spans: u32,
}

impl LinkWatch {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            expected_since: None,
            quiet: false,
            span_began: now,
            received: 0,
            lost: 0,
            weak: false,
            fine_spans: 0,
        }
    }

    /// `expects`: media should be coming in now. `heard_at`: when anything last did. Gives what has changed.
    pub(super) fn listen(
        &mut self,
        now: Instant,
        expects: bool,
        heard_at: Option<Instant>,
    ) -> Option<LegEvent> {
        if !expects {
            self.expected_since = None;
            return std::mem::take(&mut self.quiet).then_some(LegEvent::Resumed);
        }
        let since = *self.expected_since.get_or_insert(now);
        let last = heard_at.map_or(since, |heard| heard.max(since));
        let quiet = now.saturating_duration_since(last) >= QUIET;
        if quiet == self.quiet {
            return None;
        }
        self.quiet = quiet;
        Some(if quiet { LegEvent::Quiet } else { LegEvent::Resumed })
    }

    /// `received` and `lost` count all packets since the beginning. Gives what has changed.
    pub(super) fn count(&mut self, now: Instant, received: u64, lost: u64) -> Option<LegEvent> {
        if now.duration_since(self.span_began) < SPAN {
            return None;
        }
        let came = received.saturating_sub(self.received);
        let missing = lost.saturating_sub(self.lost);
        (self.span_began, self.received, self.lost) = (now, received, lost);
        let percent = (missing * 100).checked_div(came + missing)?;
        self.fine_spans = if percent < FINE { self.fine_spans + 1 } else { 0 };
        let weak = if self.weak { self.fine_spans < 2 } else { percent > WEAK };
        let changed = weak != self.weak;
        self.weak = weak;
        changed.then_some(LegEvent::Weak(weak))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_quiet_after_eight_seconds_and_resumed_at_the_next_packet() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut watch = LinkWatch::new(start);
        assert_eq!(watch.listen(at(0), false, None), None, "not answered");
        assert_eq!(watch.listen(at(100), true, Some(at(1))), None, "answered just now");
        assert_eq!(watch.listen(at(107), true, Some(at(1))), None);
        assert_eq!(watch.listen(at(108), true, Some(at(1))), Some(LegEvent::Quiet));
        assert_eq!(watch.listen(at(109), true, Some(at(1))), None);
        assert_eq!(watch.listen(at(110), true, Some(at(110))), Some(LegEvent::Resumed));
        assert_eq!(watch.listen(at(118), true, Some(at(110))), Some(LegEvent::Quiet));
        assert_eq!(watch.listen(at(119), false, Some(at(110))), Some(LegEvent::Resumed), "on hold");
        assert_eq!(watch.listen(at(300), false, Some(at(110))), None);
        assert_eq!(watch.listen(at(301), true, Some(at(110))), None, "back from hold");
    }

    #[test]
    fn says_weak_above_five_percent_and_fine_after_two_good_spans() {
        let start = Instant::now();
        let mut watch = LinkWatch::new(start);
        let mut totals = (0, 0);
        let mut said = Vec::new();
        for (span, (came, missing)) in
            [(100, 2), (100, 4), (90, 10), (97, 3), (99, 1), (98, 2), (99, 1), (100, 0)]
                .into_iter()
                .enumerate()
        {
            totals = (totals.0 + came, totals.1 + missing);
            let now = start + SPAN * (span as u32 + 1);
            said.push(watch.count(now, totals.0, totals.1));
        }
        let [weak, fine] = [true, false].map(|weak| Some(LegEvent::Weak(weak)));
        assert_eq!(said, [None, None, weak, None, None, None, None, fine]);
    }
}
