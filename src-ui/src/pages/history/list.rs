//! The list: by day, with a search field and a filter, read page by page.

use std::collections::HashSet;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::MarkSeen;
use vestibule_model::{CallId, CallStatus, Direction, HistoryEntry, Outcome, Timestamp};
use wasm_bindgen::JsCast;

use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::choice::{Choice, Shape};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::Thumb;
use crate::format;
use crate::pages::StorageNotice;
use crate::route::{Location, Route};
use crate::state::{Clock, History, Loading, Unseen, use_orders};
use crate::words;

/// Older rows are asked for when so many pixels are left to scroll.
const AHEAD: i32 = 600;

/// Missed calls that were new when the page was opened: they keep their dot while it is open.
#[derive(Clone, Copy)]
pub(crate) struct Fresh(RwSignal<HashSet<CallId>>);

/// The list pane.
#[component]
pub(super) fn List(shown: Memo<Option<CallId>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let search = NodeRef::<html::Input>::new();
    mark_seen(history);
    keys(search, shown);

    let scrolled = move |event: ev::Event| {
        let Some(pane) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
        if pane.scroll_top() + pane.client_height() + AHEAD >= pane.scroll_height() {
            history.load_more();
        }
    };
    view! {
        <section class="pane pane-list" aria-labelledby="t-history" on:scroll=scrolled>
            <header class="pane-head"><h1 id="t-history" class="grow">{say!(i18n, history.title)}</h1></header>
            <div class="pane-body">
                <StorageNotice/>
                <div class="stack">
                    <div class="with-icon">
                        <Glyph icon=Icon::Search/>
                        <label class="vh" for="q">{say!(i18n, history.search)}</label>
                        <input
                            class="input"
                            id="q"
                            type="search"
                            node_ref=search
                            placeholder=say!(i18n, history.search_hint)
                            prop:value=move || history.text.get()
                            on:input=move |event| {
                                history.text.set(event_target_value(&event));
                                history.filter();
                            }
                        />
                        <kbd class="only-wide" aria-hidden="true">"/"</kbd>
                    </div>
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
                <Rows shown/>
            </div>
        </section>
    }
}

#[component]
fn Rows(shown: Memo<Option<CallId>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let empty = Memo::new(move |_| history.entries.with(Vec::is_empty));
    let state = Memo::new(move |_| match history.loading.get() {
        Loading::Failed(problem) => Shown::Failed(problem.code),
        Loading::First if empty.get() => Shown::Loading,
        _ if empty.get() => Shown::Empty,
        _ => Shown::Rows,
    });
    move || {
        match state.get() {
        Shown::Loading => view! {
            <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
        }
        .into_any(),
        Shown::Failed(code) => view! {
            <Empty icon=Icon::Alert title=t_string!(i18n, history.not_read) text=words::error(i18n, code)>
                <button class="btn" type="button" on:click=move |_| history.filter()>{t_string!(i18n, app.try_again)}</button>
            </Empty>
        }
        .into_any(),
        Shown::Empty => view! { <NothingHere/> }.into_any(),
        Shown::Rows => view! { <Days shown/> }.into_any(),
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
    let all = move |_| {
        history.text.set(String::new());
        history.missed_only.set(false);
        history.filter();
    };
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
                <button class="btn" type="button" on:click=all>{t_string!(i18n, history.show_all)}</button>
            </Empty>
        }
        .into_any()
    }
}

