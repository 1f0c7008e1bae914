//! Doors during a call: the code goes out, and what is known of it stands on the screen and in the history.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use vestibule_ipc::{Error, ErrorCode, SwitchState};
use vestibule_media::{DigitMode, DigitsError, Leg};
use vestibule_model::{CallId, DtmfMode, Outcome, SwitchCode, SwitchId, Timestamp};
use vestibule_sip::CallControl;
use vestibule_store::ActionId;

use super::task::{News, Task};
use crate::{clock, timing};

/// A code has no answer; after this long the screen says that none came.
const NO_CONFIRMATION_AFTER: Duration = Duration::from_secs(3);
/// What INFO says of the length of a digit, in milliseconds, as intercoms expect it.
const INFO_DURATION_MS: u32 = 160;

/// A press on a switch during this call.
pub(super) struct Press {
    switch: SwitchId,
    at: Timestamp,
    action: Option<ActionId>,
    outcome: Outcome,
}

/// What became of a press.
pub(super) enum DoorNews {
    Known { press: usize, outcome: Outcome },
    StillQuiet { press: usize },
}

impl Task {
    /// Sends the code of a switch of this caller; what becomes of it is told later.
    pub(super) fn press(
        &mut self,
        control: &CallControl,
        switch: SwitchId,
        given: Instant,
    ) -> Result<(), Error> {
        let known = self.intercom.as_ref().and_then(|known| known.switches.iter().find(|s| s.id == switch));
        let Some(known) = known.cloned() else {
            return Err(Error::new(ErrorCode::NoSuchSwitch, "this caller owns no such switch"));
        };
        if self.view.switches.iter().any(|s| s.id == switch && s.state == SwitchState::Sending) {
            // A second tap while the code is on its way would only send it twice.
            return Ok(());
        }
        let at = clock::now();
        let press = self.doors.len();
        self.doors.push(Press { switch, at, action: None, outcome: Outcome::Sending });
        self.set_switch(switch, SwitchState::Sending);

        let mode = self.app.inner.hub.settings().account.map(|account| account.dtmf).unwrap_or_default();
        let (leg, control, tell, call) = (self.leg.clone(), control.clone(), self.tell.clone(), self.view.id);
        tokio::spawn(async move {
            let outcome = send(&leg, &control, &known.code, mode, Sent { call, given }).await;
            // Told to a task that has ended, it is written as not known.
            _ = tell.send(News::Door(DoorNews::Known { press, outcome })).await;
            tokio::time::sleep(NO_CONFIRMATION_AFTER).await;
            _ = tell.send(News::Door(DoorNews::StillQuiet { press })).await;
        });
        let (app, tell, call) = (self.app.clone(), self.tell.clone(), self.view.id);
        tokio::spawn(async move {
            let row = app
                .change_history(move |store| store.add_action(call, &known.name, at, Outcome::Sending))
                .await;
            match row {
                Ok(action) => _ = tell.send(News::DoorRow { door: press, action }).await,
                Err(error) => tracing::error!(%error, call = call.0, "the press cannot be written down"),
            }
        });
        Ok(())
    }

    pub(super) fn on_door(&mut self, news: DoorNews) {
        match news {
            DoorNews::Known { press, outcome } => {
                let Some(door) = self.doors.get_mut(press) else {
                    return;
                };
                door.outcome = outcome;
                let (switch, at) = (door.switch, door.at);
                self.set_switch(switch, state(outcome, at));
                self.write_outcome(press);
            }
            DoorNews::StillQuiet { press } => {
                let Some(Press { switch, at, .. }) = self.doors.get(press) else {
                    return;
                };
                let (switch, at) = (*switch, *at);
                // Pressed again meanwhile, or known to have failed: then this is no news.
                let still_sent = SwitchState::CodeSent { at };
                if self.view.switches.iter().any(|s| s.id == switch && s.state == still_sent) {
                    self.set_switch(switch, SwitchState::NoConfirmation { at });
                }
            }
        }
    }

