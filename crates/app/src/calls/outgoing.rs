//! A call that the resident makes.

use std::time::Instant;

use vestibule_ipc::{CallPhase, Dial, EndReason, Error, ErrorCode, MicrophoneState};
use vestibule_media::{Leg, sdp};
use vestibule_model::{CallId, CallStatus, Caller, Direction, Intercom};
use vestibule_sip::{Call, OutgoingCall, Progress};

use super::task::{Beginning, Ending, News, Task};
use super::{Errand, Order, incoming, live};
use crate::{App, clock};

impl App {
    /// See [`Dial`].
    pub async fn dial(&self, ask: Dial) -> Result<CallId, Error> {
        let known = self.inner.hub.intercoms().into_iter().find(|known| known.id == ask.intercom);
        let intercom =
            known.ok_or_else(|| Error::new(ErrorCode::NoSuchIntercom, "the intercom is not in the list"))?;
        let agent = self
            .inner
            .line
            .agent()
            .ok_or_else(|| Error::new(ErrorCode::NoAccount, "no account is set up"))?;
        let seat = self.inner.calls.take_seat();
        if seat.second {
            return Err(Error::new(ErrorCode::WrongPhase, "another call is up"));
        }
        let network = |error: String| Error::new(ErrorCode::Network, error);
        let address = incoming::media_address(self, None).await;
        let (leg, leg_events) = Leg::bind(address).await.map_err(|error| network(error.to_string()))?;
        let offer = sdp::offer(&leg.local(), &incoming::preferences(self));
        let outgoing =
            agent.dial(&intercom.address, offer.clone()).await.map_err(|error| network(error.to_string()))?;
        let caller = caller(&intercom);
        let direction = Direction::Outgoing;
        let received = Instant::now();
        let beginning = Beginning { seat, direction, caller, leg, leg_events, received, has_video: true };
        let task = Task::begin(self.clone(), beginning).await;
        let id = task.view.id;
        tokio::spawn(run(task, outgoing, offer));
        Ok(id)
    }
}

fn caller(intercom: &Intercom) -> Caller {
    Caller { intercom: Some(intercom.id), name: intercom.name.clone(), address: intercom.address.to_string() }
}

async fn run(mut task: Task, mut outgoing: OutgoingCall, offer: bytes::Bytes) {
    let (ending, call) = loop {
        tokio::select! {
            progress = outgoing.next() => match progress {
                Progress::Trying => {}
                Progress::Ringing { early } => {
                    let session = early.and_then(|answer| sdp::accept(&offer, &answer).ok());
                    if let Some(session) = session {
                        task.apply(session);
                    }
                }
                Progress::Answered { call, sdp } => match connect(&mut task, &offer, &sdp) {
                    Ok(()) => break (None, Some(call)),
                    Err(refusal) => {
                        call.control().hang_up().await;
                        let why = refusal.warning;
                        break (Some(Ending::failed(EndReason::Failed, CallStatus::Failed, why)), None);
                    }
                },
                Progress::Refused { status, reason } => {
                    let why = format!("{status} {reason}");
                    break (Some(Ending::failed(EndReason::Refused, CallStatus::Failed, why)), None);
                }
                Progress::Failed(error) => {
                    let why = error.to_string();
                    break (Some(Ending::failed(EndReason::Failed, CallStatus::Failed, why)), None);
                }
            },
            Some(errand) = task.errands.recv() => {
                let Errand { order, done, .. } = errand;
                let (result, hang_up) = match task.obey_always(order) {
                    None => (Ok(()), false),
                    Some(Order::HangUp | Order::Decline) => (Ok(()), true),
                    Some(_) => (Err(Error::new(ErrorCode::WrongPhase, "nobody has answered yet")), false),
                };
                // Who ordered may have gone.
                let _nobody_waits = done.send(result);
                if hang_up {
                    outgoing.cancel().await;
                    let why = "given up before it was answered";
                    return task.finish(Ending::failed(EndReason::HungUp, CallStatus::Failed, why)).await;
                }
            }
            Some(event) = task.leg_events.recv() => task.on_leg(event, None),
            Some(News::Audio(opened)) = task.news.recv() => task.on_audio(opened),
        }
    };
    match (ending, call) {
        (None, Some(call)) => talk(task, call).await,
        (Some(ending), _) => task.finish(ending).await,
        (None, None) => {}
    }
}

fn connect(task: &mut Task, offer: &[u8], answer: &[u8]) -> Result<(), sdp::Refusal> {
    let session = sdp::accept(offer, answer)?;
    task.apply(session);
    task.view.answered = Some(clock::now());
    task.answered_at = Some(Instant::now());
    task.set_microphone(MicrophoneState::On);
    task.open_audio();
    task.leg.request_keyframe();
    task.set_phase(CallPhase::Connecting);
    Ok(())
}

async fn talk(task: Task, call: Call) {
    let (id, at) = (task.view.id, task.view.answered.unwrap_or_else(clock::now));
    if let Err(error) = task.app.change_history(move |store| store.call_answered(id, at)).await {
        tracing::error!(%error, call = id.0, "its answer cannot be written into the history");
    }
    live::run(task, call, None).await;
}
