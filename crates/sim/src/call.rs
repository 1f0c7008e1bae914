//! The calls of the intercom, from the button to the end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;
use vestibule_media::sdp::{self, Session};
use vestibule_model::SipAddress;
use vestibule_sip::{
    Call, CallError, CallEvent, HangUp, IncomingCall, OutgoingCall, Progress, ReOffer, UserAgent,
};

use crate::dtmf_relay::{self, Request};
use crate::panel::Press;
use crate::report::{Ending, Report, Way, unix_ms};
use crate::studio::{Equipment, Happening, Studio};

/// What whoever operates the intercom may want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Press the button.
    Call,
    /// Give up before the answer.
    Cancel,
    /// End the call.
    HangUp,
}

/// What all calls of an intercom share.
pub(crate) struct Desk {
    pub(crate) agent: UserAgent,
    pub(crate) callee: SipAddress,
    pub(crate) equipment: Equipment,
    pub(crate) early_media: bool,
    pub(crate) hang_up_after: Option<Duration>,
    pub(crate) presses: mpsc::UnboundedSender<Press>,
    pub(crate) reports: mpsc::UnboundedSender<Report>,
}

/// How a call ended, with the status that refused it.
type End = (Ending, Option<u16>);

impl Desk {
    pub(crate) fn report(&self, report: Report) {
        // Nobody listens any more only when the intercom goes.
        self.reports.send(report).ok();
    }

    fn ended(&self, (why, status): End, (frames_sent, audio_received): (u32, u64)) {
        self.report(Report::Ended { why, status, frames_sent, audio_received, at_ms: unix_ms() });
    }

    fn press(&self, by: Way, digit: char) {
        self.presses.send(Press { by, digit }).ok();
    }

    async fn studio(&self, towards: Option<IpAddr>) -> Result<Studio, End> {
        let address = self.agent.local_ip(towards).await;
        Studio::open(address, self.equipment.clone()).await.map_err(|error| {
            tracing::error!(%error, "no sockets for media");
            (Ending::NoMedia, None)
        })
    }

    async fn begin(&self, studio: &mut Studio, session: Session) -> Result<(), End> {
        match studio.begin(session).await {
            Ok(report) => self.report(report),
            Err(error) => {
                tracing::error!(%error, "no media");
                return Err((Ending::NoMedia, None));
            }
        }
        Ok(())
    }
}

/// Presses the button and sees the call through.
pub(crate) async fn place(desk: Arc<Desk>, mut orders: mpsc::Receiver<Order>) {
    let mut studio = match desk.studio(desk.callee.host().parse().ok()).await {
        Ok(studio) => studio,
        Err(end) => return desk.ended(end, (0, 0)),
    };
    let offer = studio.offer();
    desk.report(Report::InviteSent { at_ms: unix_ms() });
    let end = match desk.agent.dial(&desk.callee, offer.clone()).await {
        Ok(outgoing) => match ring(&desk, outgoing, &offer, &mut studio, &mut orders).await {
            Ok(call) => talk(&desk, call, &mut studio, &mut orders).await,
            Err(end) => end,
        },
        Err(error) => end_of(&error),
    };
    desk.ended(end, studio.counts());
    studio.close().await;
}

/// Takes a resident's call: an intercom answers by itself.
pub(crate) async fn take(desk: Arc<Desk>, incoming: IncomingCall, mut orders: mpsc::Receiver<Order>) {
    let caller = incoming.caller();
    desk.report(Report::Incoming { from: caller.address.clone(), at_ms: unix_ms() });
    let mut studio = match desk.studio(Some(caller.source.ip())).await {
        Ok(studio) => studio,
        Err(end) => return desk.ended(end, (0, 0)),
    };
    let end = match answer(&desk, incoming, &mut studio).await {
        Ok(call) => talk(&desk, call, &mut studio, &mut orders).await,
        Err(end) => end,
    };
    desk.ended(end, studio.counts());
    studio.close().await;
}

async fn answer(desk: &Desk, mut incoming: IncomingCall, studio: &mut Studio) -> Result<Call, End> {
    incoming.ring(None).await.map_err(|error| end_of(&error))?;
    let offer = incoming.offer().cloned().unwrap_or_default();
    let negotiated = match studio.answer(&offer) {
        Ok(negotiated) => negotiated,
        Err(refusal) => {
            incoming.reject(refusal.status, Some(refusal.warning)).await.ok();
            return Err((Ending::NoMedia, Some(refusal.status)));
        }
    };
    let call = incoming.answer(negotiated.sdp).await.map_err(|error| end_of(&error))?;
    desk.report(Report::Answered { at_ms: unix_ms() });
    match desk.begin(studio, negotiated.session).await {
        Ok(()) => Ok(call),
        Err(end) => {
            call.control().hang_up().await;
            Err(end)
        }
    }
}

