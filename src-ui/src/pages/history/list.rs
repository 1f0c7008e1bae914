//! The list: by day, with a search field and a filter, read page by page.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::{CallId, HistoryEntry};

use super::row::CallLink;
use super::seen::mark_seen;
use super::{Foot, Tabs, table};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::choice::{Choice, Shape};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::export::Export;
use crate::components::icon::Icon;
use crate::components::search::Search;
use crate::components::window_list::{DrawRow, WindowList, by_day, draw_day, show_beside};
use crate::format;
use crate::pages::StorageNotice;
use crate::route::Route;
use crate::state::{History, Loading};
use crate::words;

/// Rows up to which their number is told after a search.
const COUNTED: usize = 50;

/// The list pane.
#[component]
pub(super) fn List(shown: Memo<Option<CallId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    mark_seen(history);
    view! {
        <section class="pane pane-list" aria-labelledby="t-history">
            <header class="pane-head">
                <h1 id="t-history" class="grow">{say!(i18n, history.title)}</h1>
                <Export name="calls" head=table::head(i18n) read=table::read(i18n, history)/>
            </header>
            <div class="pane-body">
                <StorageNotice/>
                <div class="stack">
                    <Tabs/>
                    <Search
                        label=say!(i18n, history.search)
                        hint=say!(i18n, history.search_hint)
                        value=history.text
                        on_input=Callback::new(move |()| history.filter())
                    />
                    <Choice
                        shape=Shape::Chips
                        name="filter"
                        legend=say!(i18n, history.filter)
                        options=vec![(false, t_string!(i18n, history.all)), (true, t_string!(i18n, history.missed_only))]
                        value=history.missed_only
                        on_choose=move |missed| {
                            history.missed_only.set(missed);
                            history.filter();
                        }
                    />
                </div>
                <Found/>
                <Rows shown goal/>
            </div>
        </section>
    }
}

/// Tells those who do not see the list what a search has found.
#[component]
fn Found() -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let found = Memo::new(move |_| {
        let count = history.entries.with(|rows| rows.len().min(COUNTED));
        let filtered = history.text.with(|text| !text.is_empty()) || history.missed_only.get();
        (filtered && count > 0).then_some((count, count == COUNTED))
    });
    view! {
        <p class="vh" role="status">
            {move || match found.get()? {
                (count, false) => Some(t_string!(i18n, history.shown, count = count)),
                (count, true) => Some(t_string!(i18n, history.shown_over, count = count - 1)),
            }}
        </p>
    }
}

#[component]
fn Rows(shown: Memo<Option<CallId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let empty = Memo::new(move |_| history.entries.with(Vec::is_empty));
    let state = Memo::new(move |_| match history.loading.get() {
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
                <Empty icon=Icon::Alert title=t_string!(i18n, history.not_read) text=words::error(i18n, code)>
                    <button class="btn" type="button" on:click=move |_| history.filter()>{t_string!(i18n, app.try_again)}</button>
                </Empty>
            </div>
        }
        .into_any(),
        Shown::Empty => view! { <div role="status"><NothingHere/></div> }.into_any(),
        Shown::Rows => view! { <Calls shown goal/> }.into_any(),
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

/// There are no calls at all, or none that match.
#[component]
fn NothingHere() -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    move || {
        let searching = history.text.with(|text| !text.is_empty());
        let (title, text) = match (searching, history.missed_only.get()) {
            (true, _) => {
                (t_string!(i18n, history.nothing_found), t_string!(i18n, history.nothing_found_hint))
            }
            (false, true) => (t_string!(i18n, history.nothing_missed), ""),
            (false, false) => {
                let (title, text) = (t_string!(i18n, history.empty), t_string!(i18n, history.empty_hint));
                return view! { <Empty icon=Icon::History title text/> }.into_any();
            }
        };
        view! {
            <Empty icon=Icon::Search title text>
                <button class="btn" type="button" on:click=move |_| history.show_all()>{t_string!(i18n, history.show_all)}</button>
            </Empty>
        }
        .into_any()
    }
}

#[component]
fn Calls(shown: Memo<Option<CallId>>, goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let lines = Memo::new(move |_| {
        history
            .entries
            .with(|rows| by_day(rows.iter().map(|row| (row.id.0, row.started)), format::day_bounds))
    });
    let draw: DrawRow = Arc::new(move |id| {
        let id = CallId(id);
        let current = Signal::derive(move || shown.get() == Some(id));
        let entry = Memo::new(move |known: Option<&Option<HistoryEntry>>| {
            history.find(id).or_else(|| known.cloned().flatten())
        });
        (move || entry.get().map(|entry| view! { <CallLink entry current/> })).into_any()
    });
    let ask =
        move |()| if history.more.get_untracked() { history.load_more_anyway() } else { history.filter() };
    view! {
        <div class="stack" data-testid="calls">
            <WindowList
                lines
                more=history.more
                draw
                heading=draw_day(i18n)
                near_end=Callback::new(move |()| history.load_more())
                moved=Callback::new(move |id| show_beside(&Route::History(Some(CallId(id))).hash()))
                goal
            />
            <Foot
                loading=history.loading
                more=history.more
                reading=t_string!(i18n, history.loading_older)
                older=t_string!(i18n, history.older)
                not_read=t_string!(i18n, history.older_not_read)
                ask=Callback::new(ask)
            />
        </div>
    }
}
