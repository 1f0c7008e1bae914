//! The controls of a call, always dark.

use leptos::prelude::*;
use vestibule_ipc::{
    AudioView, CallPhase, CallView, MicrophoneState, Protection, SwitchState, SwitchView, VideoState,
};
use vestibule_model::{CallId, Caller, Direction, SwitchId, SwitchKind};

use super::wide_section;
use crate::components::icon::{Glyph, Icon};
use crate::pages::call::Specimen;
use crate::state::now;

pub(super) fn sections() -> AnyView {
    vec![
        wide_section("g-switches", "Call panel, switches in every state", view! { <div class="gallery-stage" data-theme="dark"><Specimen call=call()/></div> }.into_any()),
        wide_section("g-call-buttons", "Call buttons", view! { <div class="gallery-stage stack" data-theme="dark">{buttons()}{verdicts()}{notes()}</div> }.into_any()),
    ]
    .into_any()
}

/// A call that is up, with a switch in each state.
fn call() -> CallView {
    let at = now();
    let states = [
        ("Main door", SwitchKind::Door, SwitchState::Ready),
        ("Side door", SwitchKind::Door, SwitchState::Sending),
        ("Courtyard gate", SwitchKind::Gate, SwitchState::CodeSent { at }),
        ("Back door", SwitchKind::Door, SwitchState::NoConfirmation { at }),
        ("Bicycle room", SwitchKind::Door, SwitchState::Confirmed { at }),
        ("Stair light", SwitchKind::Light, SwitchState::Ready),
        ("Yard light", SwitchKind::Light, SwitchState::Confirmed { at }),
        ("Garage", SwitchKind::Gate, SwitchState::Refused { at }),
        ("Cellar", SwitchKind::Door, SwitchState::NotSent { at }),
    ];
    let switches = (1..)
        .zip(states)
        .map(|(id, (name, kind, state))| SwitchView { id: SwitchId(id), name: name.to_owned(), kind, state })
        .collect();
    CallView {
        id: CallId(0),
        direction: Direction::Incoming,
        caller: Caller {
            intercom: None,
            name: "Main entrance".to_owned(),
            address: "entrance@example.org".to_owned(),
        },
        phase: CallPhase::Live,
        started: at,
        answered: Some(at),
        video: VideoState::None,
        audio: AudioView { microphone: MicrophoneState::On, volume: 80, has_speaker: true },
        protection: Protection::NotProtected,
        switches,
        silenced: false,
        waiting: false,
    }
}

fn buttons() -> AnyView {
    view! {
        <div class="call-actions">
            <button class="call-btn call-btn-l" type="button"><span class="disc stop"><Glyph icon=Icon::PhoneEnd/></span><span>"Decline"</span></button>
            <button class="call-btn call-btn-l" type="button"><span class="disc go"><Glyph icon=Icon::Phone/></span><span>"Answer"</span></button>
            <button class="call-btn" type="button" aria-pressed="false"><span class="disc"><Glyph icon=Icon::Mic/></span><span>"Mute"</span></button>
            <button class="call-btn" type="button" aria-pressed="true"><span class="disc"><Glyph icon=Icon::MicOff/></span><span>"Muted"</span></button>
            <button class="call-btn" type="button" disabled><span class="disc"><Glyph icon=Icon::MicOff/></span><span>"No microphone"</span></button>
        </div>
    }
    .into_any()
}

fn verdicts() -> AnyView {
    let verdict = |tone: &'static str, icon, words: &'static str| {
        view! { <p class="verdict" data-tone=tone><Glyph icon/><span>{words}</span></p> }
    };
    view! {
        {verdict("plain", Icon::Send, "Code sent for Main door")}
        {verdict("good", Icon::CheckCircle, "The intercom confirmed: Main door open")}
        {verdict("bad", Icon::Alert, "Main door not opened: the intercom refused the code")}
    }
    .into_any()
}

fn notes() -> AnyView {
    view! {
        <div class="stage-notes">
            <p class="stage-note"><i aria-hidden="true"></i><span>"They cannot see or hear you."</span></p>
            <p class="stage-note"><Glyph icon=Icon::LockOpen class="icon-s"/><span>"Not protected"</span></p>
            <p class="stage-note"><Glyph icon=Icon::MicOff class="icon-s"/><span>"They cannot hear you"</span></p>
        </div>
    }
    .into_any()
}
