//! The focus between a list and what it shows beside it, or in its place.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::keyboard::is_taken;
use crate::route::{Location, Route};

/// Takes the focus to the heading of a detail that takes the place of the list, and on return back to its row.
pub(crate) fn follow_focus(chosen: Signal<Option<i64>>, row: RwSignal<Option<i64>>) {
    Effect::new(move |before: Option<Option<i64>>| {
        let now = chosen.get();
        match (before, now) {
            (Some(before), Some(_)) if before != now => request_animation_frame(focus_heading),
            (Some(Some(left)), None) if is_free() => row.set(Some(left)),
            _ => (),
        }
        now
    });
}

/// Has the detail follow the focus of the list, where both are to be seen.
pub(crate) fn show_beside(address: &str) {
    if document().query_selector(".pane-detail").ok().flatten().is_some_and(|pane| pane.client_height() > 0) {
        // In the place of the address before, so that Back leaves the list and not its last row. A window that cannot
        // be steered shows what it showed before.
        let _ = window().location().replace(address);
    }
}

/// `Esc` goes back to the list.
pub(crate) fn escape_to(list: Route) {
    let location = expect_context::<Location>();
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !is_taken(&event) {
            location.go(list);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Where the list is still to be seen, the focus stays on its row.
fn focus_heading() {
    let find = |selector| document().query_selector(selector).ok().flatten();
    if find(".pane-list").is_some_and(|list| list.client_height() > 0) {
        return;
    }
    let heading = find(".pane-detail h2[tabindex]").and_then(|h| h.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(heading) = heading {
        // A heading that is gone again leaves the focus where it is.
        let _ = heading.focus();
    }
}

/// Whether the focus was in what goes away, and on nothing that the resident has gone to instead.
fn is_free() -> bool {
    document().active_element().is_none_or(|active| {
        active.matches("body, main").unwrap_or(false)
            || active.closest(".pane-detail").ok().flatten().is_some()
    })
}
