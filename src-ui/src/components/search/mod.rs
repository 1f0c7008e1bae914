//! The search field of a list. `/` goes to it from anywhere on the page.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::keyboard;
use crate::state::Preferences;

/// The field.
#[component]
pub(crate) fn Search(
    /// What is searched, for those who do not see the icon.
    #[prop(into)]
    label: Signal<String>,
    /// What can be typed.
    #[prop(into)]
    hint: Signal<String>,
    value: RwSignal<String>,
    /// Something else was typed.
    on_input: Callback<()>,
) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let preferences = expect_context::<Preferences>();
    let listener = window_event_listener(ev::keydown, move |event| {
        if keyboard::single_key(&event, preferences).as_deref() != Some("/") {
            return;
        }
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            // A field that is hidden with its list takes no focus.
            let _ = field.focus();
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <div class="with-icon">
            <Glyph icon=Icon::Search/>
            <label class="vh" for="q">{move || label.get()}</label>
            <input
                class="input"
                id="q"
                type="search"
                autocomplete="off"
                data-testid="search"
                node_ref=field
                placeholder=move || hint.get()
                prop:value=move || value.get()
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    on_input.run(());
                }
            />
            <kbd class="only-wide single-key" aria-hidden="true">"/"</kbd>
        </div>
    }
}