#[component]
fn Days(shown: Memo<Option<CallId>>) -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    let clock = expect_context::<Clock>();
    let today = Memo::new(move |_| format::day(clock.now()));
    let days = move || {
        today.track();
        let groups =
            history.entries.with(|rows| format::group_by(rows.clone(), |row| format::day(row.started)));
        groups
            .into_iter()
            .map(|(_, rows)| {
                let at = rows.first().map_or(Timestamp(0), |row| row.started);
                let rows = rows
                    .into_iter()
                    .map(|entry| {
                        let id = entry.id;
                        let current = Signal::derive(move || shown.get() == Some(id));
                        view! { <CallRow entry current/> }
                    })
                    .collect_view();
                view! {
                    <div class="stack-s day-group">
                        <h2 class="day"><time datetime=format::iso(at)>{day_name(i18n, at)}</time></h2>
                        <ul class="rows">{rows}</ul>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div class="stack-l" data-testid="calls">
            {days}
            <Show when=move || history.more.get()>
                <button class="btn btn-plain" type="button" disabled=move || history.loading.get() == Loading::More on:click=move |_| history.load_more()>
                    {move || if history.loading.get() == Loading::More {
                        t_string!(i18n, history.loading_older)
                    } else {
                        t_string!(i18n, history.older)
                    }}
                </button>
            </Show>
        </div>
    }
}

/// `Today`, `Yesterday`, `Thursday 19 November`.
pub(super) fn day_name(i18n: Catalogue, at: Timestamp) -> String {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let now = crate::state::now();
    let day = format::day(at);
    if day == format::day(now) {
        t_string!(i18n, history.today).to_owned()
    } else if day == format::day(Timestamp(now.0.saturating_sub(DAY))) {
        t_string!(i18n, history.yesterday).to_owned()
    } else {
        format::long_day(at)
    }
}

/// One call as a row; also on the home page.
#[component]
pub(crate) fn CallRow(entry: HistoryEntry, #[prop(into)] current: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let fresh = use_context::<Fresh>();
    let (icon, outcome) = words::outcome(i18n, &entry);
    let missed = entry.status == CallStatus::Missed && entry.direction == Direction::Incoming;
    let id = entry.id;
    let unseen = missed && !entry.seen;
    let new = move || unseen || fresh.is_some_and(|Fresh(fresh)| fresh.with(|fresh| fresh.contains(&id)));
    let class = if missed { "row-sub marked warn-text" } else { "row-sub marked" };
    let door = door_badge(i18n, &entry);
    let name = entry.caller.name.clone();
    let started = entry.started;
    view! {
        <li class:missed=missed>
            <a class="row" href=Route::History(Some(id)).hash() data-call=id.0.to_string() aria-current=move || current.get().then_some("true")>
                <Thumb entry=Some(entry)/>
                <span class="row-text">
                    <span class="row-title"><bdi>{name}</bdi></span>
                    <span class=class><Glyph icon/><span>{outcome}</span></span>
                    {door}
                </span>
                <span class="row-end">
                    <Show when=new>
                        <span class="dot" aria-hidden="true"></span>
                        <span class="vh">{say!(i18n, history.new)}</span>
                    </Show>
                    <time datetime=format::iso(started)>{format::clock(started)}</time>
                </span>
            </a>
        </li>
    }
}

/// The best thing that is known of the doors of a call.
fn door_badge(i18n: Catalogue, entry: &HistoryEntry) -> Option<impl IntoView + use<>> {
    let has = |outcome| entry.actions.iter().any(|action| action.outcome == outcome);
    let (class, icon, words) = if has(Outcome::Confirmed) {
        ("badge badge-go badge-icon", Icon::DoorOpen, t_string!(i18n, history.door_opened))
    } else if has(Outcome::Sent) || has(Outcome::Sending) {
        ("badge badge-icon", Icon::Send, t_string!(i18n, history.code_sent))
    } else if entry.actions.is_empty() {
        return None;
    } else {
        ("badge badge-warn badge-icon", Icon::Alert, t_string!(i18n, history.code_failed))
    };
    Some(view! { <span class="row-sub"><span class=class><Glyph icon/>{words}</span></span> })
}

/// What is on the screen has been seen.
fn mark_seen(history: History) {
    let orders = use_orders();
    let Unseen(unseen) = expect_context();
    let fresh = RwSignal::new(HashSet::new());
    provide_context(Fresh(fresh));
    // A window that was closed into the tray shows nothing to anybody.
    let visible = RwSignal::new(!document().hidden());
    let listener =
        window_event_listener_untyped("visibilitychange", move |_| visible.set(!document().hidden()));
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        if !visible.get() || unseen.get() == 0 || history.loading.get() != Loading::Done {
            return;
        }
        let new: Vec<CallId> = history.entries.with(|rows| {
            rows.iter()
                .filter(|row| row.status == CallStatus::Missed && !row.seen)
                .map(|row| row.id)
                .collect()
        });
        if let Some(newest) = new.iter().max() {
            orders.send(MarkSeen { up_to: *newest });
            fresh.update(|fresh| fresh.extend(new));
        }
    });
}

/// `/` goes to the search field; arrows, Home and End move in the list, and the detail follows.
fn keys(search: NodeRef<html::Input>, shown: Memo<Option<CallId>>) {
    let history = expect_context::<History>();
    let location = expect_context::<Location>();
    let listener = window_event_listener(ev::keydown, move |event| {
        let in_text = event.target().is_some_and(|t| {
            t.dyn_ref::<web_sys::Element>()
                .is_some_and(|e| e.matches("input[type=search], textarea, dialog *").unwrap_or(false))
        });
        if event.ctrl_key() || event.alt_key() || event.meta_key() || in_text {
            return;
        }
        match event.key().as_str() {
            "/" => {
                event.prevent_default();
                if let Some(field) = search.get_untracked() {
                    let _ = field.focus();
                }
            }
            "Escape" => location.go(Route::History(None)),
            key => {
                let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
                let on_row = target.is_some_and(|e| e.matches(".row[data-call]").unwrap_or(false));
                let ids =
                    history.entries.with_untracked(|rows| rows.iter().map(|row| row.id).collect::<Vec<_>>());
                if let Some(id) = on_row.then(|| step(key, &ids, shown.get_untracked())).flatten() {
                    event.prevent_default();
                    location.go(Route::History(Some(id)));
                    focus_row(id);
                }
            }
        }
    });
    on_cleanup(move || listener.remove());
}

/// Where a key leads from the row that is looked at.
fn step(key: &str, ids: &[CallId], from: Option<CallId>) -> Option<CallId> {
    let here = from.and_then(|id| ids.iter().position(|known| *known == id));
    match (key, here) {
        ("ArrowDown", Some(here)) => ids.get(here + 1).copied(),
        ("ArrowUp", Some(here)) => ids.get(here.checked_sub(1)?).copied(),
        ("ArrowDown" | "ArrowUp", None) | ("Home", _) => ids.first().copied(),
        ("End", _) => ids.last().copied(),
        _ => None,
    }
}

fn focus_row(id: CallId) {
    let row = document().query_selector(&format!(".pane-list .row[data-call='{}']", id.0)).ok().flatten();
    if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = row.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_walk_the_list_and_stop_at_its_ends() {
        let ids = [CallId(9), CallId(5), CallId(2)];
        for (key, from, to) in [
            ("ArrowDown", Some(9), Some(5)),
            ("ArrowDown", Some(2), None),
            ("ArrowUp", Some(5), Some(9)),
            ("ArrowUp", Some(9), None),
            ("ArrowDown", None, Some(9)),
            ("Home", Some(2), Some(9)),
            ("End", Some(9), Some(2)),
            ("x", Some(9), None),
        ] {
            assert_eq!(step(key, &ids, from.map(CallId)), to.map(CallId), "{key} from {from:?}");
        }
        assert_eq!(step("End", &[], None), None);
    }
}
