//! A call that was answered, until it is over.

use std::time::Instant;

use bytes::Bytes;
use vestibule_ipc::{CallPhase, EndReason, Error, ErrorCode, MicrophoneState};
use vestibule_media::{LegEvent, sdp};
use vestibule_model::{CallStatus, SwitchId};
use vestibule_sip::{Call, CallControl, CallEvent, HangUp, ReOffer};

use super::task::{Ending, News, Task};
use super::{Errand, Order, incoming};

/// Asks for a key frame where RTCP feedback was not negotiated (RFC 5168).
const PICTURE_FAST_UPDATE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<media_control><vc_primitive>\
    <to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>\r\n";

pub(super) async fn run(mut task: Task, mut call: Call, first: Option<(SwitchId, Instant)>) {
    let control = call.control();
    task.set_phase(CallPhase::Live);
    if let Some((switch, given)) = first
        && let Err(error) = task.press(&control, switch, given)
    {
        tracing::error!(%error, "the door that was asked for");
    }
    let ending = loop {
        tokio::select! {
            event = call.next() => match event {
                CallEvent::Offer(offer) => re_offer(&mut task, offer).await,
                CallEvent::Info { content_type, .. } => {
                    tracing::debug!(content_type, "an INFO that asks nothing of us");
                }
                CallEvent::Ended(HangUp::Remote) => {
                    break Ending::new(EndReason::RemoteHungUp, CallStatus::Answered);
                }
                CallEvent::Ended(HangUp::Local) => {
                    break Ending::new(EndReason::HungUp, CallStatus::Answered);
                }
                CallEvent::Ended(HangUp::Lost) => {
                    let why = "the other side no longer answers";
                    break Ending::failed(EndReason::Vanished, CallStatus::Answered, why);
                }
            },
            Some(errand) = task.errands.recv() => {
                let Errand { order, given, done } = errand;
                let hang_up = matches!(order, Order::HangUp);
                let result = obey(&mut task, &control, order, given);
                // Who ordered may have gone.
                let _nobody_waits = done.send(result);
                if hang_up {
                    control.hang_up().await;
                    break Ending::new(EndReason::HungUp, CallStatus::Answered);
                }
            }
            Some(event) = task.leg_events.recv() => {
                let quiet = matches!(event, LegEvent::Quiet);
                task.on_leg(event, Some(&control));
                if quiet {
                    control.hang_up().await;
                    let why = "nothing came from the other side any more";
                    break Ending::failed(EndReason::Vanished, CallStatus::Answered, why);
                }
            }
            Some(news) = task.news.recv() => match news {
                News::Door(news) => task.on_door(news),
                News::DoorRow { door, action } => task.on_door_row(door, action),
                News::Audio(opened) => task.on_audio(opened),
            },
        }
    };
    task.finish(ending).await;
}

fn obey(task: &mut Task, control: &CallControl, order: Order, given: Instant) -> Result<(), Error> {
    match task.obey_always(order) {
        None | Some(Order::HangUp) => Ok(()),
        Some(Order::OpenDoor(switch)) => task.press(control, switch, given),
        Some(Order::SetMuted(muted)) => task.mute(muted),
        Some(_) => Err(Error::new(ErrorCode::WrongPhase, "the call is answered already")),
    }
}

/// A change in mid-call: hold, another codec, another port (RFC 3261 section 14).
async fn re_offer(task: &mut Task, offer: ReOffer) {
    let preferences = incoming::preferences(&task.app);
    let Some(sdp) = offer.sdp() else {
        // An INVITE without an offer asks for ours: what is in force, offered anew.
        let ours = sdp::offer(&task.leg.next_local(), &preferences);
        return log_refused(offer.accept(ours).await);
    };
    match sdp::answer(sdp, &task.leg.next_local(), &preferences) {
        Ok(negotiated) => {
            let audio = negotiated.session.audio.as_ref();
            let held = audio.is_some_and(|audio| audio.direction != sdp::Direction::SendRecv);
            task.apply(negotiated.session);
            task.set_phase(if held { CallPhase::OnHold } else { CallPhase::Live });
            log_refused(offer.accept(negotiated.sdp).await);
            task.leg.request_keyframe();
        }
        Err(refusal) => {
            tracing::warn!(warning = refusal.warning, "a change of the call cannot be taken");
            log_refused(offer.refuse(refusal.status, Some(refusal.warning)).await);
        }
    }
}

fn log_refused(result: Result<(), vestibule_sip::CallError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "the answer to a change of the call was not sent");
    }
}

impl Task {
    /// Closes the microphone, or opens it again.
    pub(super) fn mute(&mut self, muted: bool) -> Result<(), Error> {
        match (self.view.audio.microphone, muted) {
            (MicrophoneState::On, true) => self.set_microphone(MicrophoneState::Muted),
            (MicrophoneState::Muted, false) => self.set_microphone(MicrophoneState::On),
            (MicrophoneState::Missing, _) => {
                return Err(Error::new(ErrorCode::NoSuchDevice, "there is no microphone"));
            }
            _ => {}
        }
        self.show();
        Ok(())
    }

    /// News from the leg; `control` once there is a dialog that carries INFO.
    pub(super) fn on_leg(&mut self, event: LegEvent, control: Option<&CallControl>) {
        match event {
            LegEvent::Video(unit) => self.on_video(&unit),
            LegEvent::Weak(weak) => self.on_weak(weak),
            LegEvent::KeyframeByInfo => {
                let Some(control) = control.cloned() else { return };
                tokio::spawn(async move {
                    let body = Bytes::from_static(PICTURE_FAST_UPDATE.as_bytes());
                    if let Err(error) = control.send_info("application/media_control+xml", body).await {
                        tracing::debug!(%error, "the key frame cannot be asked for");
                    }
                });
            }
            LegEvent::KeyframeWanted | LegEvent::Quiet | LegEvent::Resumed | LegEvent::Digit(_) => {}
        }
    }
}
