//! Our core, in this process, called by baresip.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context, Result};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context as LayerContext, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use vestibule_app::VideoDecoder;
use vestibule_ipc::video::Frame;
use vestibule_ipc::{Answer, CallPhase, HangUp, OpenDoor};
use vestibule_tests::{Phone, PhoneOptions, Tap, intercom};

use crate::calls::{Measured, caller, load, millis, ring, soon};

pub(crate) async fn measure(calls: usize) -> Result<Measured> {
    let spans = Spans::default();
    tracing_subscriber::registry().with(spans.clone()).init();
    let mut known = intercom("door@127.0.0.1");
    known.direct = true;
    let options = PhoneOptions { intercoms: vec![known], ..PhoneOptions::default() };
    let mut phone = Phone::start(options).await;
    let address = phone.app.sip_address().context("it listens")?;
    let tap = Tap::open(address).await;
    let mut door = caller().await;
    let mut measured = Measured::default();
    for round in 0..calls {
        measured.ringing.push(ring(&mut door, &tap).await?);
        let ringing = phone.until_ringing().await;
        let (call, switch) = (ringing.id, ringing.switches.first().context("it has a switch")?.id);
        // Watched from the answer on: what was decoded before does not count.
        let answered = Instant::now();
        phone.app.answer(Answer { call }).await?;
        let mut pictures = phone.app.video(VideoDecoder::Native);
        let ours = soon("a picture", async {
            loop {
                let message = pictures.recv().await?;
                if Frame::decode(&message)?.call == call {
                    return Some(());
                }
            }
        });
        ours.await?;
        measured.first_frame.push(millis(answered));
        drop(pictures);
        phone.until_call("live", |view| view.phase == CallPhase::Live).await;
        phone.app.open_door(OpenDoor { call, switch }).await?;
        phone
            .until_call("sent", |view| {
                !view.switches.iter().any(|s| s.state == vestibule_ipc::SwitchState::Sending)
            })
            .await;
        if round == 0 {
            let mut frames = phone.app.video(VideoDecoder::InPage);
            let watched = tokio::spawn(async move { while frames.recv().await.is_some() {} });
            measured.cpu = load(std::process::id()).await?;
            watched.abort();
        }
        phone.app.hang_up(HangUp { call }).await?;
        door.event("CALL_CLOSED").await;
    }
    measured.to_decoder = spans.of("packet_to_feed");
    measured.first_digit = spans.of("press_to_first_digit_packet");
    phone.app.shut_down().await;
    Ok(measured)
}

/// Collects what the app measures of itself.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(String, f64)>>>);

impl Spans {
    fn of(&self, span: &str) -> Vec<f64> {
        let all = self.0.lock().map(|all| all.clone()).unwrap_or_default();
        all.into_iter().filter(|(name, _)| name == span).map(|(_, ms)| ms).collect()
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        if event.metadata().target() != "vestibule::timing" {
            return;
        }
        let mut reading = Reading::default();
        event.record(&mut reading);
        if let (Some(span), Some(ms), Ok(mut all)) = (reading.span, reading.ms, self.0.lock()) {
            all.push((span, ms));
        }
    }
}

#[derive(Default)]
struct Reading {
    span: Option<String>,
    ms: Option<f64>,
}

impl Visit for Reading {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "span" {
            self.span = Some(value.to_owned());
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "ms" {
            self.ms = Some(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
