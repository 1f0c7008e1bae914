//! What the desktop does about calls: decisions without a window.

use std::collections::BTreeMap;

use vestibule_ipc::{CallPhase, CallView, EndReason, Event};
use vestibule_model::{CallId, Direction};

/// What is to be done on the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The call window comes up, over everything.
    Show,
    /// The call window goes.
    Hide,
    /// The resident is told that somebody rings.
    Announce {
        /// Which call.
        call: CallId,
        /// Who.
        caller: String,
    },
    /// A call rings no longer: what announced it is taken back.
    Withdraw {
        /// Which call.
        call: CallId,
    },
    /// The resident is told that somebody rang in vain.
    Missed {
        /// Which call.
        call: CallId,
        /// Who.
        caller: String,
    },
}

/// What becomes of a call whose window the resident closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It rings on without a sound: the rest of the household may still take it.
    Silence(CallId),
    /// It ends: nobody is to be heard through a window that is not there.
    HangUp(CallId),
}

/// The calls that the desktop shows.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    calls: BTreeMap<CallId, Stage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Rings,
    Up,
    Over,
}

impl Desk {
    /// Takes in what the core says and tells what to do about it, in this order.
    pub(crate) fn hear(&mut self, event: &Event) -> Vec<Step> {
        match event {
            Event::Call(view) => self.changed(view),
            Event::CallClosed(call) => self.closed(*call),
            _ => Vec::new(),
        }
    }

    /// What becomes of the calls when their window is closed.
    pub(crate) fn close(&self) -> Vec<Closed> {
        let close = |(call, stage): (&CallId, &Stage)| match stage {
            Stage::Rings => Some(Closed::Silence(*call)),
            Stage::Up => Some(Closed::HangUp(*call)),
            Stage::Over => None,
        };
        self.calls.iter().filter_map(close).collect()
    }

    /// Whether there is anything to see in the call window.
    pub(crate) fn is_busy(&self) -> bool {
        !self.calls.is_empty()
    }

    /// The calls that are shown here and of which the core no longer knows.
    pub(crate) fn stale(&self, known: &[CallView]) -> Vec<CallId> {
        self.calls.keys().filter(|call| known.iter().all(|view| view.id != **call)).copied().collect()
    }

    fn changed(&mut self, view: &CallView) -> Vec<Step> {
        let stage = match (view.phase, view.direction) {
            (CallPhase::Ended { .. }, _) => Stage::Over,
            (CallPhase::Ringing, Direction::Incoming) => Stage::Rings,
            _ => Stage::Up,
        };
        let before = self.calls.insert(view.id, stage);
        let call = view.id;
        let caller = || view.caller.name.clone();
        match (before, stage) {
            (None, Stage::Rings) => vec![Step::Show, Step::Announce { call, caller: caller() }],
            (None, _) => vec![Step::Show],
            (Some(Stage::Rings), Stage::Over) if gave_up(view) => {
                vec![Step::Withdraw { call }, Step::Missed { call, caller: caller() }]
            }
            (Some(Stage::Rings), Stage::Up | Stage::Over) => vec![Step::Withdraw { call }],
            _ => Vec::new(),
        }
    }

    fn closed(&mut self, call: CallId) -> Vec<Step> {
        let Some(stage) = self.calls.remove(&call) else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        if stage == Stage::Rings {
            steps.push(Step::Withdraw { call });
        }
        if self.calls.is_empty() {
            steps.push(Step::Hide);
        }
        steps
    }
}

fn gave_up(view: &CallView) -> bool {
    view.phase == CallPhase::Ended { reason: EndReason::CallerGaveUp }
}

#[cfg(test)]
mod tests {
    use vestibule_ipc::{AudioView, MicrophoneState, Protection, VideoState};
    use vestibule_model::{Caller, Timestamp};

    use super::*;

    const CALL: CallId = CallId(7);

    fn call(direction: Direction, phase: CallPhase) -> Event {
        view(CALL, direction, phase)
    }

