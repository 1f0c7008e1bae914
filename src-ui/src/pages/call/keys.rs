//! The keys of the call window. In a call that is up Esc does nothing: it must not hang up.

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::{Answer, CallPhase, CallView, Decline, MicrophoneState, OpenDoor, SetMuted};
use vestibule_model::{Direction, SwitchId};
use wasm_bindgen::JsCast;

use super::OnScreen;
use crate::keyboard;
use crate::state::{Preferences, use_orders};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Answer,
    Decline,
    Open(SwitchId),
    Mute(bool),
}

/// Listens as long as the window shows calls.
pub(super) fn listen(call: OnScreen) {
    let orders = use_orders();
    let preferences = expect_context::<Preferences>();
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        // Enter and Esc close a dialog then, and answer nobody.
        if keyboard::dialog_is_open() {
            return;
        }
        if keyboard::is_single(&event.key()) && !keyboard::single_keys(preferences) {
            return;
        }
        let on_control = event.target().is_some_and(|t| {
            t.dyn_ref::<web_sys::Element>()
                .is_some_and(|e| e.matches("button, a, input, select").unwrap_or(false))
        });
        let Some(view) = call.0.get_untracked() else { return };
        // Enter on a button is that button's own press.
        if event.key() == "Enter" && on_control {
            return;
        }
        let Some(wish) = wish(&event.key(), &view) else { return };
        event.prevent_default();
        match wish {
            Wish::Answer => orders.send(Answer { call: view.id }),
            Wish::Decline => orders.send(Decline { call: view.id }),
            Wish::Open(switch) => orders.send(OpenDoor { call: view.id, switch }),
            Wish::Mute(muted) => orders.send(SetMuted { call: view.id, muted }),
        }
    });
    on_cleanup(move || listener.remove());
}

fn wish(key: &str, call: &CallView) -> Option<Wish> {
    let rings_here = call.phase == CallPhase::Ringing && call.direction == Direction::Incoming;
    let is_up = matches!(call.phase, CallPhase::Connecting | CallPhase::Live | CallPhase::OnHold);
    match key {
        "Enter" if rings_here => Some(Wish::Answer),
        "Escape" if rings_here => Some(Wish::Decline),
        "1" | "2" | "3" | "4" if rings_here || is_up => {
            let place: usize = key.parse().ok()?;
            Some(Wish::Open(call.switches.get(place.checked_sub(1)?)?.id))
        }
        "m" | "M" if is_up => match call.audio.microphone {
            MicrophoneState::On => Some(Wish::Mute(true)),
            MicrophoneState::Muted => Some(Wish::Mute(false)),
            MicrophoneState::Off | MicrophoneState::Missing => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use vestibule_ipc::{AudioView, EndReason, Protection, SwitchState, SwitchView, VideoState};
    use vestibule_model::{CallId, Caller, SwitchKind, Timestamp};

    use super::*;

    fn call(phase: CallPhase, microphone: MicrophoneState) -> CallView {
        CallView {
            id: CallId(1),
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
            audio: AudioView { microphone, volume: 80, has_speaker: true },
            protection: Protection::NotProtected,
            switches: vec![SwitchView {
                id: SwitchId(7),
                name: "Garage".to_owned(),
                kind: SwitchKind::Gate,
                state: SwitchState::Ready,
            }],
            silenced: false,
            waiting: false,
        }
    }

    #[test]
    fn while_it_rings() {
        let ringing = call(CallPhase::Ringing, MicrophoneState::Off);
        for (key, expected) in [
            ("Enter", Some(Wish::Answer)),
            ("Escape", Some(Wish::Decline)),
            ("1", Some(Wish::Open(SwitchId(7)))),
            ("2", None),
            ("m", None),
            ("x", None),
        ] {
            assert_eq!(wish(key, &ringing), expected, "{key}");
        }
    }

    #[test]
    fn escape_never_ends_a_call_that_is_up() {
        let live = call(CallPhase::Live, MicrophoneState::On);
        for (key, expected) in [
            ("Escape", None),
            ("Enter", None),
            ("1", Some(Wish::Open(SwitchId(7)))),
            ("m", Some(Wish::Mute(true))),
        ] {
            assert_eq!(wish(key, &live), expected, "{key}");
        }
        assert_eq!(wish("M", &call(CallPhase::Live, MicrophoneState::Muted)), Some(Wish::Mute(false)));
        assert_eq!(wish("m", &call(CallPhase::Live, MicrophoneState::Missing)), None);
    }

    #[test]
    fn a_call_that_is_over_takes_no_key() {
        let over = call(CallPhase::Ended { reason: EndReason::HungUp }, MicrophoneState::On);
        for key in ["Enter", "Escape", "1", "m"] {
            assert_eq!(wish(key, &over), None, "{key}");
        }
    }
}
