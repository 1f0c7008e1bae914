//! The keyboard on the page, and where the focus goes when a pane comes or goes.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Shown;
use crate::keyboard::single_key;
use crate::route::{Location, Route, VisitorPlace};
use crate::state::Preferences;

/// The heading of the detail pane.
pub(super) const HEADING: &str = "t-visitor";

/// `N` makes a visitor, for as long as this component lives.
pub(super) fn make_by_n() {
    let location = expect_context::<Location>();
    let preferences = expect_context::<Preferences>();
    let listener = window_event_listener(ev::keydown, move |event| {
        if single_key(&event, preferences).is_some_and(|key| key.eq_ignore_ascii_case("n")) {
            event.prevent_default();
            location.go(Route::Visitors(VisitorPlace::New));
        }
    });
    on_cleanup(move || listener.remove());
}

/// A form takes the focus to its heading, and so does a card where it hides the list. On return it goes to the row.
pub(super) fn follow_focus(place: Memo<VisitorPlace>, shown: Shown, row: RwSignal<Option<i64>>) {
    Effect::new(move |before: Option<VisitorPlace>| {
        let place = place.get();
        if before.is_some_and(|before| before != place) {
            // The pane is drawn by then.
            request_animation_frame(move || match (place, before) {
                (VisitorPlace::New | VisitorPlace::Edit(_), _) => want_heading(shown),
                (VisitorPlace::Card(_), Some(VisitorPlace::New | VisitorPlace::Edit(_))) => {
                    want_heading(shown)
                }
                (VisitorPlace::Card(_), _) if !list_is_seen() => want_heading(shown),
                (VisitorPlace::List, Some(VisitorPlace::Card(id) | VisitorPlace::Edit(id))) => {
                    row.set(Some(id.0));
                }
                (VisitorPlace::List, Some(VisitorPlace::New)) => focus("[data-testid=new-visitor]"),
                _ => (),
            });
        }
        place
    });
}

/// Focuses the heading, now or when the pane is drawn: a visitor who was just made may still be on the way.
fn want_heading(shown: Shown) {
    let here = document().get_element_by_id(HEADING).is_some();
    shown.heading_wanted.set_value(!here);
    focus_heading();
}

/// The pane is drawn: its heading takes the focus if it was wanted.
pub(super) fn heading_drawn() {
    let shown = expect_context::<Shown>();
    request_animation_frame(move || {
        if shown.heading_wanted.try_get_value() == Some(true) {
            shown.heading_wanted.set_value(false);
            focus_heading();
        }
    });
}

pub(super) fn focus_heading() {
    focus(&format!("#{HEADING}"));
}

/// Focuses the element, if it is there.
pub(super) fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that takes no focus leaves it where it is.
        let _ = element.focus();
    }
}

fn list_is_seen() -> bool {
    let list = document().query_selector(".pane-list").ok().flatten();
    list.is_some_and(|list| list.client_height() > 0)
}
