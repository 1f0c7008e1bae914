//! Keys that count wherever one is, moves in a list, and where the focus goes when a detail opens.
//!
//! A list takes part by the attribute `data-walk`: on an element around its rows, which are links of the class `row`.
//! `data-walk="detail"` has the detail follow where it stands beside the list, unless the
//! row has `data-elsewhere`, for then it leads to another page. The way back from a detail is the link
//! with `data-back`, its heading the one that takes focus.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::state::Preferences;

/// On a row that an arrow key has led to, until its detail is there: the focus stays in the list then.
const WALKED: &str = "data-walked";

/// The letter, digit or sign that was pressed as a shortcut, unless somebody types, a dialog is open, or single keys
/// are switched off.
pub(crate) fn single_key(event: &KeyboardEvent, preferences: Preferences) -> Option<String> {
    let key = event.key();
    let counts = is_single(&key) && !is_taken(event) && single_keys(preferences);
    counts.then_some(key)
}

/// Whether the resident wants single keys.
pub(crate) fn single_keys(preferences: Preferences) -> bool {
    preferences.0.with_untracked(|p| p.single_keys)
}

/// Whether a key is a letter, a digit or a sign, for which browsers give the character itself (UI Events, 3.2).
pub(crate) fn is_single(key: &str) -> bool {
    key.chars().nth(1).is_none() && key != " "
}

/// Whether a key belongs to the browser, to what is being typed, or to a dialog.
pub(crate) fn is_taken(event: &KeyboardEvent) -> bool {
    has_modifier(event) || in_text(event) || dialog_is_open()
}

/// Whether a dialog has the keys.
pub(crate) fn dialog_is_open() -> bool {
    find("dialog[open]").is_some()
}

/// Listens as long as the window lives: arrows, Home and End move in a list, Esc goes back to it.
pub(crate) fn listen() {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || is_taken(&event) {
            return;
        }
        if event.key() == "Escape" {
            leave_detail();
        } else {
            walk(&event);
        }
    });
    on_cleanup(move || listener.remove());
    // Hints at keys go by it.
    let Preferences(preferences) = expect_context();
    let on = Memo::new(move |_| preferences.with(|p| p.single_keys));
    Effect::new(move |_| {
        let state = if on.get() { "on" } else { "off" };
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-single-keys", state);
        }
    });
}

/// Moves the focus as a page's detail opens and closes: to its heading, and back to its row. `opened` is the address
/// of the detail, `None` while only the list was asked for.
pub(crate) fn lead_focus(opened: Memo<Option<String>>) {
    Effect::new(move |before: Option<Option<String>>| {
        let now = opened.get();
        match (before, now.clone()) {
            (Some(before), Some(now)) if before.as_deref() != Some(&now) => {
                request_animation_frame(focus_heading);
            }
            (Some(Some(left)), None) => request_animation_frame(move || focus_row(&left)),
            _ => (),
        }
        now
    });
}

/// Gives the focus back to the element of the same id once everything was drawn anew.
pub(crate) fn keep_focus() {
    if let Some(id) = document().active_element().map(|element| element.id()).filter(|id| !id.is_empty()) {
        request_animation_frame(move || focus(document().get_element_by_id(&id)));
    }
}

fn has_modifier(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.ctrl_key() || event.alt_key() || event.meta_key()
}

/// Whether the key goes into a field: what takes text, and menus, which find their lines by letters.
fn in_text(event: &KeyboardEvent) -> bool {
    const FIELDS: &str =
        "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";
    target(event).is_some_and(|element| element.matches(FIELDS).unwrap_or(false))
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Elements that are not drawn take no focus, which leaves it where it is.
fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

fn is_drawn(element: &Element) -> bool {
    element.client_width() > 0
}

fn walk(event: &KeyboardEvent) -> Option<()> {
    let row = target(event).filter(|element| element.matches("a.row").unwrap_or(false))?;
    let list = row.closest("[data-walk]").ok().flatten()?;
    let rows = list.query_selector_all("a.row").ok()?;
    let here = (0..rows.length()).find(|place| rows.get(*place).as_ref() == Some(row.as_ref()))?;
    let next: Element = rows.get(step(&event.key(), rows.length(), here)?)?.dyn_into().ok()?;
    event.prevent_default();
    focus(Some(next.clone()));
    let follows =
        list.get_attribute("data-walk").as_deref() == Some("detail") && !next.has_attribute("data-elsewhere");
    if follows && find(".pane-detail").is_some_and(|pane| is_drawn(&pane)) {
        let _ = next.set_attribute(WALKED, "");
        // In the place of the address before, so that Back leaves the list and not its last row. A window that cannot
        // be steered stays where it is.
        let _ = window().location().replace(&next.get_attribute("href")?);
    }
    Some(())
}

/// Where a key leads from the row that has the focus.
fn step(key: &str, rows: u32, here: u32) -> Option<u32> {
    let to = match key {
        "ArrowDown" => here.checked_add(1)?,
        "ArrowUp" => here.checked_sub(1)?,
        "Home" => 0,
        "End" => rows.checked_sub(1)?,
        _ => return None,
    };
    (to < rows).then_some(to)
}

/// Where the list is hidden the way is the link; beside the list it is only the focus that goes.
fn leave_detail() {
    let back = find("[data-back]").filter(is_drawn).and_then(|link| link.dyn_into::<HtmlElement>().ok());
    match back {
        Some(link) => link.click(),
        None => focus(find("[data-walk] a.row[aria-current=true]")),
    }
}

fn focus_heading() {
    let in_list = document().active_element().filter(|element| element.has_attribute(WALKED));
    match in_list {
        Some(row) => {
            let _ = row.remove_attribute(WALKED);
        }
        None => focus(find(".pane-detail h2[tabindex]")),
    }
}

fn focus_row(address: &str) {
    // Who left by another way than the detail's own has the focus there.
    let lost = document().active_element().is_none_or(|e| e.matches("body, .pane-detail *").unwrap_or(true));
    if lost {
        focus(find(&format!("[data-walk] a.row[href='{address}']")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_walk_the_list_and_stop_at_its_ends() {
        for (key, here, to) in [
            ("ArrowDown", 0, Some(1)),
            ("ArrowDown", 2, None),
            ("ArrowUp", 1, Some(0)),
            ("ArrowUp", 0, None),
            ("Home", 2, Some(0)),
            ("End", 0, Some(2)),
            ("x", 1, None),
        ] {
            assert_eq!(step(key, 3, here), to, "{key} from {here}");
        }
        assert_eq!(step("End", 0, 0), None);
    }

    #[test]
    fn only_characters_are_single_keys() {
        for key in ["m", "1", "/", "?", "ж"] {
            assert!(is_single(key), "{key}");
        }
        for key in ["Enter", "Escape", "ArrowUp", "F1", " "] {
            assert!(!is_single(key), "{key}");
        }
    }
}
