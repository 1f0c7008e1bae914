//! The building for the test that holds it against the real core: `window.vestibule(command, arguments)`, in JSON.

use std::rc::Rc;

use js_sys::{Promise, Reflect};
use vestibule_ipc::Error;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::future_to_promise;

use super::super::{internal, wrong_type};
use super::Inner;

/// Lets the page be asked as the windows ask the shell.
pub(super) fn open(inner: Rc<Inner>) {
    let ask = Closure::<dyn Fn(String, String) -> Promise>::new(move |name: String, arguments: String| {
        let inner = inner.clone();
        future_to_promise(async move {
            let answer = async {
                inner.mood.wait(&name).await?;
                let reply = inner.reply(&name, Box::new(arguments))?;
                reply.downcast::<String>().map_err(|_| wrong_type(&name))
            };
            answer.await.map(|reply| JsValue::from_str(&reply)).map_err(|problem| refusal(&problem))
        })
    });
    // Without it the test says that it is missing.
    let _ = Reflect::set(&js_sys::global(), &"vestibule".into(), &ask.into_js_value());
}

fn refusal(problem: &Error) -> JsValue {
    let text = serde_json::to_string(problem).map_err(internal);
    JsValue::from_str(&text.unwrap_or_else(|problem| problem.message))
}
