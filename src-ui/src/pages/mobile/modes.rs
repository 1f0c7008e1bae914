//! The ways to open that this device has: what each does and what it costs.

use leptos::prelude::*;
use vestibule_ipc::SetAccessMode;
use vestibule_model::{AccessMode, CardState};

use super::Pending;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Mobile, use_orders};

/// The list.
#[component]
pub(super) fn Modes() -> impl IntoView {
    let i18n = use_i18n();
    let Mobile(mobile) = expect_context();
    let modes = Memo::new(move |_| mobile.with(|a| a.as_ref().map(|a| a.modes.clone())).unwrap_or_default());
    let idle = Memo::new(move |_| {
        mobile.with(|a| a.as_ref().is_none_or(|a| !matches!(a.card, CardState::Active { .. })))
    });
    view! {
        <section class="stack" aria-labelledby="t-modes">
            <h2 id="t-modes" class="lead">{say!(i18n, mobile.modes)}</h2>
            <Show when=move || idle.get()><p class="small muted">{say!(i18n, mobile.modes_idle)}</p></Show>
            <ul class="rows">
                <For each=move || modes.get() key=|mode| *mode let:mode>
                    <li>{if mode == AccessMode::Press { press_row(i18n) } else { view! { <Mode mode/> }.into_any() }}</li>
                </For>
            </ul>
        </section>
    }
}

/// Pressing needs no switch: it does nothing by itself.
fn press_row(i18n: Catalogue) -> AnyView {
    let (icon, title, text, cost) = mode_words(i18n, AccessMode::Press);
    view! {
        <div class="row" data-testid="mode-press">
            <span class="tile tile-accent"><Glyph icon/></span>
            <span class="row-text"><span class="row-title">{title}</span><span class="row-sub">{text}</span></span>
            <span class="badge badge-ready">{t_string!(i18n, mobile.always_on)}</span>
        </div>
        <p class="mode-cost">{cost}</p>
    }
    .into_any()
}

#[component]
fn Mode(mode: AccessMode) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let Mobile(mobile) = expect_context();
    let pending = Pending::new();
    // What the finger asked for, until the core has answered: the switch moves at once, and back when it is refused.
    let asked = RwSignal::new(false);
    let enabled = Memo::new(move |_| mobile.with(|a| a.as_ref().is_some_and(|a| a.enabled.contains(&mode))));
    let on = Memo::new(move |_| if pending.waits() { asked.get() } else { enabled.get() });
    let (icon, title, text, cost) = mode_words(i18n, mode);
    let name = mode_name(mode);
    let cost_id = format!("cost-{name}");
    let change = move |event| {
        asked.set(event_target_checked(&event));
        pending.send(orders, SetAccessMode { mode, on: asked.get_untracked() });
    };
    view! {
        <label class="row">
            <span class=move || if on.get() { "tile tile-accent" } else { "tile" }><Glyph icon/></span>
            <span class="row-text"><span class="row-title">{title}</span><span class="row-sub">{text}</span></span>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                aria-describedby=cost_id.clone()
                data-testid=format!("mode-{name}")
                prop:checked=move || on.get()
                on:change=change
            />
        </label>
        <div class="mode">
            <p class="mode-cost" id=cost_id>{cost}</p>
            {pending.problem(i18n)}
        </div>
    }
}

fn mode_name(mode: AccessMode) -> &'static str {
    match mode {
        AccessMode::Press => "press",
        AccessMode::Touch => "touch",
        AccessMode::Card => "card",
        AccessMode::Motion => "motion",
    }
}

/// Its icon and its name, what one does, and what it costs.
fn mode_words(i18n: Catalogue, mode: AccessMode) -> (Icon, &'static str, &'static str, &'static str) {
    match mode {
        AccessMode::Press => (
            Icon::Press,
            t_string!(i18n, mobile.press),
            t_string!(i18n, mobile.press_hint),
            t_string!(i18n, mobile.press_cost),
        ),
        AccessMode::Touch => (
            Icon::Touch,
            t_string!(i18n, mobile.touch),
            t_string!(i18n, mobile.touch_hint),
            t_string!(i18n, mobile.touch_cost),
        ),
        AccessMode::Card => (
            Icon::Nfc,
            t_string!(i18n, mobile.nfc),
            t_string!(i18n, mobile.nfc_hint),
            t_string!(i18n, mobile.nfc_cost),
        ),
        AccessMode::Motion => (
            Icon::Motion,
            t_string!(i18n, mobile.motion),
            t_string!(i18n, mobile.motion_hint),
            t_string!(i18n, mobile.motion_cost),
        ),
    }
}
