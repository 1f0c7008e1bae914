//! A call as a row: in the history, and on the home page.

use leptos::prelude::*;
use vestibule_model::{CallStatus, Direction, HistoryEntry, Outcome};

use super::seen::Fresh;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::Thumb;
use crate::format;
use crate::route::Route;
use crate::words;

/// One call in a list of a few.
#[component]
pub(crate) fn CallRow(entry: HistoryEntry, #[prop(into)] current: Signal<bool>) -> impl IntoView {
    view! { <li><CallLink entry current/></li> }
}

/// What is to be seen of a call, and leads to it.
#[component]
pub(super) fn CallLink(entry: HistoryEntry, #[prop(into)] current: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let fresh = use_context::<Fresh>();
    let (icon, outcome) = words::outcome(i18n, &entry);
    let missed = entry.status == CallStatus::Missed && entry.direction == Direction::Incoming;
    let id = entry.id;
    let unseen = missed && !entry.seen;
    let new = move || unseen || fresh.is_some_and(|fresh| fresh.contains(id));
    let class = if missed { "row-sub marked warn-text" } else { "row-sub marked" };
    let door = door_badge(i18n, &entry);
    let name = entry.caller.name.clone();
    let started = entry.started;
    view! {
        <a
            class="row"
            class:missed=missed
            href=Route::History(Some(id)).hash()
            data-call=id.0.to_string()
            aria-current=move || current.get().then_some("true")
        >
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
                <time datetime=format::iso(started)>{words::time(started)}</time>
            </span>
        </a>
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
