//! A long list in groups, such as days, of which only the rows near the window are drawn.
//!
//! Rows may have any height: they are measured once they are drawn ([`heights`]), and what is looked at stays where it
//! is whatever is measured, added or removed above it ([`mod@view`]).

mod focus;
mod heights;
mod lines;
mod port;
mod rest;
mod view;

use std::sync::Arc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use vestibule_model::Timestamp;
use wasm_bindgen::JsCast;

pub(crate) use self::focus::{escape_to, follow_focus, show_beside};
pub(crate) use self::lines::by_day;
pub(crate) use self::lines::in_groups;
use self::lines::{Line, Place};
use self::rest::Rest;
use self::view::View;
use crate::catalogue::Catalogue;
use crate::format;
use crate::keyboard::is_taken;
use crate::state::Clock;
use crate::words;

/// Draws the row of this id: an element of the class `row`, which takes the focus.
pub(crate) type DrawRow = Arc<dyn Fn(i64) -> AnyView + Send + Sync>;

/// Draws what stands over the first row of a group; nothing where it needs no name.
pub(crate) type DrawHeading = Arc<dyn Fn(i64) -> Option<AnyView> + Send + Sync>;

/// The names of days, for rows that come from [`by_day`].
pub(crate) fn draw_day(i18n: Catalogue) -> DrawHeading {
    let clock = expect_context::<Clock>();
    let today = Memo::new(move |_| format::day(clock.now()));
    Arc::new(move |at| {
        // Tomorrow, today is yesterday.
        today.track();
        let at = Timestamp(at);
        Some(view! { <time datetime=format::iso(at)>{words::day(i18n, at)}</time> }.into_any())
    })
}

/// The list.
#[component]
pub(crate) fn WindowList(
    /// All rows that were read so far, with their groups.
    #[prop(into)]
    lines: Signal<Vec<Line>>,
    /// Whether there are more.
    #[prop(into)]
    more: Signal<bool>,
    draw: DrawRow,
    heading: DrawHeading,
    /// The end of what was read is near.
    near_end: Callback<()>,
    /// Keys have moved the focus to this row, where it rests.
    moved: Callback<i64>,
    /// Takes the focus to the row of this id, and is empty again.
    goal: RwSignal<Option<i64>>,
) -> impl IntoView {
    let list = NodeRef::<html::Ul>::new();
    let view = View::new(list, lines, near_end);
    view.follow(goal);
    let drawn = view.drawn;
    let rested = Rest::new(moved);
    let rows = Memo::new(move |_| {
        let range = drawn.get();
        let numbered = |lines: &Vec<Line>| {
            let numbers = (range.start + 1..).zip(lines.iter().copied().skip(range.start));
            numbers.take(range.len()).collect::<Vec<_>>()
        };
        lines.with(numbered)
    });
    let count = Memo::new(move |_| if more.get() { None } else { Some(lines.with(Vec::len)) });
    let key = move |event: ev::KeyboardEvent| {
        if is_taken(&event) || event.shift_key() {
            return;
        }
        if let Some(id) = view.step(&event.key()) {
            event.prevent_default();
            rested.wait(id);
        }
    };
    let focused = move |event: ev::FocusEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(id) = target.and_then(|element| row_around(&element)) {
            view.focus_is_on(id);
        }
    };
    view! {
        <ul class="window-list" tabindex="-1" node_ref=list on:keydown=key on:focusin=focused>
            <For
                each=move || rows.get()
                key=|(_, line)| line.id
                children=move |(number, line)| {
                    let own = Memo::new(move |known: Option<&(usize, Line)>| {
                        let now = rows.with(|rows| rows.iter().find(|(_, row)| row.id == line.id).copied());
                        now.or(known.copied()).unwrap_or((number, line))
                    });
                    let row = draw(line.id);
                    view! { <Item own count heading=heading.clone()>{row}</Item> }
                }
            />
        </ul>
    }
}

/// A row, under the name of its group where it is the first of one.
#[component]
fn Item(
    own: Memo<(usize, Line)>,
    count: Memo<Option<usize>>,
    heading: DrawHeading,
    children: Children,
) -> impl IntoView {
    let group = Memo::new(move |_| {
        let (_, line) = own.get();
        line.place.first.then_some(line.group)
    });
    let class = move || match own.get().1.place {
        Place { first: true, last: true } => "line line-first line-last",
        Place { first: true, last: false } => "line line-first",
        Place { first: false, last: true } => "line line-last",
        Place { first: false, last: false } => "line",
    };
    view! {
        <li
            class=class
            data-line=move || own.get().1.id.to_string()
            aria-posinset=move || own.get().0.to_string()
            // -1 where nobody knows how many there are (WAI-ARIA 1.2).
            aria-setsize=move || count.get().map_or("-1".to_owned(), |count| count.to_string())
        >
            {move || group.get().and_then(|group| heading(group)).map(|name| view! { <h2 class="day">{name}</h2> })}
            {children()}
        </li>
    }
}

/// The id of the row that an element is in.
fn row_around(element: &web_sys::Element) -> Option<i64> {
    element.closest("[data-line]").ok()??.get_attribute("data-line")?.parse().ok()
}
