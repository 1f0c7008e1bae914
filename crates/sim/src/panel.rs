//! The part of the intercom that takes codes: from single digits to doors.

use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::digits::Collector;
use crate::relay::{Change, Relays, SwitchSpec};
use crate::report::{Report, Way, unix_ms};

/// A key that was pressed far away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// How it came here.
    pub by: Way,
    /// `0-9`, `*`, `#`, `A-D`.
    pub digit: char,
}

/// Collects digits for each way alone, for a phone may send each digit both ways, and moves the relays. Sans-IO: the
/// caller brings the clock, and asks again at [`Panel::deadline`].
#[derive(Debug)]
pub struct Panel {
    relays: Relays,
    events: Collector,
    infos: Collector,
}

/// What came of a press or of the time that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A code was entered in whole.
    Code {
        /// How it came here.
        by: Way,
        /// How many digits it has.
        count: usize,
        /// The name of the switch that it belongs to.
        matches: Option<String>,
    },
    /// A door moved.
    Door(Change),
}

impl Panel {
    /// All doors closed.
    pub fn new(switches: Vec<SwitchSpec>, hold: std::time::Duration) -> Self {
        let codes: Vec<_> = switches.iter().map(|switch| switch.code.clone()).collect();
        Self {
            relays: Relays::new(switches, hold),
            events: Collector::new(codes.clone()),
            infos: Collector::new(codes),
        }
    }

    /// A key was pressed.
    pub fn press(&mut self, press: Press, now: Instant) -> Vec<Outcome> {
        let collector = match press.by {
            Way::Rfc4733 => &mut self.events,
            Way::Info => &mut self.infos,
        };
        let codes = collector.push(press.digit, now);
        codes.iter().flat_map(|code| self.enter(press.by, code, now)).collect()
    }

    /// Time passed: gives up waiting for more digits, and closes doors.
    pub fn poll(&mut self, now: Instant) -> Vec<Outcome> {
        let late = [(Way::Rfc4733, self.events.poll(now)), (Way::Info, self.infos.poll(now))];
        let mut outcomes = Vec::new();
        for (by, code) in late {
            outcomes.extend(code.iter().flat_map(|code| self.enter(by, code, now)));
        }
        outcomes.extend(self.relays.poll(now).into_iter().map(Outcome::Door));
        outcomes
    }

    /// When [`Panel::poll`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        let deadlines = [self.relays.deadline(), self.events.deadline(), self.infos.deadline()];
        deadlines.into_iter().flatten().min()
    }

    fn enter(&mut self, by: Way, code: &str, now: Instant) -> Vec<Outcome> {
        let matches = self.relays.matching(code).map(str::to_owned);
        let mut outcomes = vec![Outcome::Code { by, count: code.chars().count(), matches }];
        outcomes.extend(self.relays.enter(code, now).map(Outcome::Door));
        outcomes
    }
}

/// Runs the panel until nobody can press a key any more, which is when the intercom goes: doors outlive calls.
pub(crate) async fn run(
    mut panel: Panel,
    mut presses: UnboundedReceiver<Press>,
    reports: UnboundedSender<Report>,
) {
    loop {
        let deadline = panel.deadline();
        let due = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        let outcomes = tokio::select! {
            press = presses.recv() => match press {
                Some(press) => panel.press(press, Instant::now()),
                None => return,
            },
            () = due => panel.poll(Instant::now()),
        };
        for outcome in outcomes {
            reports.send(report(outcome)).ok();
        }
    }
}

fn report(outcome: Outcome) -> Report {
    match outcome {
        Outcome::Code { by, count, matches } => Report::Digits { by, count, code_matches: matches },
        Outcome::Door(Change { switch, state }) => Report::Door { switch, state, at_ms: unix_ms() },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vestibule_model::SwitchKind;

    use super::*;
    use crate::digits::GAP;
    use crate::report::Door;

    const HOLD: Duration = Duration::from_secs(5);

    fn panel() -> Panel {
        let code = "00*".parse().unwrap();
        Panel::new(vec![SwitchSpec { name: "Main door".to_owned(), kind: SwitchKind::Door, code }], HOLD)
    }

    fn code(by: Way, count: usize, matches: Option<&str>) -> Outcome {
        Outcome::Code { by, count, matches: matches.map(str::to_owned) }
    }

    fn door(state: Door) -> Outcome {
        Outcome::Door(Change { switch: "Main door".to_owned(), state })
    }

    #[test]
    fn the_code_opens_and_time_closes() {
        let (mut panel, now) = (panel(), Instant::now());
        assert_eq!(panel.press(Press { by: Way::Info, digit: '0' }, now), []);
        assert_eq!(panel.press(Press { by: Way::Info, digit: '0' }, now), []);
        let opened = panel.press(Press { by: Way::Info, digit: '*' }, now);
        assert_eq!(opened, [code(Way::Info, 3, Some("Main door")), door(Door::Open)]);
        assert_eq!(panel.deadline(), Some(now + HOLD));
        assert_eq!(panel.poll(now + HOLD), [door(Door::Closed)]);
    }

    #[test]
    fn a_phone_that_sends_both_ways_opens_once() {
        let (mut panel, now) = (panel(), Instant::now());
        let mut outcomes = Vec::new();
        for digit in "00*".chars() {
            for by in [Way::Rfc4733, Way::Info] {
                outcomes.extend(panel.press(Press { by, digit }, now));
            }
        }
        let matches = Some("Main door");
        assert_eq!(outcomes, [code(Way::Rfc4733, 3, matches), door(Door::Open), code(Way::Info, 3, matches)]);
    }

    #[test]
    fn a_wrong_code_opens_nothing() {
        let (mut panel, now) = (panel(), Instant::now());
        for digit in ['1', '2'] {
            assert_eq!(panel.press(Press { by: Way::Rfc4733, digit }, now), []);
        }
        assert_eq!(panel.deadline(), Some(now + GAP));
        assert_eq!(panel.poll(now + GAP), [code(Way::Rfc4733, 2, None)]);
        assert_eq!(panel.deadline(), None);
    }
}
