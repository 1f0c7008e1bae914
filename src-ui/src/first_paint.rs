//! What `theme.js` sets before the first paint, kept as the settings say: colours, language and size of the text.

use leptos::prelude::*;
use vestibule_model::{Language, TextSize, Theme};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::catalogue::{self, use_i18n};
use crate::state::{Preferences, Start, StartPhase};

/// Follows the settings as long as the window lives.
pub(crate) fn follow_settings() {
    follow_theme();
    follow_language();
    follow_text_size();
}

fn follow_theme() {
    let Preferences(preferences) = expect_context();
    let ready = ready();
    let theme = Memo::new(move |_| preferences.with(|p| p.theme));
    Effect::new(move |_| {
        let theme = theme.get();
        if !ready.get() || asked_for("theme=") {
            return;
        }
        let name = match theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        if let Some(root) = document().document_element() {
            let _ = match name {
                Some(name) => root.set_attribute("data-theme", name),
                None => root.remove_attribute("data-theme"),
            };
        }
        keep_for_next_start("theme", name);
    });
}

fn follow_language() {
    let Preferences(preferences) = expect_context();
    let ready = ready();
    let i18n = use_i18n();
    let language = Memo::new(move |_| preferences.with(|p| p.language));
    Effect::new(move |_| {
        let language = language.get();
        if !ready.get() || asked_for("lang=") {
            return;
        }
        keep_for_next_start("language", language.map(Language::code));
        leptos::task::spawn_local(i18n.change(language.unwrap_or_else(catalogue::of_the_system)));
    });
}

fn follow_text_size() {
    let Preferences(preferences) = expect_context();
    let ready = ready();
    let size = Memo::new(move |_| preferences.with(|p| p.text_size));
    Effect::new(move |_| {
        let size = size.get();
        if !ready.get() || asked_for("text=") {
            return;
        }
        let percent = (size != TextSize::default()).then(|| size.percent().to_string());
        keep_for_next_start("text-size", percent.as_deref());
        set_text_size(percent.map(|percent| format!("{percent}%")).unwrap_or_default());
    });
}

/// Sets the size of the root, of which every other size is a part; an empty one is the system's own.
fn set_text_size(size: String) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let (Some(root), Some(body)) = (root, document().body()) else { return };
    let style = root.style();
    if style.get_property_value("font-size").unwrap_or_default() == size {
        return;
    }
    // What a property is set to is a size or nothing, and both are taken.
    let _ = style.set_property("font-size", &size);
    // Widths of containers in rem are measured anew only when everything is laid out anew.
    let _ = body.style().set_property("display", "none");
    let _laid_out = body.offset_height();
    let _ = body.style().remove_property("display");
}

/// Whether the settings are those of the core, and not yet the usual ones.
fn ready() -> Memo<bool> {
    let Start(start) = expect_context();
    Memo::new(move |_| start.with(|phase| *phase == StartPhase::Ready))
}

/// Whether the address fixes what a setting would say, as tests do.
fn asked_for(name: &str) -> bool {
    window().location().search().unwrap_or_default().contains(name)
}

/// What `theme.js` reads before the first paint. Where nothing can be stored, the next start begins as the system is.
fn keep_for_next_start(name: &str, value: Option<&str>) {
    if let Some(storage) = window().local_storage().ok().flatten() {
        let _ = match value {
            Some(value) => storage.set_item(name, value),
            None => storage.remove_item(name),
        };
    }
}
