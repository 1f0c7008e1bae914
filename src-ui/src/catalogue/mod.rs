//! The words of the app. Keys and the values they take are checked when the app is compiled (`build.rs`); the words
//! of a language are a file of its own, which is fetched when the language is chosen.

#[cfg(test)]
mod unused;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use js_sys::{Array, Intl, Object};
use leptos::prelude::*;
use vestibule_model::Language;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[allow(
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    unused_imports,
    clippy::module_inception,
    reason = "generated: one item for each key, under the key's own name, of which a build may use only some"
)]
pub(crate) mod keys {
    include!(concat!(env!("OUT_DIR"), "/keys.rs"));
}

type Sections = HashMap<String, HashMap<String, String>>;

/// The words of one language.
#[derive(Clone, Copy)]
pub(crate) struct Words(&'static Sections);

/// Name of words that do not vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    section: &'static str,
    name: &'static str,
}

impl Key {
    const fn new(section: &'static str, name: &'static str) -> Self {
        Self { section, name }
    }
}

/// Words with the values that stand in them.
pub(crate) struct Filled {
    key: Key,
    plural: bool,
    values: Vec<(&'static str, String)>,
}

impl Filled {
    fn new(key: Key, plural: bool, values: Vec<(&'static str, String)>) -> Self {
        Self { key, plural, values }
    }
}

thread_local! {
    /// The languages that were chosen so far. They stay: there are few, and words are borrowed for as long as the
    /// window lives.
    static LOADED: RefCell<HashMap<String, Words>> = RefCell::default();
    /// The language that was asked for last: one that comes late has no say any more.
    static WANTED: Cell<Option<Language>> = const { Cell::new(None) };
}

/// The catalogue of the language that is chosen.
#[derive(Clone, Copy)]
pub(crate) struct Catalogue(RwSignal<Words>);

impl Catalogue {
    /// Words that do not vary. The name of a key that the file lacks, for a window that says something odd is better
    /// than one that says nothing.
    pub(crate) fn text(self, key: Key) -> &'static str {
        find(self.0.get_untracked(), key.section, key.name).unwrap_or(key.name)
    }

    /// Has what reads this run again when the language changes.
    pub(crate) fn follow(self) {
        self.0.track();
    }

    /// Changes to a language, once its words have come.
    pub(crate) async fn change(self, language: Language) {
        let code = language.code();
        WANTED.set(Some(language));
        if crate::format::language() == code {
            return;
        }
        match load(code).await {
            Ok(_) if WANTED.get() != Some(language) => (),
            Ok(words) => {
                if let Some(root) = root() {
                    let direction = if language.is_right_to_left() { "rtl" } else { "ltr" };
                    // Times are written in the language of the page: first that, then the words, which redraw.
                    let _ =
                        root.set_attribute("lang", code).and_then(|()| root.set_attribute("dir", direction));
                }
                self.0.set(words);
            }
            Err(problem) => leptos::logging::error!("no words for {code}: {problem:?}"),
        }
    }

    /// Words with their values in place.
    pub(crate) fn fill(self, filled: Filled) -> String {
        let Filled { key, plural, mut values } = filled;
        let words = self.0.get_untracked();
        let mut text = None;
        if plural && let Some((_, count)) = values.iter_mut().find(|(name, _)| *name == "count") {
            let number = count.parse().unwrap_or(0.0);
            let category = category(number);
            text = find(words, key.section, &format!("{}_{category}", key.name))
                .or_else(|| find(words, key.section, &format!("{}_other", key.name)));
            *count = crate::format::number(number);
        }
        let text = text.or_else(|| find(words, key.section, key.name)).unwrap_or(key.name);
        place(text, &values)
    }
}

fn find(Words(words): Words, section: &str, name: &str) -> Option<&'static str> {
    words.get(section)?.get(name).map(String::as_str)
}

/// Puts values in the place of `{{ name }}`.
fn place(text: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name.trim()) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The plural category of a number in the language of the page (Unicode CLDR).
fn category(number: f64) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&crate::format::language().into()), &Object::new());
    rules.select(number).into()
}

/// The catalogue, once [`provide`] has put it into the context.
pub(crate) fn use_i18n() -> Catalogue {
    expect_context()
}

/// Puts the words into the context that [`load_at_start`] has fetched.
pub(crate) fn provide(words: Words) {
    provide_context(Catalogue(RwSignal::new(words)));
}

/// The words that `theme.js` has found to be right before the first paint, or English ones.
pub(crate) async fn load_at_start() -> Words {
    let asked =
        root().and_then(|root| root.get_attribute("data-words")).unwrap_or_else(crate::format::language);
    for code in [asked.as_str(), "en"] {
        match load(code).await {
            Ok(words) => return words,
            Err(problem) => leptos::logging::error!("no words for {code}: {problem:?}"),
        }
    }
    Words(Box::leak(Box::default()))
}

/// The language of the system, or English where the app does not speak it.
pub(crate) fn of_the_system() -> Language {
    let wanted = window().navigator().languages();
    let spoken = |wanted: JsValue| {
        let wanted = wanted.as_string()?;
        Language::ALL.into_iter().find(|language| wanted.split('-').next() == Some(language.code()))
    };
    wanted.iter().find_map(spoken).unwrap_or(Language::En)
}

fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Fetches the words of a language, by its code.
async fn load(code: &str) -> Result<Words, JsValue> {
    if let Some(words) = LOADED.with_borrow(|loaded| loaded.get(code).copied()) {
        return Ok(words);
    }
    let response = JsFuture::from(window().fetch_with_str(&format!("locales/{code}.json"))).await?;
    let response: web_sys::Response = response.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let sections: Sections = serde_json::from_str(&text).map_err(|error| JsValue::from(error.to_string()))?;
    let words = Words(Box::leak(Box::new(sections)));
    LOADED.with_borrow_mut(|loaded| loaded.insert(code.to_owned(), words));
    Ok(words)
}

/// Words by their key, `section.name`, with the values that stand in them.
macro_rules! t_string {
    ($i18n:expr, $section:ident . $name:ident) => {
        $i18n.text($crate::catalogue::keys::$section::$name)
    };
    ($i18n:expr, $section:ident . $name:ident, $($value:ident = $given:expr),+ $(,)?) => {
        $i18n.fill(
            $crate::catalogue::keys::$section::$name { $($value: ::std::string::ToString::to_string(&$given)),+ }.filled(),
        )
    };
}
pub(crate) use t_string;

/// The same, following the values. One type for all of them, for each type that a view holds is code of its own in
/// the wasm.
macro_rules! say {
    ($i18n:expr, $($key:tt)*) => {
        ::leptos::prelude::Signal::derive(move || ::std::string::String::from($crate::catalogue::t_string!($i18n, $($key)*)))
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_their_places() {
        let values = [("name", "Courier".to_owned()), ("time", "14:02".to_owned())];
        for (text, placed) in [
            ("{{ name }} at {{time}}", "Courier at 14:02"),
            ("no values", "no values"),
            ("{{ unknown }}!", "!"),
            ("{{ name", "{{ name"),
            ("", ""),
        ] {
            assert_eq!(place(text, &values), placed);
        }
    }
}
