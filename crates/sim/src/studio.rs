//! Camera, microphone and loudspeaker of one call, and the leg that they talk through.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::mpsc;
use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_media::sdp::{self, Direction, Negotiated, Preferences, Refusal, Session};
use vestibule_media::{AccessUnit, Leg, LegEvent, Sending};
use vestibule_model::AudioCodec;

use crate::camera::{Camera, CameraError};
use crate::offer::{Poverty, impoverish};
use crate::report::Report;
use crate::scene::Scene;
use crate::sound::Sound;

/// What a studio is made of; the same for each call.
#[derive(Clone, Debug)]
pub(crate) struct Equipment {
    pub(crate) scene: Arc<Scene>,
    pub(crate) sound: Arc<Sound>,
    /// What is left out of offers.
    pub(crate) poverty: Poverty,
    /// Where what is heard is written to.
    pub(crate) record: Option<PathBuf>,
}

/// The media of a call cannot run.
#[derive(Debug, Error)]
pub(crate) enum StudioError {
    #[error("the other side's session description does not fit: {0}")]
    Refusal(#[from] Refusal),
    #[error("no camera")]
    Camera(#[from] CameraError),
}

/// What happens in a studio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// A key was pressed far away, and came as a telephone-event.
    Digit(char),
    /// The peer asked for a key frame by RTCP, and gets it.
    KeyframeWanted,
    /// Nothing comes any more, although it should.
    Quiet,
}

/// The media of one call. Dark and silent until [`Studio::begin`].
pub(crate) struct Studio {
    leg: Arc<Leg>,
    events: mpsc::Receiver<LegEvent>,
    equipment: Equipment,
    filming: Option<Filming>,
    sends_video: bool,
    sounding: bool,
    frames_sent: u32,
}

struct Filming {
    camera: Camera,
    pictures: mpsc::Receiver<AccessUnit>,
    packetization_mode: u8,
}

impl Studio {
    /// Opens the sockets on this address.
    pub(crate) async fn open(address: IpAddr, equipment: Equipment) -> std::io::Result<Self> {
        let (leg, events) = Leg::bind(address).await?;
        Ok(Self {
            leg: Arc::new(leg),
            events,
            equipment,
            filming: None,
            sends_video: false,
            sounding: false,
            frames_sent: 0,
        })
    }

    /// What the intercom would like.
    pub(crate) fn offer(&self) -> Bytes {
        impoverish(&sdp::offer(&self.leg.next_local(), &preferences()), self.equipment.poverty)
    }

    /// What the intercom says to an offer, and runs from now on once [`Studio::begin`] has it.
    pub(crate) fn answer(&self, offer: &[u8]) -> Result<Negotiated, Refusal> {
        sdp::answer(offer, &self.leg.next_local(), &preferences())
    }

    /// Runs the streams, or changes them. The picture starts with a key frame in any case.
    pub(crate) async fn begin(&mut self, session: Session) -> Result<Report, StudioError> {
        let audio = session.audio.as_ref();
        let video = session.video.as_ref();
        let report = Report::Media {
            audio: audio.map(|audio| match audio.codec {
                AudioCodec::Pcma => "PCMA",
                AudioCodec::Pcmu => "PCMU",
            }),
            telephone_event: audio.is_some_and(|audio| audio.telephone_event.is_some()),
            packetization_mode: video.map(|video| video.packetization_mode),
            sends_video: video.is_some_and(|video| video.direction.sends()),
        };
        self.sends_video = video.is_some_and(|video| video.direction.sends());
        let mode = video.map(|video| video.packetization_mode);
        let has_audio = audio.is_some();
        self.leg.apply(session);
        if has_audio {
            self.sound().await;
        }
        self.film(mode)?;
        Ok(report)
    }

    /// The next thing that happens; sends pictures in the meantime. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Happening {
        loop {
            let pictures = self.filming.as_mut().map(|filming| &mut filming.pictures);
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(LegEvent::Digit(digit)) => return Happening::Digit(digit),
                    Some(LegEvent::KeyframeWanted) => {
                        self.request_key_frame();
                        return Happening::KeyframeWanted;
                    }
                    Some(LegEvent::Quiet) => return Happening::Quiet,
                    Some(_) => {}
                    None => std::future::pending().await,
                },
                unit = next_picture(pictures) => match unit {
                    Some(unit) if self.sends_video => {
                        self.leg.send_video(unit);
                        self.frames_sent = self.frames_sent.saturating_add(1);
                    }
                    Some(_) => {}
                    None => self.filming = None,
                },
            }
        }
    }

    /// Makes the next picture a key frame.
    pub(crate) fn request_key_frame(&self) {
        if let Some(filming) = &self.filming {
            filming.camera.request_key_frame();
        }
    }

    /// Frames that were sent, and RTP packets with sound that arrived.
    pub(crate) fn counts(&self) -> (u32, u64) {
        (self.frames_sent, self.leg.stats().audio.packets)
    }

    /// Says goodbye and closes the sockets.
    pub(crate) async fn close(self) {
        drop(self.filming);
        // Only a device that is still being opened would hold the leg, and it lets it go by itself.
        if let Some(leg) = Arc::into_inner(self.leg) {
            leg.close().await;
        }
    }

    async fn sound(&mut self) {
        if !std::mem::replace(&mut self.sounding, true) {
            let devices = Devices {
                input: Source::Wav(self.equipment.sound.path().to_owned()),
                output: self.equipment.record.clone().map_or(Sink::Silence, Sink::Wav),
            };
            let leg = self.leg.clone();
            if let Err(error) = tokio::task::spawn_blocking(move || leg.open_audio(&devices)).await {
                tracing::error!(%error, "no sound");
            }
        }
        self.leg.set_sending(Sending::Microphone);
    }

    /// The encoder depends on the packetization mode: another one needs another camera.
    fn film(&mut self, mode: Option<u8>) -> Result<(), CameraError> {
        match (&self.filming, mode) {
            (Some(filming), Some(mode)) if filming.packetization_mode == mode => {
                filming.camera.request_key_frame()
            }
            (_, Some(packetization_mode)) => {
                let (camera, pictures) = Camera::on(self.equipment.scene.clone(), packetization_mode)?;
                self.filming = Some(Filming { camera, pictures, packetization_mode });
            }
            (_, None) => self.filming = None,
        }
        Ok(())
    }
}

async fn next_picture(pictures: Option<&mut mpsc::Receiver<AccessUnit>>) -> Option<AccessUnit> {
    match pictures {
        Some(pictures) => pictures.recv().await,
        None => std::future::pending().await,
    }
}

fn preferences() -> Preferences {
    Preferences { video: Some(Direction::SendOnly), ..Preferences::default() }
}
