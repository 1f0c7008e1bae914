//! A call that comes in, until it is answered or over.

use std::net::IpAddr;

use vestibule_ipc::{CallPhase, EndReason, Error, ErrorCode, MicrophoneState};
use vestibule_media::{Leg, sdp};
use vestibule_model::{AudioCodec, CallStatus, Caller, Direction, SipAccount, SwitchId};
use vestibule_sip::{Arrival, Cancelled, IncomingCall};
use vestibule_store::{CallEnd, NewCall};

use super::task::{Beginning, Ending, Task};
use super::{Errand, Order, live};
use crate::admission::{Admission, Origin, admit, identify};
use crate::{App, clock, timing};

/// How the ringing ended.
enum Decision {
    Answer { first: Option<(SwitchId, std::time::Instant)> },
    Decline,
    Cancelled(Cancelled),
}

pub(super) async fn run(app: App, mut incoming: IncomingCall) {
    let received = incoming.received();
    let caller = who(&app, &incoming);
    let seat = app.inner.calls.take_seat();
    match admit(&app.inner.hub.settings(), caller.intercom, clock::local, seat.second) {
        Admission::Ring | Admission::Wait => {}
        Admission::Busy => return turn_away(app, incoming, caller, 486).await,
        Admission::DoNotDisturb => return turn_away(app, incoming, caller, 480).await,
    }
    let Some(offer) = incoming.offer().cloned() else {
        let warning = "an offer is needed in the INVITE".to_owned();
        return refuse(app, incoming, caller, 488, warning).await;
    };
    let address = media_address(&app, Some(incoming.caller().source.ip())).await;
    let (leg, leg_events) = match Leg::bind(address).await {
        Ok(bound) => bound,
        Err(error) => return refuse(app, incoming, caller, 500, format!("no port for media: {error}")).await,
    };
    let negotiated = match sdp::answer(&offer, &leg.local(), &preferences(&app)) {
        Ok(negotiated) => negotiated,
        Err(refusal) => return refuse(app, incoming, caller, refusal.status, refusal.warning).await,
    };
    if let Err(error) = incoming.ring(None).await {
        tracing::warn!(%error, "180 cannot be sent");
    }
    let rang = std::time::Instant::now();
    let has_video = negotiated.session.video.is_some();
    leg.apply(negotiated.session);
    // Early media: the visitor is seen before anybody answers, and neither sees nor hears anything of us.
    if let Err(error) = incoming.ring(Some(negotiated.sdp.clone())).await {
        tracing::warn!(%error, "183 cannot be sent");
    }
    leg.request_keyframe();
    let direction = Direction::Incoming;
    let beginning = Beginning { seat, direction, caller, leg, leg_events, received, has_video };
    let mut task = Task::begin(app, beginning).await;
    timing::record_between(task.view.id, "invite_to_ringing", received, rang);

    match ring(&mut task, &mut incoming).await {
        Decision::Answer { first } => answer(task, incoming, negotiated.sdp, first).await,
        Decision::Decline => {
            // The whole household is meant: another device may still answer, so 603 would say too much.
            if let Err(error) = incoming.reject(486, None).await {
                tracing::debug!(%error, "the caller did not hear that it was declined");
            }
            task.finish(Ending::new(EndReason::Declined, CallStatus::Declined)).await;
        }
        Decision::Cancelled(why) => {
            let ending = match why {
                Cancelled::AnsweredElsewhere => {
                    Ending::new(EndReason::AnsweredElsewhere, CallStatus::AnsweredElsewhere)
                }
                Cancelled::GaveUp => Ending::new(EndReason::CallerGaveUp, CallStatus::Missed),
            };
            task.finish(ending).await;
        }
    }
}

async fn ring(task: &mut Task, incoming: &mut IncomingCall) -> Decision {
    loop {
        tokio::select! {
            why = incoming.cancelled() => return Decision::Cancelled(why),
            Some(errand) = task.errands.recv() => {
                let Errand { order, given, done } = errand;
                let (result, decision) = match task.obey_always(order) {
                    None => (Ok(()), None),
                    Some(Order::Answer) => (Ok(()), Some(Decision::Answer { first: None })),
                    Some(Order::Decline | Order::HangUp) => (Ok(()), Some(Decision::Decline)),
                    Some(Order::OpenDoor(switch)) => match task.view.switches.iter().any(|s| s.id == switch) {
                        true => (Ok(()), Some(Decision::Answer { first: Some((switch, given)) })),
                        false => {
                            (Err(Error::new(ErrorCode::NoSuchSwitch, "this caller owns no such switch")), None)
                        }
                    },
                    Some(_) => (Err(Error::new(ErrorCode::WrongPhase, "the call is not answered")), None),
                };
                // Who ordered may have gone.
                let _nobody_waits = done.send(result);
                if let Some(decision) = decision {
                    return decision;
                }
            }
            Some(event) = task.leg_events.recv() => task.on_leg(event, None),
        }
    }
}

