//! The call is up, or on its way: doors, microphone, loudspeaker, hang up.

use leptos::prelude::*;
use vestibule_ipc::{CallPhase, HangUp, MicrophoneState, SetMuted, SetVolume};
use vestibule_model::{CallId, Direction};

use super::OnScreen;
use super::switches::{Switches, Verdict};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::use_orders;

/// The panel of a call that was answered or dialled.
#[component]
pub(super) fn ActivePanel(id: CallId) -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let orders = use_orders();
    let dialling = Memo::new(move |_| {
        call.read(false, |c| c.direction == Direction::Outgoing && matches!(c.phase, CallPhase::Ringing))
    });
    let has_doors = Memo::new(move |_| call.read(false, |c| !c.switches.is_empty()) && !dialling.get());
    let microphone = Memo::new(move |_| call.read(MicrophoneState::Off, |c| c.audio.microphone));
    let muted = move || microphone.get() == MicrophoneState::Muted;
    let no_microphone = move || matches!(microphone.get(), MicrophoneState::Missing | MicrophoneState::Off);
    let mute_words = move || match microphone.get() {
        MicrophoneState::On => t_string!(i18n, call.mute),
        MicrophoneState::Muted => t_string!(i18n, call.muted),
        MicrophoneState::Missing => t_string!(i18n, call.no_microphone),
        MicrophoneState::Off => t_string!(i18n, call.microphone_off),
    };

    view! {
        <section class="stage-panel spread" class:no-doors=move || !has_doors.get() aria-label=say!(i18n, call.panel_active)>
            <Show when=move || has_doors.get()><Verdict/><Switches id/></Show>
            <div class="call-actions">
                <button
                    class="call-btn"
                    type="button"
                    data-testid="mute"
                    aria-pressed=move || muted().to_string()
                    disabled=no_microphone
                    on:click=move |_| orders.send(SetMuted { call: id, muted: !muted() })
                >
                    <span class="disc">
                        <Glyph icon=Signal::derive(move || if microphone.get() == MicrophoneState::On { Icon::Mic } else { Icon::MicOff })/>
                    </span>
                    <span>{mute_words} <kbd class="single-key" aria-hidden="true">"M"</kbd></span>
                </button>
                <Volume id/>
                <button class="call-btn" type="button" data-testid="hang-up" on:click=move |_| orders.send(HangUp { call: id })>
                    <span class="disc stop"><Glyph icon=Icon::PhoneEnd/></span>
                    <span>{move || if dialling.get() { t_string!(i18n, call.cancel) } else { t_string!(i18n, call.hang_up) }}</span>
                </button>
            </div>
        </section>
    }
}

/// The level of the loudspeaker. While it is dragged, at most one level is on its way to the core.
#[component]
fn Volume(id: CallId) -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let orders = use_orders();
    let has_speaker = move || call.read(true, |c| c.audio.has_speaker);
    // What is dragged to; `None` when the core's own level stands.
    let wanted = RwSignal::new(None::<u8>);
    let level = Memo::new(move |_| wanted.get().unwrap_or_else(|| call.read(0, |c| c.audio.volume)));
    let drag = move |event| {
        let Ok(volume) = event_target_value(&event).parse::<u8>() else { return };
        let under_way = wanted.get_untracked().is_some();
        wanted.set(Some(volume));
        if !under_way {
            send_level(orders, id, wanted, volume);
        }
    };
    view! {
        <label class="call-volume">
            <span class="vh">{say!(i18n, call.volume)}</span>
            <span class="disc" aria-hidden="true">
                <Glyph icon=Signal::derive(move || if has_speaker() && level.get() > 0 { Icon::Speaker } else { Icon::SpeakerOff })/>
            </span>
            <input
                class="level"
                type="range"
                min="0"
                max="100"
                step="5"
                data-testid="volume"
                disabled=move || !has_speaker()
                prop:value=move || level.get().to_string()
                aria-valuetext=say!(i18n, sound.percent, value = level.get())
                on:input=drag
            />
            <span class="call-volume-words">
                {move || if has_speaker() { t_string!(i18n, call.volume) } else { t_string!(i18n, call.no_speaker) }}
            </span>
        </label>
    }
}

fn send_level(orders: crate::state::Orders, call: CallId, wanted: RwSignal<Option<u8>>, volume: u8) {
    orders.ask(SetVolume { call, volume }, move |answer| match answer {
        Err(problem) => {
            wanted.set(None);
            orders.say(&problem);
        }
        Ok(()) => match wanted.get_untracked() {
            Some(newer) if newer != volume => send_level(orders, call, wanted, newer),
            _ => wanted.set(None),
        },
    });
}
