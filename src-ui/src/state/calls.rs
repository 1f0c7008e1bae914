//! The calls that are up.

use leptos::prelude::*;
use vestibule_ipc::{CallPhase, CallView};
use vestibule_model::CallId;

/// The calls that are up, in the order in which they came.
#[derive(Clone, Copy)]
pub(crate) struct Calls(RwSignal<Vec<CallView>>);

impl Calls {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    pub(crate) fn set(self, calls: Vec<CallView>) {
        self.0.set(calls);
    }

    /// A call began or changed.
    pub(crate) fn put(self, view: CallView) {
        self.0.update(|calls| match calls.iter_mut().find(|call| call.id == view.id) {
            Some(known) => *known = view,
            None => calls.push(view),
        });
    }

    /// A call is no longer to be shown.
    pub(crate) fn close(self, call: CallId) {
        self.0.update(|calls| calls.retain(|known| known.id != call));
    }

    /// The call that has the screen.
    pub(crate) fn on_screen(self) -> Option<CallView> {
        self.0.with(|calls| pick(calls).cloned())
    }

    /// A call that rings beside the one on the screen.
    pub(crate) fn waiting(self) -> Option<CallView> {
        self.0.with(|calls| {
            let shown = pick(calls)?.id;
            calls.iter().find(|call| call.id != shown && call.phase == CallPhase::Ringing).cloned()
        })
    }
}

/// A call that is up before one that waits, and both before one that is over.
fn pick(calls: &[CallView]) -> Option<&CallView> {
    calls.iter().min_by_key(|call| match call.phase {
        CallPhase::Ended { .. } => 2,
        _ if call.waiting => 1,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use vestibule_ipc::{AudioView, EndReason, MicrophoneState, Protection, VideoState};
    use vestibule_model::{Caller, Direction, Timestamp};

    use super::*;

    fn call(id: i64, phase: CallPhase, waiting: bool) -> CallView {
        CallView {
            id: CallId(id),
            direction: Direction::Incoming,
            caller: Caller {
                intercom: None,
                name: "Garage".to_owned(),
                address: "garage@example.org".to_owned(),
            },
            phase,
            started: Timestamp(0),
            answered: None,
            video: VideoState::None,
            audio: AudioView { microphone: MicrophoneState::Off, volume: 80, has_speaker: true },
            protection: Protection::NotProtected,
            switches: Vec::new(),
            silenced: false,
            waiting,
        }
    }

    const OVER: CallPhase = CallPhase::Ended { reason: EndReason::HungUp };

    #[test]
    fn the_call_that_is_up_has_the_screen() {
        let calls =
            [call(1, OVER, false), call(2, CallPhase::Live, false), call(3, CallPhase::Ringing, true)];
        assert_eq!(pick(&calls).map(|call| call.id), Some(CallId(2)));
    }

    #[test]
    fn a_waiting_call_takes_the_screen_when_the_other_is_over() {
        let calls = [call(1, OVER, false), call(2, CallPhase::Ringing, true)];
        assert_eq!(pick(&calls).map(|call| call.id), Some(CallId(2)));
        assert_eq!(pick(&calls[..1]).map(|call| call.id), Some(CallId(1)));
        assert!(pick(&[]).is_none());
    }
}
