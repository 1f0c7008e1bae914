//! The camera and its encoder: a thread that draws and codes 25 pictures a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use vestibule_media::AccessUnit;
use vestibule_media::picture::{Encoder, EncoderSettings, PictureError};

use crate::burn::Stamp;
use crate::report::unix_ms;
use crate::scene::{FRAME_RATE, Scene};

/// Bits in a second: what intercoms of 720p are set to.
pub const BITRATE: u32 = 1_500_000;
/// A key frame comes at least every four seconds.
pub const KEY_INTERVAL: u32 = 4 * FRAME_RATE;
/// The largest NAL unit in packetization mode 0, in bytes: it has to fit a datagram of an Ethernet with room for
/// tunnels.
const LARGEST_NAL: u16 = 1_200;
/// Frames that may wait for the call's task.
const WAITING: usize = 12;

/// A camera that is switched on. Dropping it, or the receiver of its pictures, switches it off.
#[derive(Debug)]
pub struct Camera {
    orders: Arc<Orders>,
}

#[derive(Debug, Default)]
struct Orders {
    key_wanted: AtomicBool,
    off: AtomicBool,
}

impl Camera {
    /// Switches it on; its first picture is a key frame and is coded at once.
    ///
    /// # Errors
    /// The encoder cannot be set up, or there is no thread left for it.
    pub fn on(
        scene: Arc<Scene>,
        packetization_mode: u8,
    ) -> Result<(Self, mpsc::Receiver<AccessUnit>), CameraError> {
        let settings = EncoderSettings {
            bitrate: BITRATE,
            frame_rate: FRAME_RATE as f32,
            key_interval: KEY_INTERVAL,
            max_nal: (packetization_mode == 0).then_some(LARGEST_NAL),
        };
        let encoder = Encoder::new(settings)?;
        let (pictures, receiver) = mpsc::channel(WAITING);
        let orders = Arc::new(Orders::default());
        let film = Film { scene, encoder, orders: orders.clone(), pictures };
        std::thread::Builder::new().name("camera".to_owned()).spawn(move || film.run())?;
        Ok((Self { orders }, receiver))
    }

    /// Makes the next picture a key frame.
    pub fn request_key_frame(&self) {
        self.orders.key_wanted.store(true, Ordering::Relaxed);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.orders.off.store(true, Ordering::Relaxed);
    }
}

/// The camera could not be switched on.
#[derive(Debug, thiserror::Error)]
pub enum CameraError {
    /// The encoder did not start.
    #[error("the camera's encoder did not start")]
    Encoder(#[from] PictureError),
    /// There is no thread for it.
    #[error("the camera's thread did not start")]
    Thread(#[from] std::io::Error),
}

struct Film {
    scene: Arc<Scene>,
    encoder: Encoder,
    orders: Arc<Orders>,
    pictures: mpsc::Sender<AccessUnit>,
}

impl Film {
    fn run(mut self) {
        let period = Duration::from_secs(1) / FRAME_RATE;
        let start = Instant::now();
        let mut tick = 0_u32;
        let mut frame = 0_u32;
        while !self.orders.off.load(Ordering::Relaxed) {
            let timestamp = period * tick;
            std::thread::sleep((start + timestamp).saturating_duration_since(Instant::now()));
            if self.orders.key_wanted.swap(false, Ordering::Relaxed) {
                self.encoder.request_key_frame();
            }
            let stamp = Stamp { frame, unix_ms: unix_ms() };
            match self.shoot(stamp, timestamp).map(|unit| self.pictures.try_send(unit)) {
                Ok(Ok(())) => {}
                // The call's task is behind: what follows cannot be decoded without this one.
                Ok(Err(TrySendError::Full(_))) => self.encoder.request_key_frame(),
                Ok(Err(TrySendError::Closed(_))) => return,
                Err(error) => return tracing::error!(%error, "the camera stopped"),
            }
            frame = frame.wrapping_add(1);
            // A machine that is too slow leaves pictures out rather than falling behind.
            let due = start.elapsed().as_millis() / period.as_millis();
            tick = (tick + 1).max(u32::try_from(due).unwrap_or(u32::MAX));
        }
    }

    fn shoot(&mut self, stamp: Stamp, timestamp: Duration) -> Result<AccessUnit, PictureError> {
        let picture = self.scene.draw(stamp).into_picture()?;
        let coded = self.encoder.encode(&picture, timestamp)?;
        Ok(AccessUnit {
            data: Bytes::from(coded.data),
            key: coded.key,
            flawed: false,
            timestamp,
            last_packet_at: Instant::now(),
        })
    }
}

#[cfg(test)]
mod tests {
    use vestibule_media::picture::Decoder;

    use super::*;
    use crate::burn;
    use crate::canvas::Colour;
    use crate::scene::{PATCH, PATCHES};

    /// Decodes what the camera shoots until a picture is right.
    fn watch(packetization_mode: u8, mut check: impl FnMut(&AccessUnit, &[u8], usize) -> bool) {
        let scene = Arc::new(Scene::door().unwrap());
        let (_camera, mut pictures) = Camera::on(scene, packetization_mode).unwrap();
        let mut decoder = Decoder::new().unwrap();
        while let Some(unit) = pictures.blocking_recv() {
            // A busy machine may make this test late, and then what was left out is missed until a key frame.
            let Ok(Some(picture)) = decoder.decode(&unit.data) else { continue };
            if check(&unit, picture.data(), usize::from(picture.width())) {
                return;
            }
        }
        panic!("the camera stopped");
    }

    #[test]
    fn stamps_and_patches_survive_coding() {
        let (mut seen, mut next) = (0, 0);
        watch(1, |unit, picture, width| {
            let stamp = burn::read(picture, width).expect("a stamp in every frame");
            assert!(stamp.frame >= next && (unit.key || seen > 0), "{stamp:?} after {next}");
            assert!(unix_ms().abs_diff(stamp.unix_ms) < 60_000);
            for patch in PATCHES {
                let luma = picture[(patch.y + PATCH / 2) * width + patch.x + PATCH / 2];
                assert!(luma.abs_diff(Colour::from_rgb(patch.rgb).y) <= 6, "{patch:?}: {luma}");
            }
            seen += 1;
            next = stamp.frame + 1;
            seen == 30
        });
    }

    #[test]
    fn small_nal_units_suit_packetization_mode_0() {
        watch(0, |unit, picture, width| {
            let largest = unit.data.windows(4).enumerate().filter(|(_, start)| *start == [0, 0, 0, 1]);
            let starts: Vec<usize> = largest.map(|(at, _)| at).chain([unit.data.len()]).collect();
            assert!(starts.windows(2).all(|pair| pair[1] - pair[0] <= usize::from(LARGEST_NAL) + 4));
            assert!(burn::read(picture, width).is_some());
            !unit.key
        });
    }
}
