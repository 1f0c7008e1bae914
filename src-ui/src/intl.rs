//! The browser's `Intl` (ECMA-402), which knows the user's habits.

use std::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What formats values: the object and its function.
type Formatter = (JsValue, Function);

thread_local! {
    /// Formatters that were made so far. Making one takes the browser longer than drawing a row.
    static MADE: RefCell<HashMap<String, Formatter>> = RefCell::default();
}

/// A value as a class of `Intl` writes it with these options; `None` where the browser cannot.
pub(crate) fn intl(class: &str, locale: &str, options: &[(&str, &str)], value: &JsValue) -> Option<String> {
    let key = format!("{class} {locale} {options:?}");
    let known = MADE.with_borrow(|made| made.get(&key).cloned());
    let (formatter, format) = match known {
        Some(known) => known,
        None => {
            let new = formatter(class, locale, options)?;
            MADE.with_borrow_mut(|made| made.insert(key, new.clone()));
            new
        }
    };
    format.call1(&formatter, value).ok()?.as_string()
}

/// The bindings of js-sys stop the program where a constructor refuses its options; this does not.
fn formatter(class: &str, locale: &str, options: &[(&str, &str)]) -> Option<Formatter> {
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let class = field(&field(&js_sys::global(), "Intl")?, class)?.dyn_into::<Function>().ok()?;
    let asked = Object::new();
    for (name, value) in options {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&asked, &(*name).into(), &(*value).into());
    }
    let formatter = Reflect::construct(&class, &Array::of2(&locale.into(), &asked)).ok()?;
    let format = field(&formatter, "format")?.dyn_into().ok()?;
    Some((formatter, format))
}
