//! Calls or access: links, drawn as a segmented control. Without a building there are calls alone, and no switch.

use std::cell::Cell;

use leptos::html;
use leptos::prelude::*;

use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::route::{Location, Route};
use crate::state::Building;

thread_local! {
    /// Each half of History is a page of its own: the focus shall survive the change.
    static PRESSED: Cell<bool> = const { Cell::new(false) };
}

/// The switch.
#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let Building(building) = expect_context();
    let has_building = Memo::new(move |_| building.with(Option::is_some));
    view! { <Show when=move || has_building.get()><Links/></Show> }
}

#[component]
fn Links() -> impl IntoView {
    let i18n = use_i18n();
    let location = expect_context::<Location>();
    let in_access = Memo::new(move |_| matches!(location.get(), Route::Access(_)));
    let (calls, access) = (NodeRef::<html::A>::new(), NodeRef::<html::A>::new());
    Effect::new(move |_| {
        let link = if in_access.get_untracked() { access.get() } else { calls.get() };
        if let Some(link) = link
            && PRESSED.take()
        {
            // A link that takes no focus leaves it where it is.
            let _ = link.focus();
        }
    });
    let current = move |here: bool| here.then_some("page");
    let press = move |_| PRESSED.set(true);
    view! {
        <nav class="segmented tabs" aria-label=say!(i18n, history.tabs)>
            <a
                href=Route::History(None).hash()
                data-testid="tab-calls"
                node_ref=calls
                aria-current=move || current(!in_access.get())
                on:click=press
            >
                <span class="seg"><Glyph icon=Icon::Phone class="icon-s"/>{say!(i18n, history.tab_calls)}</span>
            </a>
            <a
                href=Route::Access(None).hash()
                data-testid="tab-access"
                node_ref=access
                aria-current=move || current(in_access.get())
                on:click=press
            >
                <span class="seg"><Glyph icon=Icon::Door class="icon-s"/>{say!(i18n, history.tab_access)}</span>
            </a>
        </nav>
    }
}
