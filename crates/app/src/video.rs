//! Video on its way from the calls to the windows.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;
use vestibule_ipc::video::{Frame, FrameKind};
use vestibule_media::AccessUnit;
use vestibule_media::picture::Decoder;
use vestibule_model::CallId;

/// Where pictures are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoDecoder {
    /// The page decodes H.264 itself, by WebCodecs.
    InPage,
    /// The page cannot: the core decodes and sends I420 pictures.
    Native,
}

/// Frames in the group since the last key frame that are kept for a window that comes late: eight seconds at
/// 25 a second, the longest distance between key frames that was seen in the field.
const GROUP_FRAMES: usize = 200;
/// Frames that a slow window may be behind before it has to wait for the next key frame.
const QUEUE: usize = 64;

/// Hands every frame of the call on the screen to every window that watches.
pub(crate) struct VideoFeed {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    groups: HashMap<CallId, Vec<Bytes>>,
    on_screen: Option<CallId>,
    viewers: Vec<Viewer>,
}

struct Viewer {
    queue: mpsc::Sender<Vec<u8>>,
    /// A frame was dropped: nothing before the next key frame can be decoded.
    waits_for_key: bool,
}

impl VideoFeed {
    pub(crate) fn new() -> Self {
        Self { inner: Mutex::default() }
    }

    /// Begins with the last key frame of the call on the screen and all that came after it.
    pub(crate) fn watch(&self, decoder: VideoDecoder) -> mpsc::Receiver<Vec<u8>> {
        let (queue, frames) = mpsc::channel(GROUP_FRAMES + QUEUE);
        let mut inner = self.lock();
        let group = inner.on_screen.and_then(|call| inner.groups.get(&call)).cloned().unwrap_or_default();
        let mut viewer = Viewer { queue, waits_for_key: true };
        for message in group {
            viewer.offer(&message, is_key(&message));
        }
        inner.viewers.push(viewer);
        match decoder {
            VideoDecoder::InPage => frames,
            VideoDecoder::Native => decode_natively(frames),
        }
    }

    /// Chooses whose pictures the windows see; what is known of them already is sent at once.
    pub(crate) fn put_on_screen(&self, call: CallId) {
        let mut inner = self.lock();
        if inner.on_screen == Some(call) {
            return;
        }
        inner.on_screen = Some(call);
        let group = inner.groups.get(&call).cloned().unwrap_or_default();
        for viewer in &mut inner.viewers {
            viewer.waits_for_key = true;
            for message in &group {
                viewer.offer(message, is_key(message));
            }
        }
    }

    pub(crate) fn push(&self, call: CallId, unit: &AccessUnit) {
        let message: Bytes = Frame {
            call,
            kind: FrameKind::H264,
            key: unit.key,
            width: 0,
            height: 0,
            timestamp: u64::try_from(unit.timestamp.as_micros()).unwrap_or(u64::MAX),
            payload: &unit.data,
        }
        .encode()
        .into();
        let mut inner = self.lock();
        if inner.on_screen == Some(call) {
            inner.viewers.retain_mut(|viewer| viewer.offer(&message, unit.key));
        }
        let group = inner.groups.entry(call).or_default();
        if unit.key {
            group.clear();
        }
        // A group without its key frame, or an endless one, is of no use to a late viewer.
        if unit.key || (!group.is_empty() && group.len() < GROUP_FRAMES) {
            group.push(message);
        }
    }

