//! The access log: who came in, where and how. It is the other half of History ([`super::history`]).

mod detail;
mod filters;
mod list;
mod row;
mod table;
mod words;

use leptos::prelude::*;
use vestibule_model::{AccessId, ApartmentId};

use self::detail::Detail;
use self::list::List;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::components::window_list::{escape_to, follow_focus};
use crate::route::{Location, Route};
use crate::state::{AccessChanged, AccessLog, Building};

/// The list of tries at doors with the one that is looked at.
#[component]
pub(crate) fn Access() -> impl IntoView {
    let Building(building) = expect_context();
    let has_building = Memo::new(move |_| building.with(Option::is_some));
    move || if has_building.get() { view! { <Log/> }.into_any() } else { view! { <NoBuilding/> }.into_any() }
}

#[component]
fn Log() -> impl IntoView {
    let log = expect_context::<AccessLog>();
    let location = expect_context::<Location>();
    let chosen = Memo::new(move |_| match location.get() {
        Route::Access(row) => row,
        _ => None,
    });
    // On a wide window the newest one is looked at until another is chosen.
    let shown: Memo<Option<AccessId>> =
        Memo::new(move |_| chosen.get().or_else(|| log.entries.with(|rows| rows.first().map(|row| row.id))));
    let goal = RwSignal::new(None);
    follow_focus(Signal::derive(move || chosen.get().map(|id| id.0)), goal);
    escape_to(Route::Access(None));
    let AccessChanged(changed) = expect_context();
    Effect::new(move |before: Option<Option<ApartmentId>>| {
        changed.track();
        let apartment = log.apartment.get();
        // The rows of another apartment may have been read before this page was opened.
        let is_other = before.is_none_or(|before| before != apartment);
        if is_other || log.entries.with_untracked(Vec::is_empty) {
            log.filter()
        } else {
            log.refresh()
        }
        apartment
    });
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || chosen.get().map(|_| "detail")>
            <List shown goal/>
            <Detail shown/>
        </main>
    }
}

/// The page has an address, so that it can be opened without a building to look at.
#[component]
fn NoBuilding() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main id="main" tabindex="-1">
            <section class="pane" aria-labelledby="t-access">
                <header class="pane-head"><h1 id="t-access" class="grow">{say!(i18n, history.title)}</h1></header>
                <div class="pane-body">
                    <Empty icon=Icon::Building title=t_string!(i18n, access.no_site) text=t_string!(i18n, access.no_site_hint)>
                        <a class="btn btn-primary" href=Route::SignIn.hash()>{say!(i18n, access.sign_in)}</a>
                    </Empty>
                </div>
            </section>
        </main>
    }
}
