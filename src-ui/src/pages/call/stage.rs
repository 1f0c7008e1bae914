//! The picture with the line above it: who it is, how the call stands, what is wrong.

use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::{CallPhase, MicrophoneState, Painted, PaintedPart, Silence, VideoState};
use vestibule_model::{CallId, Direction};

use super::{OnScreen, after_paint, lasted};
use crate::backend::Core;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::state::{Clock, use_orders};
use crate::video::{self, Player};

/// The picture and what stands on it.
#[component]
pub(super) fn Stage() -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let orders = use_orders();
    let ringing =
        move || call.read(false, |c| c.phase == CallPhase::Ringing && c.direction == Direction::Incoming);
    let silenced = move || call.read(false, |c| c.silenced);
    let silence = move |_| {
        if let Some(id) = call.read(None, |c| Some(c.id)) {
            orders.send(Silence { call: id });
        }
    };

    view! {
        <Picture/>
        <div class="stage-top">
            <div>
                <h1><bdi>{move || call.read(String::new(), |c| c.caller.name.clone())}</bdi></h1>
                <Line/>
            </div>
            <Note/>
            <Show when=ringing>
                <button class="icon-btn" type="button" aria-pressed=move || silenced().to_string() on:click=silence>
                    <Glyph icon=Icon::BellOff/>
                    <span class="vh">{say!(i18n, call.silence)}</span>
                </button>
            </Show>
        </div>
        // Said at once when it begins to ring, and only then.
        <p class="vh" role="alert">
            {move || ringing().then(|| super::words::call_title(i18n, call.0.get().as_ref()))}
        </p>
    }
}

/// The line under the caller's name.
#[component]
fn Line() -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let clock = expect_context::<Clock>();
    let phase = Memo::new(move |_| call.read(None, |c| Some((c.phase, c.direction))));
    let timer = Memo::new(move |_| {
        let now = clock.now();
        call.read(None, |c| lasted(c, now))
    });
    let iso = move || {
        let now = clock.now();
        call.read(None, |c| c.answered).map(|at| format::iso_span(now.millis_since(at)))
    };
    let words = move || {
        Some(match phase.get()? {
            (CallPhase::Ringing, Direction::Incoming) => t_string!(i18n, call.is_calling),
            (CallPhase::Ringing, Direction::Outgoing) => t_string!(i18n, call.calling),
            (CallPhase::Connecting, _) => t_string!(i18n, call.connecting),
            (CallPhase::OnHold, _) => t_string!(i18n, call.on_hold),
            (CallPhase::Live | CallPhase::Ended { .. }, _) => return None,
        })
    };
    let up = move || matches!(phase.get(), Some((CallPhase::Live | CallPhase::OnHold, _)));
    view! {
        <p class="cluster stage-line">
            <span class="muted" role="status">{words}</span>
            <Show when=up><time class="num" datetime=iso>{move || timer.get()}</time></Show>
        </p>
    }
}

/// The pill: before the answer what the visitor can see and hear, after it what is wrong.
#[component]
fn Note() -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let notes = Memo::new(move |_| {
        call.read(Vec::new(), |c| match (c.phase, c.direction) {
            (CallPhase::Ended { .. }, _) => Vec::new(),
            (CallPhase::Ringing, Direction::Incoming) => {
                vec![if c.video == VideoState::Live { Remark::LiveUnseen } else { Remark::Unseen }]
            }
            _ => {
                let mut notes = Vec::new();
                if c.video == VideoState::Weak {
                    notes.push(Remark::Weak);
                }
                match c.audio.microphone {
                    MicrophoneState::Missing => notes.push(Remark::NoMicrophone),
                    MicrophoneState::Muted => notes.push(Remark::Muted),
                    MicrophoneState::On | MicrophoneState::Off => (),
                }
                if !c.audio.has_speaker {
                    notes.push(Remark::NoSpeaker);
                }
                notes.push(Remark::NotProtected);
                notes
            }
        })
    });
    let draw = move |remark| {
        let (icon, words) = match remark {
            Remark::LiveUnseen => (None, t_string!(i18n, call.live_unseen)),
            Remark::Unseen => (None, t_string!(i18n, call.unseen)),
            Remark::Weak => (Some(Icon::Signal), t_string!(i18n, call.weak)),
            Remark::Muted => (Some(Icon::MicOff), t_string!(i18n, call.muted_note)),
            Remark::NoMicrophone => (Some(Icon::MicOff), t_string!(i18n, call.missing_microphone)),
            Remark::NoSpeaker => (Some(Icon::SpeakerOff), t_string!(i18n, call.missing_speaker)),
            Remark::NotProtected => (Some(Icon::LockOpen), t_string!(i18n, call.not_protected)),
        };
        let mark = match icon {
            Some(icon) => view! { <Glyph icon class="icon-s"/> }.into_any(),
            None => view! { <i aria-hidden="true"></i> }.into_any(),
        };
        view! { <p class="stage-note">{mark}<span>{words}</span></p> }
    };
    view! { <div class="stage-notes" role="status">{move || notes.get().into_iter().map(draw).collect_view()}</div> }
}

/// One thing to know about the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remark {
    LiveUnseen,
    Unseen,
    Weak,
    Muted,
    NoMicrophone,
    NoSpeaker,
    NotProtected,
}

/// The canvas; it stays through the whole call, so that no picture is lost between two panels.
#[component]
fn Picture() -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let core = expect_context::<Core>();
    let orders = use_orders();
    let canvas = NodeRef::<html::Canvas>::new();
    // The call whose picture is on the canvas.
    let seen = RwSignal::new(None::<CallId>);

    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let drawn = move |call: CallId, number: u32| {
            if number == 1 {
                seen.set(Some(call));
                after_paint(move || orders.ask(Painted { call, what: PaintedPart::FirstFrame }, |_| ()));
            }
        };
        let Some(player) = Player::new(canvas, drawn) else { return };
        leptos::task::spawn_local(async move {
            let decoder = video::choose().await;
            core.watch_video(decoder, move |message| player.take(&message));
        });
    });

    let shown = Memo::new(move |_| {
        let now = call.read(None, |c| Some((c.id, c.video)));
        now.is_some_and(|(id, video)| video != VideoState::None && seen.get() == Some(id))
    });
    let over = move || call.read(true, |c| matches!(c.phase, CallPhase::Ended { .. }));
    let words = move || {
        let video = call.read(None, |c| Some(c.video));
        match video {
            None => "",
            Some(_) if over() => "",
            Some(VideoState::None) => t_string!(i18n, call.no_picture),
            Some(_) => t_string!(i18n, call.picture_waiting),
        }
    };
    let label = move || {
        t_string!(i18n, call.live_picture, name = call.read(String::new(), |c| c.caller.name.clone()))
    };
    view! {
        <div class="stage-picture">
            <canvas
                node_ref=canvas
                role="img"
                aria-label=label
                width="16"
                height="9"
                hidden=move || !shown.get()
                data-testid="video"
            ></canvas>
            <Show when=move || !shown.get()>
                <p class="stage-blank">
                    <Show when=move || !over()><Glyph icon=Icon::Video class="icon-l"/></Show>
                    <span>{words}</span>
                </p>
            </Show>
        </div>
    }
}
