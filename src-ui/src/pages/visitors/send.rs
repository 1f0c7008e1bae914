//! The ways out of the page: clipboard, share sheet, e-mail, a file. Not every system has each of them, and some ask
//! first; what is absent is found out by looking, for a binding to it would stop the program.

use std::time::Duration;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use vestibule_model::Secret;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::clipboard::copy;

/// How long a copied PIN stays in the clipboard.
const COPIED: Duration = Duration::from_secs(60);

/// Copies a secret, and clears the clipboard after a minute if it is still there and may be looked at.
pub(crate) async fn copy_for_a_minute(secret: &Secret) -> bool {
    if !copy(secret.reveal()).await {
        return false;
    }
    let secret = secret.clone();
    let clear = async move {
        // Where it cannot be cleared it stays, as it does after any copying.
        let _ = clear(secret).await;
    };
    set_timeout(move || leptos::task::spawn_local(clear), COPIED);
    true
}

/// A browser that would have to ask whether the clipboard may be read is left alone: a question a minute later would
/// puzzle more than it helps.
async fn clear(secret: Secret) -> Option<()> {
    let permissions = field(&navigator(), "permissions")?;
    let asked = object(&[("name", "clipboard-read".into())]);
    let status = settle(call(&permissions, "query", &[asked.into()])).await?;
    if field(&status, "state")?.as_string()? != "granted" {
        return None;
    }
    let clipboard = field(&navigator(), "clipboard")?;
    let held = settle(call(&clipboard, "readText", &[])).await?;
    if held.as_string()? == secret.reveal() {
        settle(call(&clipboard, "writeText", &["".into()])).await?;
    }
    Some(())
}

/// Whether this system has a share sheet.
pub(super) fn can_share() -> bool {
    field(&navigator(), "share").is_some()
}

/// Opens the share sheet, with a picture where that is taken. A sheet that was closed has done what it should.
pub(super) async fn share(title: &str, text: &str, picture: Option<(&str, &[u8])>) -> bool {
    let data = object(&[("title", title.into()), ("text", text.into())]);
    if let Some(files) = picture.and_then(|(name, bytes)| file(name, bytes)) {
        let with_files = object(&[("title", title.into()), ("text", text.into()), ("files", files.into())]);
        if call(&navigator(), "canShare", &[with_files.clone().into()]).is_some_and(|can| can.is_truthy()) {
            return shared(&with_files).await;
        }
    }
    shared(&data).await
}

async fn shared(data: &Object) -> bool {
    let Some(share) = field(&navigator(), "share").and_then(|share| share.dyn_into::<Function>().ok()) else {
        return false;
    };
    let closed = |problem: JsValue| field(&problem, "name").is_some_and(|name| name == "AbortError");
    match share.call1(&navigator(), data) {
        Err(problem) => closed(problem),
        Ok(promise) => match JsFuture::from(Promise::resolve(&promise)).await {
            Ok(_) => true,
            Err(problem) => closed(problem),
        },
    }
}

/// Opens a new e-mail. The address of it is made when it is needed, and is kept nowhere.
pub(super) fn mail(subject: &str, body: &str) {
    let code = |text: &str| String::from(js_sys::encode_uri_component(text));
    follow(&format!("mailto:?subject={}&body={}", code(subject), code(body)), None);
}

/// Saves a file as the browser does it.
pub(super) fn save(name: &str, kind: &str, bytes: &[u8]) -> bool {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options) else {
        return false;
    };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return false };
    let followed = follow(&url, Some(name));
    // The browser has taken the file by then.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&url);
        },
        COPIED,
    );
    followed
}

fn follow(url: &str, download: Option<&str>) -> bool {
    let link =
        document().create_element("a").ok().and_then(|a| a.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let Some(link) = link else { return false };
    link.set_href(url);
    if let Some(name) = download {
        link.set_download(name);
    }
    link.click();
    true
}

fn file(name: &str, bytes: &[u8]) -> Option<Array> {
    let options = web_sys::FilePropertyBag::new();
    options.set_type("image/png");
    let parts = Array::of1(&Uint8Array::from(bytes));
    let file = web_sys::File::new_with_u8_array_sequence_and_options(&parts, name, &options).ok()?;
    Some(Array::of1(&file))
}

fn navigator() -> JsValue {
    window().navigator().into()
}

/// A field, unless it is absent.
fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = field(of, name)?.dyn_into().ok()?;
    function.apply(of, &arguments.iter().collect::<Array>()).ok()
}

async fn settle(promise: Option<JsValue>) -> Option<JsValue> {
    JsFuture::from(Promise::resolve(&promise?)).await.ok()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