    fn view(id: CallId, direction: Direction, phase: CallPhase) -> Event {
        Event::Call(CallView {
            id,
            direction,
            caller: Caller {
                intercom: None,
                name: "Main entrance".into(),
                address: "door@site.example".into(),
            },
            phase,
            started: Timestamp(0),
            answered: None,
            video: VideoState::None,
            audio: AudioView { microphone: MicrophoneState::Off, volume: 80, has_speaker: true },
            protection: Protection::NotProtected,
            switches: Vec::new(),
            silenced: false,
            waiting: false,
        })
    }

    fn ended(reason: EndReason) -> Event {
        call(Direction::Incoming, CallPhase::Ended { reason })
    }

    fn ringing() -> Event {
        call(Direction::Incoming, CallPhase::Ringing)
    }

    fn withdraw() -> Step {
        Step::Withdraw { call: CALL }
    }

    #[test]
    fn a_call_that_rings_comes_up_once() {
        let mut desk = Desk::default();
        let announce = Step::Announce { call: CALL, caller: "Main entrance".into() };
        assert_eq!(desk.hear(&ringing()), [Step::Show, announce]);
        assert_eq!(desk.hear(&ringing()), [], "a switch or the picture changed");
        assert_eq!(desk.hear(&call(Direction::Incoming, CallPhase::Connecting)), [withdraw()]);
        assert_eq!(desk.hear(&call(Direction::Incoming, CallPhase::Live)), []);
        assert_eq!(desk.hear(&ended(EndReason::RemoteHungUp)), []);
        assert_eq!(desk.hear(&Event::CallClosed(CALL)), [Step::Hide]);
        assert!(!desk.is_busy());
    }

    #[test]
    fn only_a_caller_who_gave_up_was_missed() {
        for (reason, missed) in [
            (EndReason::CallerGaveUp, true),
            (EndReason::AnsweredElsewhere, false),
            (EndReason::Declined, false),
            (EndReason::Failed, false),
        ] {
            let mut desk = Desk::default();
            desk.hear(&ringing());
            let steps = desk.hear(&ended(reason));
            assert_eq!(steps.first(), Some(&withdraw()), "{reason:?}");
            assert_eq!(steps.iter().any(|step| matches!(step, Step::Missed { .. })), missed, "{reason:?}");
        }
    }

    #[test]
    fn an_outgoing_call_comes_up_without_being_announced() {
        let mut desk = Desk::default();
        assert_eq!(desk.hear(&call(Direction::Outgoing, CallPhase::Ringing)), [Step::Show]);
        assert_eq!(desk.hear(&call(Direction::Outgoing, CallPhase::Live)), []);
    }

    #[test]
    fn the_window_stays_while_another_call_is_up() {
        let mut desk = Desk::default();
        desk.hear(&call(Direction::Incoming, CallPhase::Live));
        desk.hear(&view(CallId(8), Direction::Incoming, CallPhase::Ringing));
        assert_eq!(desk.hear(&Event::CallClosed(CALL)), []);
        assert_eq!(
            desk.hear(&Event::CallClosed(CallId(8))),
            [Step::Withdraw { call: CallId(8) }, Step::Hide]
        );
    }

    #[test]
    fn closing_the_window_leaves_no_open_microphone() {
        let mut desk = Desk::default();
        desk.hear(&call(Direction::Incoming, CallPhase::Live));
        desk.hear(&view(CallId(8), Direction::Incoming, CallPhase::Ringing));
        desk.hear(&view(CallId(9), Direction::Incoming, CallPhase::Ended { reason: EndReason::HungUp }));
        assert_eq!(desk.close(), [Closed::HangUp(CALL), Closed::Silence(CallId(8))]);
    }

    #[test]
    fn calls_that_ended_unheard_are_found() {
        let mut desk = Desk::default();
        desk.hear(&ringing());
        desk.hear(&view(CallId(8), Direction::Incoming, CallPhase::Ringing));
        let Event::Call(known) = ringing() else { unreachable!() };
        assert_eq!(desk.stale(&[known]), [CallId(8)]);
    }

    #[test]
    fn a_call_that_was_never_shown_is_closed_in_silence() {
        assert_eq!(Desk::default().hear(&Event::CallClosed(CALL)), []);
    }
}