    pub(super) fn on_door_row(&mut self, press: usize, action: ActionId) {
        if let Some(door) = self.doors.get_mut(press) {
            door.action = Some(action);
        }
        self.write_outcome(press);
    }

    /// Writes what is known of a press, once both the row and the outcome are there.
    fn write_outcome(&self, press: usize) {
        let Some(&Press { action: Some(action), outcome, .. }) = self.doors.get(press) else {
            return;
        };
        if outcome == Outcome::Sending {
            return;
        }
        let app = self.app.clone();
        tokio::spawn(async move {
            if let Err(error) = app.change_history(move |store| store.set_outcome(action, outcome)).await {
                tracing::error!(%error, "what became of a press cannot be written down");
            }
        });
    }

    fn set_switch(&mut self, switch: SwitchId, state: SwitchState) {
        for view in self.view.switches.iter_mut().filter(|view| view.id == switch) {
            view.state = state;
        }
        self.show();
    }
}

fn state(outcome: Outcome, at: Timestamp) -> SwitchState {
    match outcome {
        Outcome::Sending => SwitchState::Sending,
        Outcome::Sent => SwitchState::CodeSent { at },
        Outcome::Confirmed => SwitchState::Confirmed { at },
        Outcome::Refused => SwitchState::Refused { at },
        Outcome::NotSent => SwitchState::NotSent { at },
    }
}

/// For the measurement: whose press, and when.
#[derive(Clone, Copy)]
struct Sent {
    call: CallId,
    given: Instant,
}

async fn send(
    leg: &Arc<Leg>,
    control: &CallControl,
    code: &SwitchCode,
    mode: DtmfMode,
    sent: Sent,
) -> Outcome {
    match mode {
        DtmfMode::Info => send_info(control, code).await,
        DtmfMode::Rfc4733 => match send_digits(leg, code, DigitMode::Event, sent).await {
            // The peer offered no telephone-event: INFO is the other way that intercoms know.
            Err(DigitsError::NotNegotiated) => send_info(control, code).await,
            result => outcome_of(result),
        },
        DtmfMode::Auto => match send_digits(leg, code, DigitMode::Event, sent).await {
            Err(DigitsError::NotNegotiated) => {
                outcome_of(send_digits(leg, code, DigitMode::Tones, sent).await)
            }
            result => outcome_of(result),
        },
        DtmfMode::Both => {
            let (events, info) =
                tokio::join!(send_digits(leg, code, DigitMode::Event, sent), send_info(control, code));
            match (outcome_of(events), info) {
                (Outcome::Sent, _) | (_, Outcome::Sent) => Outcome::Sent,
                (_, info) => info,
            }
        }
    }
}

async fn send_digits(leg: &Leg, code: &SwitchCode, mode: DigitMode, sent: Sent) -> Result<(), DigitsError> {
    let digits = leg.send_digits(code.reveal(), mode).await?;
    timing::record_between(sent.call, "press_to_first_digit_packet", sent.given, digits.first_packet);
    Ok(())
}

fn outcome_of(result: Result<(), DigitsError>) -> Outcome {
    match result {
        Ok(()) => Outcome::Sent,
        Err(error) => {
            tracing::warn!(%error, "the code was not sent");
            Outcome::NotSent
        }
    }
}

/// One INFO a digit, in order (`application/dtmf-relay`). Its 200 proves receipt, not that a door opened.
async fn send_info(control: &CallControl, code: &SwitchCode) -> Outcome {
    for digit in code.reveal().chars() {
        let body = Bytes::from(format!("Signal={digit}\r\nDuration={INFO_DURATION_MS}\r\n"));
        match control.send_info("application/dtmf-relay", body).await {
            Ok(200..=299) => {}
            Ok(403 | 603) => return Outcome::Refused,
            Ok(status) => {
                tracing::warn!(status, "the intercom did not take the INFO");
                return Outcome::NotSent;
            }
            Err(error) => {
                tracing::warn!(%error, "the INFO was not sent");
                return Outcome::NotSent;
            }
        }
    }
    Outcome::Sent
}
