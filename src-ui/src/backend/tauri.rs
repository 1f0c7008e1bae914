//! The backend in the shell's windows, over the global that Tauri injects.

use js_sys::{Function, JSON, Object, Reflect, Uint8Array};
use vestibule_ipc::{Error, ErrorCode, Event};
use vestibule_model::CallId;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Answer, Backend, Decoder, Done, Order, Reply, internal};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"])]
    async fn invoke(command: &str, args: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "event"])]
    async fn listen(event: &str, handler: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "core"])]
    type Channel;

    #[wasm_bindgen(constructor, js_namespace = ["window", "__TAURI__", "core"])]
    fn new() -> Channel;

    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &Channel, handler: &Function);
}

/// Whether the shell's global is there.
#[cfg(feature = "fake")]
pub(super) fn is_here() -> bool {
    Reflect::has(&js_sys::global(), &"__TAURI__".into()).unwrap_or(false)
}

/// The shell around this window.
pub(super) struct Shell;

impl Backend for Shell {
    fn send(&self, order: Order) -> Reply {
        Box::pin(async move {
            let args = (order.to_json)(&*order.command)?;
            let args = wrapped("args", &JSON::parse(&args).map_err(refusal)?)?;
            let reply = invoke(order.name, &args).await.map_err(refusal)?;
            // A handler that returns nothing answers `null` or, through JSON, nothing at all.
            if reply.is_undefined() || reply.is_null() {
                return Ok(Answer::Json("null".to_owned()));
            }
            Ok(Answer::Json(JSON::stringify(&reply).map_err(refusal)?.into()))
        })
    }

    fn listen(&self, on_event: Box<dyn Fn(Event)>) -> Done {
        let handler = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
            let payload = Reflect::get(&message, &"payload".into()).unwrap_or(JsValue::NULL);
            if let Some(event) = JSON::stringify(&payload).ok().and_then(|text| parse(&String::from(text))) {
                on_event(event);
            }
        });
        let handler = handler.into_js_value();
        Box::pin(async move {
            if let Err(problem) = listen(Event::NAME, handler.unchecked_ref()).await {
                leptos::logging::error!("events cannot be listened to: {problem:?}");
            }
        })
    }

    fn watch_video(&self, decoder: Decoder, on_message: Box<dyn Fn(Vec<u8>)>) {
        let channel = Channel::new();
        let handler = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
            on_message(Uint8Array::new(&message).to_vec());
        });
        channel.set_onmessage(handler.into_js_value().unchecked_ref());
        let decoder = match decoder {
            Decoder::InPage => "in_page",
            Decoder::Native => "native",
        };
        spawn_local(async move {
            let asked = async {
                let args = wrapped("decoder", &decoder.into())?;
                Reflect::set(&args, &"channel".into(), &channel).map_err(refusal)?;
                invoke("watch_video", &args).await.map_err(refusal)
            };
            if let Err(problem) = asked.await {
                leptos::logging::error!("no video: {problem}");
            }
        });
    }

    fn picture_url(&self, call: CallId) -> String {
        format!("picture://localhost/{}", call.0)
    }
}

/// `{ name: value }`
fn wrapped(name: &str, value: &JsValue) -> Result<JsValue, Error> {
    let object = Object::new();
    Reflect::set(&object, &name.into(), value).map_err(refusal)?;
    Ok(object.into())
}

fn parse(text: &str) -> Option<Event> {
    serde_json::from_str(text)
        .inspect_err(|problem| leptos::logging::error!("an event was not understood: {problem}"))
        .ok()
}

/// The core refuses with its own error; the shell itself with a text.
fn refusal(value: JsValue) -> Error {
    if let Some(text) = value.as_string() {
        return Error::new(ErrorCode::Internal, text);
    }
    let text = JSON::stringify(&value).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|_| internal(text))
}
