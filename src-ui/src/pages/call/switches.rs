//! The doors of the caller: a button each, with what is known of it.

use leptos::prelude::*;
use vestibule_ipc::{OpenDoor, SwitchState, SwitchView};
use vestibule_model::{CallId, SwitchId, SwitchKind, Timestamp};

use super::OnScreen;
use crate::catalogue::{Catalogue, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::use_orders;
use crate::words;

/// The icon of a switch as it stands.
pub(super) fn icon(switch: &SwitchView) -> Icon {
    match (switch.kind, switch.state) {
        (SwitchKind::Door, SwitchState::Confirmed { .. }) => Icon::DoorOpen,
        (SwitchKind::Door, _) => Icon::Door,
        (SwitchKind::Gate, _) => Icon::Gate,
        (SwitchKind::Light, _) => Icon::Light,
    }
}

/// The name under which the styles know a state.
fn look(switch: &SwitchView) -> Option<&'static str> {
    Some(match switch.state {
        SwitchState::Ready => return None,
        SwitchState::Sending | SwitchState::CodeSent { .. } => "sent",
        SwitchState::NoConfirmation { .. } => "silent",
        SwitchState::Confirmed { .. } if switch.kind == SwitchKind::Light => "done",
        SwitchState::Confirmed { .. } => "opened",
        SwitchState::Refused { .. } | SwitchState::NotSent { .. } => "failed",
    })
}

fn since(state: SwitchState) -> Option<Timestamp> {
    match state {
        SwitchState::Ready | SwitchState::Sending => None,
        SwitchState::CodeSent { at }
        | SwitchState::NoConfirmation { at }
        | SwitchState::Confirmed { at }
        | SwitchState::Refused { at }
        | SwitchState::NotSent { at } => Some(at),
    }
}

/// The newest thing that is known of a door, in words.
pub(super) fn latest_verdict(i18n: Catalogue, call: OnScreen) -> Option<(SwitchState, String)> {
    let latest = call.read(None, |call| {
        call.switches
            .iter()
            .filter(|switch| since(switch.state).is_some())
            .max_by_key(|s| since(s.state))
            .cloned()
    })?;
    Some((latest.state, words::verdict(i18n, &latest)?))
}

/// The buttons.
#[component]
pub(super) fn Switches(id: CallId) -> impl IntoView {
    let call = expect_context::<OnScreen>();
    let places =
        Memo::new(move |_| call.read(Vec::new(), |c| c.switches.iter().map(|s| s.id).collect::<Vec<_>>()));
    view! {
        <ul class="switches">
            <For each=move || places.get().into_iter().enumerate() key=|(_, switch)| *switch let:entry>
                <li><SwitchButton call_id=id place=entry.0 switch=entry.1/></li>
            </For>
        </ul>
    }
}

#[component]
fn SwitchButton(call_id: CallId, place: usize, switch: SwitchId) -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let orders = use_orders();
    // Answers the press at once, before the core has said anything.
    let pressed = RwSignal::new(false);
    let view = Memo::new(move |_| {
        let mut view = call.read(None, |c| c.switches.iter().find(|s| s.id == switch).cloned())?;
        if pressed.get() {
            view.state = SwitchState::Sending;
        }
        Some(view)
    });
    let read = move |part: fn(&SwitchView) -> Option<&'static str>| view.with(|v| v.as_ref().and_then(part));
    let busy = move || {
        view.with(|v| {
            v.as_ref().is_some_and(|v| matches!(v.state, SwitchState::Sending | SwitchState::CodeSent { .. }))
        })
    };
    let press = move |_| {
        if pressed.get_untracked() {
            return;
        }
        pressed.set(true);
        orders.ask(OpenDoor { call: call_id, switch }, move |answer| {
            pressed.set(false);
            if let Err(problem) = answer {
                orders.say(&problem);
            }
        });
    };
    view! {
        <button
            class="switch-btn"
            class:is-door=move || view.with(|v| v.as_ref().is_some_and(|v| v.kind != SwitchKind::Light))
            class:primary=move || place == 0 && view.with(|v| v.as_ref().is_some_and(|v| v.kind != SwitchKind::Light && v.state == SwitchState::Ready))
            type="button"
            data-state=move || read(look)
            data-testid=format!("switch-{}", place + 1)
            on:click=press
        >
            {move || if busy() {
                view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
            } else {
                view! { <Glyph icon=view.with(|v| v.as_ref().map_or(Icon::Door, icon))/> }.into_any()
            }}
            <span class="grow">
                <b><bdi>{move || view.with(|v| v.as_ref().map(|v| v.name.clone()))}</bdi></b>
                <small>{move || view.with(|v| v.as_ref().map(|v| words::switch(i18n, v)))}</small>
            </span>
            {(place < 4).then(|| view! { <kbd class="single-key" aria-hidden="true">{place + 1}</kbd> })}
        </button>
    }
}

/// The newest thing that is known of a door, where everybody sees and hears it.
#[component]
pub(super) fn Verdict() -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let verdict = Memo::new(move |_| latest_verdict(i18n, call));
    let tone = move || {
        verdict.with(|v| {
            v.as_ref().map(|(state, _)| match state {
                SwitchState::Confirmed { .. } => "good",
                SwitchState::NoConfirmation { .. }
                | SwitchState::Refused { .. }
                | SwitchState::NotSent { .. } => "bad",
                _ => "plain",
            })
        })
    };
    let icon = move || {
        verdict.with(|v| match v.as_ref().map(|(state, _)| *state) {
            Some(SwitchState::Confirmed { .. }) => Icon::CheckCircle,
            Some(SwitchState::CodeSent { .. }) => Icon::Send,
            _ => Icon::Alert,
        })
    };
    view! {
        <div class="verdict-box" role="status" data-testid="verdict">
            {move || verdict.get().map(|(_, text)| view! {
                <p class="verdict" data-tone=tone><Glyph icon=Signal::derive(icon)/><span>{text}</span></p>
            })}
        </div>
    }
}
