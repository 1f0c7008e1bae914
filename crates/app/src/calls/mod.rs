//! Calls: one task each, which owns the SIP dialog and the media leg from the first ring to the row in the history.
//!
//! Commands reach the task as [`Order`]s; what it makes known goes out as a whole new `CallView`.

mod doors;
mod incoming;
mod live;
mod outgoing;
mod picture;
mod task;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};
use vestibule_ipc::{
    Answer, CallPhase, Decline, Error, ErrorCode, HangUp, OpenDoor, Painted, PaintedPart, SetMuted,
    SetVolume, Silence,
};
use vestibule_model::{CallId, SwitchId};
use vestibule_sip::IncomingCall;

use crate::{App, timing};

/// What a command asks of a call's task.
pub(crate) enum Order {
    Answer,
    Decline,
    HangUp,
    Silence,
    SetMuted(bool),
    SetVolume(u8),
    OpenDoor(SwitchId),
    /// The call before it is over: it rings aloud now.
    PutOnScreen,
}

struct Errand {
    order: Order,
    given: Instant,
    done: oneshot::Sender<Result<(), Error>>,
}

/// The calls that are up.
pub(crate) struct Calls {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// Calls that were let in, also those that have no row in the history yet.
    seats: usize,
    tasks: HashMap<CallId, mpsc::Sender<Errand>>,
    received: HashMap<CallId, Instant>,
}

/// Holds a call's place among the calls that are up.
struct Seat {
    inner: Arc<Mutex<Inner>>,
    /// Whether another call was up when this one came.
    second: bool,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.inner).seats -= 1;
    }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self { inner: Arc::default() }
    }

    /// Takes a seat, under one lock: of two calls at the same moment one is the second.
    fn take_seat(&self) -> Seat {
        let mut inner = lock(&self.inner);
        let second = inner.seats > 0;
        inner.seats += 1;
        Seat { inner: self.inner.clone(), second }
    }

    fn enter(&self, call: CallId, received: Instant) -> mpsc::Receiver<Errand> {
        let (orders, errands) = mpsc::channel(16);
        let mut inner = lock(&self.inner);
        inner.tasks.insert(call, orders);
        inner.received.insert(call, received);
        errands
    }

    fn leave(&self, call: CallId) {
        let mut inner = lock(&self.inner);
        inner.tasks.remove(&call);
        inner.received.remove(&call);
    }

    fn task(&self, call: CallId) -> Option<mpsc::Sender<Errand>> {
        lock(&self.inner).tasks.get(&call).cloned()
    }
}

impl App {
    /// See [`Answer`]. Another call that is up is ended first: there is one microphone.
    pub async fn answer(&self, ask: Answer) -> Result<(), Error> {
        for other in self.inner.hub.snapshot().calls {
            let talking = !matches!(other.phase, CallPhase::Ringing | CallPhase::Ended { .. });
            if other.id != ask.call && talking {
                self.order(other.id, Order::HangUp).await?;
            }
        }
        self.order(ask.call, Order::Answer).await
    }

    /// See [`Decline`].
    pub async fn decline(&self, ask: Decline) -> Result<(), Error> {
        self.order(ask.call, Order::Decline).await
    }

    /// See [`HangUp`].
    pub async fn hang_up(&self, ask: HangUp) -> Result<(), Error> {
        self.order(ask.call, Order::HangUp).await
    }

    /// See [`Silence`].
    pub async fn silence(&self, ask: Silence) -> Result<(), Error> {
        self.order(ask.call, Order::Silence).await
    }

    /// See [`SetMuted`].
    pub async fn set_muted(&self, ask: SetMuted) -> Result<(), Error> {
        self.order(ask.call, Order::SetMuted(ask.muted)).await
    }

    /// See [`SetVolume`].
    pub async fn set_volume(&self, ask: SetVolume) -> Result<(), Error> {
        if ask.volume > 100 {
            return Err(Error::new(ErrorCode::BadValue, "a level is from 0 to 100"));
        }
        self.order(ask.call, Order::SetVolume(ask.volume)).await?;
        let mut settings = self.inner.hub.settings();
        settings.audio.volume = ask.volume;
        self.keep_settings(settings).await
    }

    /// See [`OpenDoor`].
    pub async fn open_door(&self, ask: OpenDoor) -> Result<(), Error> {
        self.order(ask.call, Order::OpenDoor(ask.switch)).await
    }

    /// See [`Painted`].
    pub async fn painted(&self, ask: Painted) -> Result<(), Error> {
        let received = lock(&self.inner.calls.inner).received.get(&ask.call).copied();
        if let Some(received) = received {
            let span = match ask.what {
                PaintedPart::Caller => "invite_to_caller_painted",
                PaintedPart::FirstFrame => "invite_to_frame_painted",
            };
            timing::record(ask.call, span, received);
        }
        Ok(())
    }

    pub(crate) async fn end_all_calls(&self) {
        for call in self.inner.hub.snapshot().calls {
            let order = match call.phase {
                CallPhase::Ended { .. } => continue,
                CallPhase::Ringing => Order::Decline,
                _ => Order::HangUp,
            };
            if let Err(error) = self.order(call.id, order).await {
                tracing::debug!(%error, call = call.id.0, "it ended by itself");
            }
        }
    }

    pub(crate) fn take_incoming(&self, call: IncomingCall) {
        tokio::spawn(incoming::run(self.clone(), call));
    }

    async fn order(&self, call: CallId, order: Order) -> Result<(), Error> {
        let gone = || Error::new(ErrorCode::NoSuchCall, "the call is over");
        let task = self.inner.calls.task(call).ok_or_else(gone)?;
        let (done, outcome) = oneshot::channel();
        task.send(Errand { order, given: Instant::now(), done }).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }

    /// Lets the call that waited longest ring aloud, now that the screen is free.
    fn put_waiting_on_screen(&self) {
        let waiting = self.inner.hub.snapshot().calls.into_iter();
        let next =
            waiting.filter(|call| call.waiting && call.phase == CallPhase::Ringing).min_by_key(|c| c.started);
        if let Some(next) = next {
            let app = self.clone();
            tokio::spawn(async move {
                if let Err(error) = app.order(next.id, Order::PutOnScreen).await {
                    tracing::debug!(%error, "the waiting call is over");
                }
            });
        }
    }
}
