//! The part of WebCodecs that a call needs. web-sys has it behind an unstable flag, so the names stand here.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    pub(super) type VideoDecoder;

    #[wasm_bindgen(constructor, catch)]
    pub(super) fn new(init: &Object) -> Result<VideoDecoder, JsValue>;

    #[wasm_bindgen(static_method_of = VideoDecoder, js_name = isConfigSupported, catch)]
    fn is_config_supported(config: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn configure(this: &VideoDecoder, config: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn decode(this: &VideoDecoder, chunk: &EncodedVideoChunk) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn close(this: &VideoDecoder) -> Result<(), JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn state(this: &VideoDecoder) -> String;

    pub(super) type EncodedVideoChunk;

    #[wasm_bindgen(constructor, catch)]
    pub(super) fn new(init: &Object) -> Result<EncodedVideoChunk, JsValue>;

    pub(super) type VideoFrame;

    #[wasm_bindgen(method, getter, js_name = displayWidth)]
    pub(super) fn display_width(this: &VideoFrame) -> u32;

    #[wasm_bindgen(method, getter, js_name = displayHeight)]
    pub(super) fn display_height(this: &VideoFrame) -> u32;

    #[wasm_bindgen(method)]
    pub(super) fn close(this: &VideoFrame);

    /// The 2D context of a canvas, as far as it takes video frames.
    pub(super) type Context2d;

    #[wasm_bindgen(method, catch, js_name = drawImage)]
    pub(super) fn draw_frame(this: &Context2d, frame: &VideoFrame, x: f64, y: f64) -> Result<(), JsValue>;
}

/// A stream as WebCodecs is told of it. Without a description the access units are Annex B.
pub(super) fn config(codec: &str) -> Object {
    object(&[
        ("codec", codec.into()),
        ("optimizeForLatency", true.into()),
        ("hardwareAcceleration", "no-preference".into()),
    ])
}

/// One access unit.
pub(super) fn chunk(key: bool, timestamp: u64, data: &[u8]) -> Result<EncodedVideoChunk, JsValue> {
    EncodedVideoChunk::new(&object(&[
        ("type", if key { "key" } else { "delta" }.into()),
        // Exact for 285 years of microseconds.
        ("timestamp", (timestamp as f64).into()),
        ("data", js_sys::Uint8Array::from(data).into()),
    ]))
}

/// A decoder that hands its pictures and its failure over.
pub(super) fn decoder(output: &Function, error: &Function) -> Result<VideoDecoder, JsValue> {
    VideoDecoder::new(&object(&[("output", output.into()), ("error", error.into())]))
}

/// Whether this window can decode the codec by itself.
pub(super) async fn supports(codec: &str) -> bool {
    if !Reflect::has(&js_sys::global(), &"VideoDecoder".into()).unwrap_or(false) {
        return false;
    }
    let Ok(promise) = VideoDecoder::is_config_supported(&config(codec)) else { return false };
    match JsFuture::from(promise).await {
        Ok(answer) => Reflect::get(&answer, &"supported".into()).is_ok_and(|value| value.is_truthy()),
        Err(_) => false,
    }
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
