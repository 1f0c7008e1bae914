//! What the made-up cameras show: a recorded H.264 clip, or drawn pictures for a page that cannot decode.

use js_sys::Uint8Array;
use leptos::prelude::window;
use vestibule_ipc::video::{Frame, FrameKind};
use vestibule_model::CallId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::pause;
use crate::backend::Decoder;

/// 640 × 360, 15 pictures a second, an access unit delimiter before each.
const CLIP: &str = "fake/door.h264";
const MILLIS: i32 = 66;

/// Shows the film as long as the page lives, to whatever call there is to see.
pub(super) async fn show(
    decoder: Decoder,
    call: impl Fn() -> Option<CallId>,
    on_message: Box<dyn Fn(Vec<u8>)>,
) {
    let clip = match decoder {
        Decoder::InPage => fetch(CLIP).await.unwrap_or_default(),
        Decoder::Native => Vec::new(),
    };
    let units = access_units(&clip);
    let mut shown = None;
    let mut number = 0_usize;
    loop {
        pause(MILLIS).await;
        let now = call();
        if now != shown {
            shown = now;
            // A decoder starts at a key frame, and the first unit is one.
            number = 0;
        }
        let Some(call) = now else { continue };
        let timestamp = number as u64 * MILLIS as u64 * 1000;
        let message = match units.get(number % units.len().max(1)) {
            Some(unit) => Frame {
                call,
                kind: FrameKind::H264,
                key: is_key(unit),
                width: 0,
                height: 0,
                timestamp,
                payload: unit,
            }
            .encode(),
            None => {
                let payload = drawn(number);
                Frame {
                    call,
                    kind: FrameKind::I420,
                    key: true,
                    width: WIDTH,
                    height: HEIGHT,
                    timestamp,
                    payload: &payload,
                }
                .encode()
            }
        };
        on_message(message);
        number += 1;
    }
}

async fn fetch(path: &str) -> Result<Vec<u8>, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(path)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&body).to_vec())
}

/// Cuts a byte stream at its access unit delimiters (H.264 section 7.4.1.2.3, NAL unit type 9).
fn access_units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = stream
        .windows(5)
        .enumerate()
        .filter(|(_, window)| matches!(window, [0, 0, 0, 1, header] if header & 0x1f == 9))
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| stream.get(*start..end)).collect()
}

/// Whether there is a slice of an IDR picture (NAL unit type 5).
fn is_key(unit: &[u8]) -> bool {
    unit.windows(4).any(|window| matches!(window, [0, 0, 1, header] if header & 0x1f == 5))
}

const WIDTH: u16 = 320;
const HEIGHT: u16 = 180;

/// A picture with a bar that walks over it.
fn drawn(number: usize) -> Vec<u8> {
    let (width, height) = (usize::from(WIDTH), usize::from(HEIGHT));
    let bar = number * 3 % width;
    let luma = (0..height).flat_map(|y| {
        (0..width)
            .map(move |x| if x.abs_diff(bar) < 12 { 210 } else { u8::try_from(40 + y / 2).unwrap_or(130) })
    });
    let chroma = width / 2 * (height / 2);
    luma.chain(std::iter::repeat_n(150, chroma)).chain(std::iter::repeat_n(110, chroma)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clip_is_cut_into_pictures_that_begin_with_a_key_frame() {
        let clip = include_bytes!("../../../fake/door.h264");
        let units = access_units(clip);
        assert_eq!(units.iter().map(|unit| unit.len()).sum::<usize>(), clip.len());
        assert!(units.len() > 60);
        assert!(units.first().is_some_and(|unit| is_key(unit)));
        assert!(!units.iter().all(|unit| is_key(unit)));
    }

    #[test]
    fn a_drawn_picture_has_the_size_of_its_planes() {
        assert_eq!(drawn(7).len(), 320 * 180 * 3 / 2);
    }
}
