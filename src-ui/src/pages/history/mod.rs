//! History: who rang, and what became of it. Who came in is the other half ([`super::access`]).

mod detail;
mod foot;
mod list;
mod row;
mod seen;
mod table;
mod tabs;

use leptos::prelude::*;
use vestibule_model::CallId;

use crate::components::window_list::{escape_to, follow_focus};
use crate::route::{Location, Route};
use crate::state;

use detail::Detail;
pub(crate) use foot::Foot;
use list::List;
pub(crate) use row::CallRow;
pub(crate) use tabs::Tabs;

/// The list of past calls with the one that is looked at.
#[component]
pub(crate) fn History() -> impl IntoView {
    let location = expect_context::<Location>();
    let history = expect_context::<state::History>();
    let chosen = Memo::new(move |_| match location.get() {
        Route::History(id) => id,
        _ => None,
    });
    // On a wide window the newest one is looked at until another is chosen.
    let shown: Memo<Option<CallId>> = Memo::new(move |_| {
        chosen.get().or_else(|| history.entries.with(|rows| rows.first().map(|row| row.id)))
    });
    let goal = RwSignal::new(None);
    follow_focus(Signal::derive(move || chosen.get().map(|id| id.0)), goal);
    escape_to(Route::History(None));
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || chosen.get().map(|_| "detail")>
            <List shown goal/>
            <Detail shown/>
        </main>
    }
}
