//! Draws the messages of `watch_video` on a canvas.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use leptos::prelude::*;
use vestibule_ipc::video::{Frame, FrameKind};
use vestibule_model::CallId;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::webcodecs::{self, Context2d, VideoDecoder, VideoFrame};
use super::{codec, picture};
use crate::backend::Decoder;

/// What intercoms send at least: Constrained Baseline 3.1, 720p.
const USUAL_CODEC: &str = "avc1.42E01F";

/// Who decodes in this window: asked once, for the answer does not change while it is open.
pub(crate) async fn choose() -> Decoder {
    let asked = window().location().search().unwrap_or_default();
    if !asked.contains("decoder=native") && webcodecs::supports(USUAL_CODEC).await {
        Decoder::InPage
    } else {
        Decoder::Native
    }
}

/// A canvas with the decoder behind it.
#[derive(Clone)]
pub(crate) struct Player(Rc<RefCell<Inner>>);

struct Inner {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    stream: Option<Stream>,
    /// The call whose pictures are on the canvas.
    call: Option<CallId>,
    drawn: u32,
    on_drawn: Rc<dyn Fn(CallId, u32)>,
}

/// A decoder with the stream that it was set up for.
struct Stream {
    decoder: VideoDecoder,
    codec: String,
    _output: Closure<dyn Fn(VideoFrame)>,
    _error: Closure<dyn Fn(JsValue)>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        // A decoder that failed is closed already.
        let _ = self.decoder.close();
    }
}

impl Player {
    /// Draws on this canvas; `on_drawn` hears of each picture, with its number in its call, from 1.
    /// `None` where the canvas has no 2D context.
    pub(crate) fn new(canvas: HtmlCanvasElement, on_drawn: impl Fn(CallId, u32) + 'static) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let on_drawn = Rc::new(on_drawn);
        let inner = Inner { canvas, context, stream: None, call: None, drawn: 0, on_drawn };
        Some(Self(Rc::new(RefCell::new(inner))))
    }

    /// Takes one message. A message that is no frame is passed over.
    pub(crate) fn take(&self, message: &[u8]) {
        let Some(frame) = Frame::decode(message) else { return };
        if self.0.borrow().call != Some(frame.call) {
            self.begin(frame.call);
        }
        match frame.kind {
            FrameKind::H264 => self.decode(&frame),
            FrameKind::I420 => self.draw_picture(&frame),
        }
    }

    fn begin(&self, call: CallId) {
        let mut inner = self.0.borrow_mut();
        inner.stream = None;
        inner.call = Some(call);
        inner.drawn = 0;
    }

    /// Decoding starts, and starts again after a failure, at a key frame.
    fn decode(&self, frame: &Frame<'_>) {
        if frame.key && !self.prepare(frame.payload) {
            return;
        }
        let inner = self.0.borrow();
        let Some(stream) = &inner.stream else { return };
        let decoded = webcodecs::chunk(frame.key, frame.timestamp, frame.payload)
            .and_then(|chunk| stream.decoder.decode(&chunk));
        drop(inner);
        if decoded.is_err() {
            self.0.borrow_mut().stream = None;
        }
    }

    /// Has a decoder ready for the stream that this key frame begins.
    fn prepare(&self, key_frame: &[u8]) -> bool {
        let Some(codec) = codec::codec_string(key_frame) else { return false };
        let mut inner = self.0.borrow_mut();
        if inner.stream.as_ref().is_some_and(|s| s.codec == codec && s.decoder.state() == "configured") {
            return true;
        }
        inner.stream = self.open(codec).ok();
        inner.stream.is_some()
    }

    fn open(&self, codec: String) -> Result<Stream, JsValue> {
        let weak = Rc::downgrade(&self.0);
        let output = Closure::<dyn Fn(VideoFrame)>::new(move |frame: VideoFrame| {
            if let Some(inner) = weak.upgrade() {
                Self(inner).draw_frame(&frame);
            }
            frame.close();
        });
        let error = Closure::<dyn Fn(JsValue)>::new(|problem: JsValue| {
            // The decoder has closed itself; the next key frame finds it so and opens another.
            leptos::logging::warn!("the decoder failed: {problem:?}");
        });
        let function = |value: &JsValue| -> Function { value.clone().unchecked_into() };
        let decoder = webcodecs::decoder(&function(output.as_ref()), &function(error.as_ref()))?;
        decoder.configure(&webcodecs::config(&codec))?;
        Ok(Stream { decoder, codec, _output: output, _error: error })
    }

    fn draw_frame(&self, frame: &VideoFrame) {
        let inner = self.0.borrow();
        inner.fit(frame.display_width(), frame.display_height());
        let context: &Context2d = inner.context.unchecked_ref();
        let drawn = context.draw_frame(frame, 0.0, 0.0).is_ok();
        drop(inner);
        if drawn {
            self.count("webcodecs");
        }
    }

    fn draw_picture(&self, frame: &Frame<'_>) {
        let (width, height) = (u32::from(frame.width), u32::from(frame.height));
        let Some(pixels) = picture::rgba(frame.width.into(), frame.height.into(), frame.payload) else {
            return;
        };
        let inner = self.0.borrow();
        inner.fit(width, height);
        let drawn = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, height)
            .and_then(|image| inner.context.put_image_data(&image, 0.0, 0.0))
            .is_ok();
        drop(inner);
        if drawn {
            self.count("native");
        }
    }

    fn count(&self, decoder: &str) {
        let mut inner = self.0.borrow_mut();
        inner.drawn += 1;
        let (call, drawn, on_drawn) = (inner.call, inner.drawn, inner.on_drawn.clone());
        let data = inner.canvas.dataset();
        drop(inner);
        // The attributes are for tests; a picture without them is still a picture.
        let _ = data.set("frames", &drawn.to_string());
        let _ = data.set("decoder", decoder);
        if let Some(call) = call {
            on_drawn(call, drawn);
        }
    }
}

impl Inner {
    /// Setting the size of a canvas empties it, so it is done only when it changes.
    fn fit(&self, width: u32, height: u32) {
        if (self.canvas.width(), self.canvas.height()) != (width, height) {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
    }
}