/// Waits for the answer. Early media runs where it is wanted and offered.
async fn ring(
    desk: &Desk,
    mut outgoing: OutgoingCall,
    offer: &Bytes,
    studio: &mut Studio,
    orders: &mut mpsc::Receiver<Order>,
) -> Result<Call, End> {
    let (call, sdp) = loop {
        tokio::select! {
            progress = outgoing.next() => match progress {
                Progress::Trying => provisional(desk, 100, false),
                Progress::Ringing { early } => {
                    let status = if early.is_some() { 183 } else { 180 };
                    let session = early.filter(|_| desk.early_media).and_then(|early| accept(offer, &early));
                    provisional(desk, status, session.is_some());
                    if let Some(session) = session {
                        desk.begin(studio, session).await?;
                    }
                }
                Progress::Answered { call, sdp } => break (call, sdp),
                Progress::Refused { status, .. } => return Err((Ending::Refused, Some(status))),
                Progress::Failed(error) => return Err(end_of(&error)),
            },
            order = orders.recv() => match order {
                Some(Order::Call) => desk.report(not_done("a call is up already")),
                Some(Order::Cancel | Order::HangUp) | None => {
                    outgoing.cancel().await;
                    return Err((Ending::Cancelled, None));
                }
            },
            happening = studio.next() => happened(desk, happening),
        }
    };
    desk.report(Report::Answered { at_ms: unix_ms() });
    let begun = match accept(offer, &sdp) {
        Some(session) => desk.begin(studio, session).await,
        None => Err((Ending::NoMedia, None)),
    };
    if let Err(end) = begun {
        call.control().hang_up().await;
        return Err(end);
    }
    Ok(call)
}

/// Sees an answered call through.
async fn talk(desk: &Desk, mut call: Call, studio: &mut Studio, orders: &mut mpsc::Receiver<Order>) -> End {
    let control = call.control();
    let until = desk.hang_up_after.map(|after| Instant::now() + after);
    loop {
        let enough = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            event = call.next() => match event {
                CallEvent::Info { content_type, body } => informed(desk, studio, &content_type, &body),
                CallEvent::Offer(offer) => change(desk, studio, offer).await,
                CallEvent::Ended(HangUp::Remote) => return (Ending::Remote, None),
                CallEvent::Ended(HangUp::Local) => return (Ending::Local, None),
                CallEvent::Ended(HangUp::Lost) => return (Ending::Lost, None),
            },
            order = orders.recv() => match order {
                Some(Order::Call) => desk.report(not_done("a call is up already")),
                Some(Order::Cancel) => desk.report(not_done("the call is answered")),
                Some(Order::HangUp) | None => {
                    control.hang_up().await;
                    return (Ending::Local, None);
                }
            },
            happening = studio.next() => happened(desk, happening),
            () = enough => {
                control.hang_up().await;
                return (Ending::Local, None);
            }
        }
    }
}

fn happened(desk: &Desk, happening: Happening) {
    match happening {
        Happening::Digit(digit) => desk.press(Way::Rfc4733, digit),
        Happening::KeyframeWanted => desk.report(Report::KeyframeWanted { by: "rtcp" }),
        Happening::Quiet => desk.report(Report::Quiet),
    }
}

fn informed(desk: &Desk, studio: &Studio, content_type: &str, body: &[u8]) {
    match dtmf_relay::parse(content_type, body) {
        Ok(Request::Digits(digits)) => digits.chars().for_each(|digit| desk.press(Way::Info, digit)),
        Ok(Request::Keyframe) => {
            studio.request_key_frame();
            desk.report(Report::KeyframeWanted { by: "info" });
        }
        Err(error) => desk.report(Report::BadInfo { why: error.to_string() }),
    }
}

/// Holds, resumes, or moves the media as the peer asks.
async fn change(desk: &Desk, studio: &mut Studio, offer: ReOffer) {
    let text = offer.sdp().cloned().unwrap_or_default();
    let outcome = match studio.answer(&text) {
        Ok(negotiated) => match desk.begin(studio, negotiated.session).await {
            Ok(()) => offer.accept(negotiated.sdp).await,
            Err(_) => offer.refuse(500, None).await,
        },
        Err(refusal) => offer.refuse(refusal.status, Some(refusal.warning)).await,
    };
    if let Err(error) = outcome {
        tracing::warn!(%error, "the change of the session was not answered");
    }
}

fn accept(offer: &Bytes, answer: &Bytes) -> Option<Session> {
    sdp::accept(offer, answer).inspect_err(|error| tracing::warn!(%error, "the answer does not fit")).ok()
}

fn provisional(desk: &Desk, status: u16, early_media: bool) {
    desk.report(Report::Provisional { status, early_media, at_ms: unix_ms() });
}

pub(crate) fn not_done(why: &str) -> Report {
    Report::NotDone { why: why.to_owned() }
}

fn end_of(error: &CallError) -> End {
    tracing::info!(%error, "the call came to nothing");
    match error {
        CallError::Cancelled => (Ending::Cancelled, None),
        CallError::Refused { status, .. } => (Ending::Refused, Some(*status)),
        _ => (Ending::Lost, None),
    }
}
