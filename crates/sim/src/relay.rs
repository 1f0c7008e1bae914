//! The relays of the intercom: which code closes which, and until when.

use std::time::{Duration, Instant};

use vestibule_model::{SwitchCode, SwitchKind};

use crate::report::Door;

/// A switch as the installer set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchSpec {
    /// What it is called.
    pub name: String,
    /// What it moves.
    pub kind: SwitchKind,
    /// What closes its relay.
    pub code: SwitchCode,
}

/// A door that was opened or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The name of the switch.
    pub switch: String,
    /// What it does now.
    pub state: Door,
}

/// All relays. Sans-IO: the caller brings the clock, and asks again at [`Relays::deadline`].
#[derive(Debug)]
pub struct Relays {
    relays: Vec<Relay>,
    hold: Duration,
}

#[derive(Debug)]
struct Relay {
    spec: SwitchSpec,
    open_until: Option<Instant>,
}

impl Relays {
    /// All doors closed; each stays open for `hold` after its code.
    pub fn new(switches: Vec<SwitchSpec>, hold: Duration) -> Self {
        let relays = switches.into_iter().map(|spec| Relay { spec, open_until: None }).collect();
        Self { relays, hold }
    }

    /// The name of the switch that this code belongs to.
    pub fn matching(&self, code: &str) -> Option<&str> {
        self.relays
            .iter()
            .find(|relay| relay.spec.code.reveal() == code)
            .map(|relay| relay.spec.name.as_str())
    }

    /// A code was entered in whole. A door that is open already stays open for longer, which is no change.
    pub fn enter(&mut self, code: &str, now: Instant) -> Option<Change> {
        let relay = self.relays.iter_mut().find(|relay| relay.spec.code.reveal() == code)?;
        let was_open = relay.open_until.replace(now + self.hold).is_some();
        (!was_open).then(|| Change { switch: relay.spec.name.clone(), state: Door::Open })
    }

    /// Closes what was open for long enough.
    pub fn poll(&mut self, now: Instant) -> Vec<Change> {
        let mut changes = Vec::new();
        for relay in &mut self.relays {
            if relay.open_until.is_some_and(|until| until <= now) {
                relay.open_until = None;
                changes.push(Change { switch: relay.spec.name.clone(), state: Door::Closed });
            }
        }
        changes
    }

    /// When [`Relays::poll`] has something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        self.relays.iter().filter_map(|relay| relay.open_until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relays() -> Relays {
        let switch = |name: &str, kind, code: &str| SwitchSpec {
            name: name.to_owned(),
            kind,
            code: code.parse().unwrap(),
        };
        let switches =
            vec![switch("Main door", SwitchKind::Door, "00*"), switch("Garage", SwitchKind::Gate, "11*")];
        Relays::new(switches, Duration::from_secs(5))
    }

    fn change(switch: &str, state: Door) -> Change {
        Change { switch: switch.to_owned(), state }
    }

    #[test]
    fn opens_on_its_code_and_closes_by_itself() {
        let (mut relays, start) = (relays(), Instant::now());
        assert_eq!(relays.deadline(), None);
        assert_eq!(relays.enter("00*", start), Some(change("Main door", Door::Open)));
        assert_eq!(relays.deadline(), Some(start + Duration::from_secs(5)));
        assert_eq!(relays.poll(start + Duration::from_millis(4_999)), []);
        assert_eq!(relays.poll(start + Duration::from_secs(5)), [change("Main door", Door::Closed)]);
        assert_eq!(relays.deadline(), None);
    }

    #[test]
    fn a_second_code_keeps_it_open_for_longer() {
        let (mut relays, start) = (relays(), Instant::now());
        relays.enter("00*", start);
        assert_eq!(relays.enter("00*", start + Duration::from_secs(3)), None);
        assert_eq!(relays.poll(start + Duration::from_secs(5)), []);
        assert_eq!(relays.poll(start + Duration::from_secs(8)), [change("Main door", Door::Closed)]);
    }

    #[test]
    fn each_code_has_its_own_door() {
        let (mut relays, start) = (relays(), Instant::now());
        assert_eq!(relays.matching("11*"), Some("Garage"));
        assert_eq!(relays.matching("11"), None);
        assert_eq!(relays.enter("12*", start), None);
        relays.enter("00*", start);
        relays.enter("11*", start + Duration::from_secs(1));
        assert_eq!(relays.deadline(), Some(start + Duration::from_secs(5)));
        assert_eq!(relays.poll(start + Duration::from_secs(9)).len(), 2);
    }
}
