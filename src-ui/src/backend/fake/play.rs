//! How the made-up calls go.

use std::rc::Rc;

use vestibule_ipc::*;
use vestibule_model::*;
use wasm_bindgen_futures::spawn_local;

use super::building::Building;
use super::{Inner, leave_call, pause, show_call};
use crate::state::now;

/// Whether the visitor hears the resident after the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Microphone {
    Open,
    Muted,
}

/// A call as it begins.
pub(super) fn begin(building: &mut Building, intercom: &Intercom, direction: Direction) -> CallView {
    let id = CallId(building.fresh());
    let started = now();
    let caller = Caller {
        intercom: Some(intercom.id),
        name: intercom.name.clone(),
        address: intercom.address.to_string(),
    };
    let switches = intercom.switches.iter().map(|switch| SwitchView {
        id: switch.id,
        name: switch.name.clone(),
        kind: switch.kind,
        state: SwitchState::Ready,
    });
    building.history.insert(
        0,
        HistoryEntry {
            id,
            caller: caller.clone(),
            direction,
            status: CallStatus::Ringing,
            started,
            answered: None,
            ended: None,
            failure: None,
            has_picture: true,
            seen: false,
            actions: Vec::new(),
        },
    );
    CallView {
        id,
        direction,
        caller,
        phase: CallPhase::Ringing,
        started,
        answered: None,
        video: VideoState::Live,
        audio: AudioView { microphone: MicrophoneState::Off, volume: 80, has_speaker: true },
        protection: Protection::NotProtected,
        switches: switches.collect(),
        silenced: false,
        waiting: false,
    }
}

pub(super) fn answer(inner: &Rc<Inner>, id: CallId, microphone: Microphone) -> Result<(), Error> {
    inner.change(id, |call| {
        call.phase = CallPhase::Connecting;
        call.waiting = false;
    })?;
    let inner = inner.clone();
    spawn_local(async move {
        pause(600).await;
        let at = now();
        let done = inner.change(id, |call| {
            if call.phase == CallPhase::Connecting {
                call.phase = CallPhase::Live;
                call.answered = Some(at);
                call.audio.microphone = match microphone {
                    Microphone::Open => MicrophoneState::On,
                    Microphone::Muted => MicrophoneState::Muted,
                };
            }
        });
        // A call that ended meanwhile is gone, and that is all.
        if done.is_ok() {
            if let Some(entry) = inner.building.borrow_mut().entry_mut(id) {
                entry.status = CallStatus::Answered;
                entry.answered = Some(at);
                entry.seen = true;
            }
            inner.history_changed();
        }
    });
    Ok(())
}

pub(super) fn end(inner: &Rc<Inner>, id: CallId, reason: EndReason) -> Result<(), Error> {
    inner.change(id, |call| call.phase = CallPhase::Ended { reason })?;
    if let Some(entry) = inner.building.borrow_mut().entry_mut(id) {
        entry.ended = Some(now());
        entry.seen = reason != EndReason::CallerGaveUp;
        if entry.answered.is_none() {
            entry.status = match reason {
                EndReason::Declined => CallStatus::Declined,
                EndReason::AnsweredElsewhere => CallStatus::AnsweredElsewhere,
                EndReason::Vanished | EndReason::Failed | EndReason::Refused => CallStatus::Failed,
                EndReason::HungUp | EndReason::RemoteHungUp | EndReason::CallerGaveUp => CallStatus::Missed,
            };
        }
    }
    inner.history_changed();
    let inner = inner.clone();
    spawn_local(async move {
        pause(2_000).await;
        let left = {
            let mut building = inner.building.borrow_mut();
            building.state.calls.retain(|call| call.id != id);
            building.has_call()
        };
        inner.emit(Event::CallClosed(id));
        if !left {
            leave_call();
        }
    });
    Ok(())
}

pub(super) fn dial(inner: &Rc<Inner>, intercom: IntercomId) -> Result<CallId, Error> {
    let view = {
        let mut building = inner.building.borrow_mut();
        if building.has_call() {
            return Err(Error::new(ErrorCode::WrongPhase, "a call is up"));
        }
        let found = building.state.intercoms.iter().find(|known| known.id == intercom).cloned();
        let found = found.ok_or_else(|| Error::new(ErrorCode::NoSuchIntercom, "no such intercom"))?;
        let mut view = begin(&mut building, &found, Direction::Outgoing);
        view.video = VideoState::Waiting;
        building.state.calls.push(view.clone());
        view
    };
    let id = view.id;
    inner.emit(Event::Call(view));
    show_call();
    let inner = inner.clone();
    spawn_local(async move {
        pause(1_800).await;
        let picked_up = inner.change(id, |call| {
            if call.phase == CallPhase::Ringing {
                call.video = VideoState::Live;
            }
        });
        let rings =
            inner.building.borrow_mut().call_mut(id).is_ok_and(|call| call.phase == CallPhase::Ringing);
        if picked_up.is_ok() && rings {
            // Fails only when the call is gone, which was just looked at.
            let _ = answer(&inner, id, Microphone::Open);
        }
    });
    Ok(id)
}

pub(super) fn open(inner: &Rc<Inner>, id: CallId, switch: SwitchId) -> Result<(), Error> {
    let (ringing, name) = {
        let mut building = inner.building.borrow_mut();
        let call = building.call_mut(id)?;
        let found = call.switches.iter().find(|known| known.id == switch);
        let found = found.ok_or_else(|| Error::new(ErrorCode::NoSuchSwitch, "no such switch"))?;
        (call.phase == CallPhase::Ringing, found.name.clone())
    };
    if ringing {
        answer(inner, id, Microphone::Muted)?;
    }
    let at = now();
    set(inner, id, switch, SwitchState::Sending);
    if let Some(entry) = inner.building.borrow_mut().entry_mut(id) {
        entry.actions.push(DoorAction { switch_name: name, at, outcome: Outcome::Sent });
    }
    let inner = inner.clone();
    spawn_local(async move {
        pause(if ringing { 1_100 } else { 500 }).await;
        set(&inner, id, switch, SwitchState::CodeSent { at });
        pause(4_000).await;
        set(&inner, id, switch, SwitchState::NoConfirmation { at });
    });
    Ok(())
}

fn set(inner: &Inner, id: CallId, switch: SwitchId, state: SwitchState) {
    // A call that ended meanwhile has no doors any more.
    let _ = inner.change(id, |call| {
        if let Some(found) = call.switches.iter_mut().find(|known| known.id == switch) {
            found.state = state;
        }
    });
}

pub(super) fn sign_in(inner: &Rc<Inner>, account: SipAccount) -> Result<(), Error> {
    account.check().map_err(|problem| Error::new(ErrorCode::BadAccount, problem.to_string()))?;
    let settings = {
        let mut building = inner.building.borrow_mut();
        building.state.settings.account = Some(account);
        building.state.settings.clone()
    };
    inner.emit(Event::Settings(settings));
    register(inner, Registration::Registering);
    let inner = inner.clone();
    spawn_local(async move {
        pause(1_200).await;
        register(&inner, Registration::Registered { since: now() });
    });
    Ok(())
}

pub(super) fn sign_out(inner: &Rc<Inner>) -> Result<(), Error> {
    let settings = {
        let mut building = inner.building.borrow_mut();
        building.state.settings.account = None;
        building.state.settings.clone()
    };
    inner.emit(Event::Settings(settings));
    register(inner, Registration::NotConfigured);
    Ok(())
}

fn register(inner: &Inner, registration: Registration) {
    inner.building.borrow_mut().state.registration = registration.clone();
    inner.emit(Event::Registration(registration));
}
