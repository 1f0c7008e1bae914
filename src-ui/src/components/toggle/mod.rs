//! Something that is on or off, as a row of a list.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A row with a switch at its end.
#[component]
pub(crate) fn ToggleRow(
    icon: Icon,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] on: Signal<bool>,
    on_change: impl Fn(bool) + Send + 'static,
    /// Its name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    view! {
        <label class="row">
            <span class="tile"><Glyph icon/></span>
            <span class="row-text">
                <span class="row-title">{move || title.get()}</span>
                <span class="row-sub">{move || text.get()}</span>
            </span>
            <input
                class="switch"
                type="checkbox"
                role="switch"
                data-testid=testid
                prop:checked=move || on.get()
                on:change=move |event| on_change(event_target_checked(&event))
            />
        </label>
    }
}
