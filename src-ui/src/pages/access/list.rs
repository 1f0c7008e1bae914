//! The list: by day, with a search field and filters, read page by page.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::AccessId;

use super::filters::Filters;
use super::row::AccessLink;
use super::table;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::apartment::ApartmentSwitch;
use crate::components::banner::{Banner, Urgency};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::export::Export;
use crate::components::icon::Icon;
use crate::components::search::Search;
use crate::components::window_list::{DrawRow, WindowList, by_day, draw_day, show_beside};
use crate::format;
use crate::pages::history::{Foot, Tabs};
use crate::route::Route;
use crate::state::{AccessLog, Building, Loading, now};
use crate::words;

/// Rows up to which their number is told after a search.
const COUNTED: usize = 200;

/// The list pane.
#[component]
pub(super) fn List(shown: Memo<Option<AccessId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    view! {
        <section class="pane pane-list" aria-labelledby="t-access">
            <header class="pane-head">
                <div class="grow">
                    <h1 id="t-access">{say!(i18n, history.title)}</h1>
                    <ApartmentSwitch/>
                </div>
                <Export name="access" head=table::head(i18n) read=table::read(i18n, log)/>
            </header>
            <div class="pane-body">
                <Age/>
                <div class="stack">
                    <Tabs/>
                    <Search
                        label=say!(i18n, access.search)
                        hint=say!(i18n, access.search_hint)
                        value=log.text
                        on_input=Callback::new(move |()| log.filter())
                    />
                    <Filters/>
                </div>
                <Found/>
                <Rows shown goal/>
            </div>
        </section>
    }
}

/// How old the rows are while the site server cannot be reached.
#[component]
fn Age() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let read = Memo::new(move |_| {
        building.with(|site| site.as_ref().filter(|site| !site.online).map(|site| site.read_at))
    });
    move || {
        read.get().map(|at| {
            let today = format::day(at) == format::day(now());
            let time = if today { format::clock(at) } else { format::day_and_clock(at) };
            let text = t_string!(i18n, access.offline_since, time = time);
            view! { <Banner urgency=Urgency::Plain icon=Icon::Offline title=t_string!(i18n, access.offline) text/> }
        })
    }
}

/// Tells those who do not see the list what a search has found.
#[component]
fn Found() -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    let found = Memo::new(move |_| {
        let count = log.entries.with(|rows| rows.len().min(COUNTED));
        (log.is_filtered() && count > 0).then_some((count, count == COUNTED))
    });
    view! {
        <p class="vh" role="status">
            {move || match found.get()? {
                (count, false) => Some(t_string!(i18n, access.shown, count = count)),
                (count, true) => Some(t_string!(i18n, access.shown_over, count = count - 1)),
            }}
        </p>
    }
}

#[component]
fn Rows(shown: Memo<Option<AccessId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    let empty = Memo::new(move |_| log.entries.with(Vec::is_empty));
    let state = Memo::new(move |_| match log.loading.get() {
        _ if !empty.get() => Shown::Rows,
        Loading::Failed(problem) => Shown::Failed(problem.code),
        Loading::First => Shown::Loading,
        _ => Shown::Empty,
    });
    move || {
        match state.get() {
        Shown::Loading => view! {
            <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
        }
        .into_any(),
        Shown::Failed(code) => view! {
            <div role="alert">
                <Empty icon=Icon::Alert title=t_string!(i18n, access.not_read) text=words::error(i18n, code)>
                    <button class="btn" type="button" on:click=move |_| log.filter()>{t_string!(i18n, app.try_again)}</button>
                </Empty>
            </div>
        }
        .into_any(),
        Shown::Empty => view! { <div role="status"><NothingHere/></div> }.into_any(),
        Shown::Rows => view! { <Tries shown goal/> }.into_any(),
    }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Loading,
    Failed(vestibule_ipc::ErrorCode),
    Empty,
    Rows,
}

/// Nobody came in, or nothing matches.
#[component]
fn NothingHere() -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    move || {
        if !log.is_filtered() {
            let (title, text) = (t_string!(i18n, access.empty), t_string!(i18n, access.empty_hint));
            return view! { <Empty icon=Icon::Door title text/> }.into_any();
        }
        let only_problems = log.text.with(String::is_empty) && log.method.get().is_none();
        let (icon, title, text) = if only_problems {
            let (title, text) =
                (t_string!(i18n, access.no_problems), t_string!(i18n, access.no_problems_hint));
            (Icon::CheckCircle, title, text)
        } else {
            let (title, text) =
                (t_string!(i18n, access.nothing_found), t_string!(i18n, access.nothing_found_hint));
            (Icon::Search, title, text)
        };
        view! {
            <Empty icon title text>
                <button class="btn" type="button" on:click=move |_| log.show_all()>{t_string!(i18n, access.show_all)}</button>
            </Empty>
        }
        .into_any()
    }
}

#[component]
fn Tries(shown: Memo<Option<AccessId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    let lines = Memo::new(move |_| {
        log.entries.with(|rows| by_day(rows.iter().map(|row| (row.id.0, row.at)), format::day_bounds))
    });
    let draw: DrawRow = Arc::new(move |id| {
        let id = AccessId(id);
        let current = Signal::derive(move || shown.get() == Some(id));
        // A row of a log does not change.
        untrack(|| log.find(id)).map(|entry| view! { <AccessLink entry current/> }).into_any()
    });
    let ask = move |()| if log.more.get_untracked() { log.load_more_anyway() } else { log.filter() };
    view! {
        <div class="stack" data-testid="access">
            <WindowList
                lines
                more=log.more
                draw
                heading=draw_day(i18n)
                near_end=Callback::new(move |()| log.load_more())
                moved=Callback::new(move |id| show_beside(&Route::Access(Some(AccessId(id))).hash()))
                goal
            />
            <Foot
                loading=log.loading
                more=log.more
                reading=t_string!(i18n, access.loading_older)
                older=t_string!(i18n, access.older)
                not_read=t_string!(i18n, access.older_not_read)
                ask=Callback::new(ask)
            />
            <p class="small muted">{say!(i18n, access.kept)}</p>
        </div>
    }
}
