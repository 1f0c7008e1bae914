//! The system's clipboard.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// Copies text; false where there is no clipboard, or it may not be used.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Only a secure page has one, whatever the types say.
    let there = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