/// Answers; with a door to open first, muted: the resident wanted the door, not a talk.
async fn answer(
    mut task: Task,
    incoming: IncomingCall,
    sdp: bytes::Bytes,
    mut first: Option<(SwitchId, std::time::Instant)>,
) {
    task.view.answered = Some(clock::now());
    task.view.waiting = false;
    task.app.inner.video.put_on_screen(task.view.id);
    task.set_phase(CallPhase::Connecting);
    task.set_microphone(if first.is_some() { MicrophoneState::Muted } else { MicrophoneState::On });
    task.open_audio();
    task.answered_at = Some(std::time::Instant::now());
    task.leg.request_keyframe();
    let mut answering = Box::pin(incoming.answer(sdp));
    let answered = loop {
        tokio::select! {
            answered = &mut answering => break answered,
            Some(event) = task.leg_events.recv() => task.on_leg(event, None),
            Some(errand) = task.errands.recv() => {
                let Errand { order, given, done } = errand;
                let hang_up = matches!(order, Order::HangUp | Order::Decline);
                let result = match task.obey_always(order) {
                    Some(Order::SetMuted(muted)) => task.mute(muted),
                    Some(Order::OpenDoor(switch)) => {
                        first = first.or(Some((switch, given)));
                        Ok(())
                    }
                    Some(Order::Answer) => Err(Error::new(ErrorCode::WrongPhase, "the call is answered already")),
                    _ => Ok(()),
                };
                // Who ordered may have gone.
                let _nobody_waits = done.send(result);
                if hang_up {
                    // Let go of, the dialog ends itself: with a BYE, as soon as the ACK has come.
                    drop(answering);
                    return task.finish(Ending::new(EndReason::HungUp, CallStatus::Answered)).await;
                }
            }
        }
    };
    match answered {
        Ok(call) => {
            let (id, at) = (task.view.id, task.view.answered.unwrap_or_else(clock::now));
            if let Err(error) = task.app.change_history(move |store| store.call_answered(id, at)).await {
                tracing::error!(%error, call = id.0, "its answer cannot be written into the history");
            }
            live::run(task, call, first).await;
        }
        Err(error) => {
            let ending = Ending::failed(EndReason::Failed, CallStatus::Failed, error.to_string());
            task.finish(ending).await;
        }
    }
}

fn who(app: &App, incoming: &IncomingCall) -> Caller {
    let peer = incoming.caller();
    let origin = match peer.arrival {
        Arrival::Registrar => Origin::Registrar,
        Arrival::Direct => Origin::Direct(peer.source.ip()),
    };
    identify(
        &peer.address,
        peer.display_name.as_deref(),
        &origin,
        &app.inner.line.own_hosts(),
        &app.inner.hub.intercoms(),
    )
}

/// Nobody is disturbed, but the history says who was there.
async fn turn_away(app: App, incoming: IncomingCall, caller: Caller, status: u16) {
    if let Err(error) = incoming.reject(status, None).await {
        tracing::debug!(%error, status, "the caller did not hear it");
    }
    log_only(&app, caller, CallStatus::Missed, None).await;
}

async fn refuse(app: App, incoming: IncomingCall, caller: Caller, status: u16, warning: String) {
    tracing::warn!(status, warning, "a call cannot be taken");
    if let Err(error) = incoming.reject(status, Some(warning.clone())).await {
        tracing::debug!(%error, status, "the caller did not hear it");
    }
    log_only(&app, caller, CallStatus::Failed, Some(warning)).await;
}

async fn log_only(app: &App, caller: Caller, status: CallStatus, failure: Option<String>) {
    let now = clock::now();
    let written = app
        .change_history(move |store| {
            let call = NewCall { caller: &caller, direction: Direction::Incoming, started: now };
            let id = store.begin_call(call)?;
            store.end_call(id, &CallEnd { status, ended: now, failure })
        })
        .await;
    if let Err(error) = written {
        tracing::error!(%error, "the call cannot be written into the history");
    }
}

pub(super) fn preferences(app: &App) -> sdp::Preferences {
    let account = app.inner.hub.settings().account;
    let audio: Vec<AudioCodec> = account.map_or_else(SipAccount::default_codecs, |account| account.codecs);
    sdp::Preferences { audio, video: Some(sdp::Direction::RecvOnly) }
}

pub(super) async fn media_address(app: &App, towards: Option<IpAddr>) -> IpAddr {
    if let Some(address) = app.inner.profile.media_address {
        return address;
    }
    match app.inner.line.agent() {
        Some(agent) => agent.local_ip(towards).await,
        None => app.inner.profile.listen.ip(),
    }
}
