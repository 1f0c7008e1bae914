//! What the device allows: Bluetooth as it stands, with what to do about it.

use leptos::prelude::*;
use vestibule_model::AdapterState;

use super::Question;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::Mobile;

/// The rows.
#[component]
pub(super) fn Allowed(question: Question) -> impl IntoView {
    let i18n = use_i18n();
    let Mobile(mobile) = expect_context();
    let adapter =
        Memo::new(move |_| mobile.with(|a| a.as_ref().map_or(AdapterState::Missing, |a| a.adapter)));
    let badge = move || match adapter.get() {
        AdapterState::Ready => "badge badge-box badge-ready",
        AdapterState::Off | AdapterState::NoPermission => "badge badge-box badge-warn",
        AdapterState::Missing => "badge badge-box",
    };
    let tile = move || match adapter.get() {
        AdapterState::Ready => "tile tile-accent",
        AdapterState::Missing => "tile",
        AdapterState::Off | AdapterState::NoPermission => "tile tile-warn",
    };
    let hint = move || match adapter.get() {
        AdapterState::Ready => t_string!(i18n, mobile.bluetooth_hint),
        problem => adapter_words(i18n, problem).1,
    };
    view! {
        <section class="stack" aria-labelledby="t-allowed">
            <h2 id="t-allowed" class="lead">{say!(i18n, mobile.allowed)}</h2>
            <ul class="rows">
                <li>
                    <div class="row">
                        <span class=tile><Glyph icon=Icon::Bluetooth/></span>
                        <span class="row-text">
                            <span class="row-title">{say!(i18n, mobile.bluetooth)}</span>
                            <span class="row-sub">{hint}</span>
                        </span>
                        <span role="status" data-testid="adapter-state"><span class=badge>{move || state_words(i18n, adapter.get())}</span></span>
                        <Show when=move || adapter.get() != AdapterState::Ready><CheckAgain question/></Show>
                    </div>
                    <Show when=move || adapter.get() != AdapterState::Ready>
                        <div class="mode">{question.pending().problem(i18n)}</div>
                    </Show>
                </li>
            </ul>
        </section>
    }
}

/// Asks anew, for those who have changed something in the system.
#[component]
fn CheckAgain(question: Question) -> impl IntoView {
    let i18n = use_i18n();
    let pending = question.pending();
    let press = move |_| {
        if !pending.waits_now() {
            question.again();
        }
    };
    view! {
        <button class="btn" type="button" aria-busy=move || pending.waits().to_string() on:click=press>
            {move || pending.waits().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
            <span>{say!(i18n, mobile.check_again)}</span>
        </button>
    }
}

fn state_words(i18n: Catalogue, adapter: AdapterState) -> &'static str {
    match adapter {
        AdapterState::Ready => t_string!(i18n, mobile.bluetooth_on),
        AdapterState::Off => t_string!(i18n, mobile.bluetooth_off),
        AdapterState::Missing => t_string!(i18n, mobile.bluetooth_missing),
        AdapterState::NoPermission => t_string!(i18n, mobile.bluetooth_denied),
    }
}

/// Why no door can be found, and what to do.
pub(crate) fn adapter_words(i18n: Catalogue, adapter: AdapterState) -> (&'static str, &'static str) {
    match adapter {
        AdapterState::Ready => (t_string!(i18n, mobile.bluetooth), t_string!(i18n, mobile.bluetooth_hint)),
        AdapterState::Off => {
            (t_string!(i18n, mobile.bluetooth_is_off), t_string!(i18n, mobile.bluetooth_off_hint))
        }
        AdapterState::Missing => {
            (t_string!(i18n, mobile.bluetooth_is_missing), t_string!(i18n, mobile.bluetooth_missing_hint))
        }
        AdapterState::NoPermission => {
            (t_string!(i18n, mobile.bluetooth_is_denied), t_string!(i18n, mobile.bluetooth_denied_hint))
        }
    }
}