    pub(crate) fn forget(&self, call: CallId) {
        let mut inner = self.lock();
        inner.groups.remove(&call);
        if inner.on_screen == Some(call) {
            inner.on_screen = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Viewer {
    /// Gives the viewer a frame if it can use one; false when the viewer has gone.
    fn offer(&mut self, message: &Bytes, key: bool) -> bool {
        if self.waits_for_key && !key {
            return !self.queue.is_closed();
        }
        match self.queue.try_send(message.to_vec()) {
            Ok(()) => self.waits_for_key = false,
            Err(mpsc::error::TrySendError::Full(_)) => self.waits_for_key = true,
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
        }
        true
    }
}

fn is_key(message: &[u8]) -> bool {
    Frame::decode(message).is_some_and(|frame| frame.key)
}

/// Turns access units into pictures on a thread of its own: a frame takes milliseconds, too long for the runtime.
fn decode_natively(mut units: mpsc::Receiver<Vec<u8>>) -> mpsc::Receiver<Vec<u8>> {
    let (queue, pictures) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut decoder: Option<(CallId, Decoder)> = None;
        while let Some(message) = units.blocking_recv() {
            let Some(frame) = Frame::decode(&message) else {
                continue;
            };
            // Another call begins with a key frame and a clean decoder.
            if decoder.as_ref().is_none_or(|(call, _)| *call != frame.call) {
                match Decoder::new() {
                    Ok(new) => decoder = Some((frame.call, new)),
                    Err(error) => return tracing::error!(%error, "no native H.264 decoder"),
                }
            }
            let Some((_, machine)) = &mut decoder else {
                continue;
            };
            let picture = match machine.decode(frame.payload) {
                Ok(Some(picture)) => picture,
                Ok(None) => continue,
                Err(error) => {
                    tracing::debug!(%error, "a frame could not be decoded");
                    continue;
                }
            };
            // A picture that comes while the page is still painting the last ones is late already.
            if units.len() > QUEUE / 2 {
                continue;
            }
            let message = Frame {
                kind: FrameKind::I420,
                key: true,
                width: picture.width(),
                height: picture.height(),
                payload: picture.data(),
                ..frame
            }
            .encode();
            if queue.blocking_send(message).is_err() {
                return;
            }
        }
    });
    pictures
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn unit(key: bool, number: u64) -> AccessUnit {
        AccessUnit {
            data: Bytes::from_static(b"\0\0\0\x01"),
            key,
            flawed: false,
            timestamp: Duration::from_millis(number),
            last_packet_at: Instant::now(),
        }
    }

    fn seen(frames: &mut mpsc::Receiver<Vec<u8>>) -> Vec<u64> {
        let mut seen = Vec::new();
        while let Ok(message) = frames.try_recv() {
            seen.push(Frame::decode(&message).unwrap().timestamp / 1000);
        }
        seen
    }

    #[test]
    fn a_late_viewer_begins_with_the_last_key_frame() {
        let feed = VideoFeed::new();
        feed.put_on_screen(CallId(1));
        for (key, number) in [(true, 1), (false, 2), (true, 3), (false, 4)] {
            feed.push(CallId(1), &unit(key, number));
        }
        let mut frames = feed.watch(VideoDecoder::InPage);
        feed.push(CallId(1), &unit(false, 5));
        assert_eq!(seen(&mut frames), [3, 4, 5]);
    }

    #[test]
    fn a_waiting_call_is_not_seen_until_it_is_put_on_the_screen() {
        let feed = VideoFeed::new();
        let mut frames = feed.watch(VideoDecoder::InPage);
        feed.put_on_screen(CallId(1));
        feed.push(CallId(1), &unit(true, 1));
        feed.push(CallId(2), &unit(true, 100));
        assert_eq!(seen(&mut frames), [1]);
        feed.put_on_screen(CallId(2));
        feed.push(CallId(2), &unit(false, 101));
        assert_eq!(seen(&mut frames), [100, 101]);
    }

    #[test]
    fn a_viewer_that_fell_behind_goes_on_at_the_next_key_frame() {
        let feed = VideoFeed::new();
        let mut frames = feed.watch(VideoDecoder::InPage);
        feed.put_on_screen(CallId(1));
        feed.push(CallId(1), &unit(true, 0));
        for number in 1..=(GROUP_FRAMES + QUEUE) as u64 + 5 {
            feed.push(CallId(1), &unit(false, number));
        }
        let before = seen(&mut frames).len();
        feed.push(CallId(1), &unit(false, 9_001));
        feed.push(CallId(1), &unit(true, 9_002));
        assert_eq!(before, GROUP_FRAMES + QUEUE);
        assert_eq!(seen(&mut frames), [9_002]);
    }
}
