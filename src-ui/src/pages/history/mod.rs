//! History: who rang, and what became of it.

mod detail;
mod list;

use leptos::prelude::*;

use crate::route::{Location, Route};
use crate::state;

use detail::Detail;
pub(crate) use list::CallRow;
use list::List;

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
    let shown = Memo::new(move |_| {
        chosen.get().or_else(|| history.entries.with(|rows| rows.first().map(|row| row.id)))
    });
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || chosen.get().map(|_| "detail")>
            <List shown/>
            <Detail shown/>
        </main>
    }
}
