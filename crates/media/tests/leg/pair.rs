//! Two legs that have agreed, as an intercom and a resident.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Receiver;
use vestibule_media::picture::{Encoder, EncoderSettings, I420};
use vestibule_media::sdp::{self, Direction, Preferences, Session};
use vestibule_media::{AccessUnit, Leg, LegEvent};

pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Nothing here takes so long but when it hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// One side of a call.
pub(crate) struct Side {
    pub(crate) leg: Leg,
    pub(crate) events: Receiver<LegEvent>,
    pub(crate) session: Session,
}

impl Side {
    /// The next event that this finds something in.
    pub(crate) async fn event<T>(&mut self, mut pick: impl FnMut(LegEvent) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.recv().await.expect("a leg goes on");
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(LIMIT, found).await.expect("the event comes")
    }

    pub(crate) async fn picture(&mut self) -> AccessUnit {
        self.event(|event| match event {
            LegEvent::Video(unit) => Some(unit),
            _ => None,
        })
        .await
    }
}

/// An intercom that sends video and a resident that looks at it; nothing is applied yet.
pub(crate) async fn agreed() -> (Side, Side) {
    let (intercom, intercom_events) = Leg::bind(LOOPBACK).await.expect("ports are free");
    let (resident, resident_events) = Leg::bind(LOOPBACK).await.expect("ports are free");
    let preferences = Preferences { video: Some(Direction::SendOnly), ..Preferences::default() };
    let offer = sdp::offer(&intercom.next_local(), &preferences);
    let answer = sdp::answer(&offer, &resident.next_local(), &Preferences::default()).expect("an answer");
    let session = sdp::accept(&offer, &answer.sdp).expect("a session");
    (
        Side { leg: intercom, events: intercom_events, session },
        Side { leg: resident, events: resident_events, session: answer.session },
    )
}

/// The same, running.
pub(crate) async fn connected() -> (Side, Side) {
    let (intercom, resident) = agreed().await;
    for side in [&intercom, &resident] {
        side.leg.apply(side.session.clone());
    }
    (intercom, resident)
}

/// Waits until something that no event tells of has come about.
pub(crate) async fn until(mut condition: impl FnMut() -> bool) {
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    let met = async {
        while !condition() {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, met).await.expect("it comes about");
}

/// A camera that looks at a moving edge, with its encoder.
pub(crate) struct Camera {
    encoder: Encoder,
    pictures: u32,
}

impl Camera {
    pub(crate) fn new(max_nal: Option<u16>) -> Self {
        let settings = EncoderSettings { max_nal, key_interval: 0, ..EncoderSettings::default() };
        Self { encoder: Encoder::new(settings).expect("an encoder"), pictures: 0 }
    }

    pub(crate) fn want_key_frame(&mut self) {
        self.encoder.request_key_frame();
    }

    /// The next picture, 40 ms after the last by its timestamp.
    pub(crate) fn picture(&mut self) -> AccessUnit {
        let (width, height) = (320_usize, 240_usize);
        let edge = self.pictures as usize * 5 % width;
        let mut data: Vec<u8> = (0..width * height)
            .map(|at| if at % width < edge { 40 + (at / 7 % 90) as u8 } else { 200 })
            .collect();
        data.resize(width * height * 3 / 2, 128);
        let timestamp = Duration::from_millis(40) * self.pictures;
        self.pictures += 1;
        let picture = I420::new(320, 240, data).expect("a picture");
        let coded = self.encoder.encode(&picture, timestamp).expect("a coded picture");
        AccessUnit {
            data: coded.data.into(),
            key: coded.key,
            flawed: false,
            timestamp,
            last_packet_at: Instant::now(),
        }
    }
}
