//! The door that was pressed last, from the press to the core's answer.

use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, OpenNearby};
use vestibule_model::{DoorId, DoorState, NearbyDoor};

use crate::pages::mobile::{Pending, Phase};
use crate::state::{Orders, use_orders};

/// What is known of opening a door, with what the core has not said itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// As the core says.
    Known(DoorState),
    /// The core refused the order.
    Refused(ErrorCode),
    /// The core has not answered.
    Silent,
}

/// The press and how far it has come.
#[derive(Clone, Copy)]
pub(super) struct Press {
    door: RwSignal<Option<DoorId>>,
    pending: Pending,
    orders: Orders,
}

impl Press {
    pub(super) fn new() -> Self {
        Self { door: RwSignal::new(None), pending: Pending::new(), orders: use_orders() }
    }

    /// Opens a door. A press at one that is being opened already says nothing new.
    pub(super) fn open(self, door: DoorId) {
        if self.door.get_untracked() == Some(door) && self.pending.waits_now() {
            return;
        }
        self.door.set(Some(door));
        self.pending.send(self.orders, OpenNearby { door });
    }

    /// The door whose press the core has not answered.
    pub(super) fn waiting(self) -> Option<DoorId> {
        self.door.get().filter(|_| self.pending.waits())
    }

    /// The door whose press came to nothing.
    pub(super) fn fruitless(self) -> Option<(DoorId, Stand)> {
        let door = self.door.get()?;
        match self.pending.phase() {
            Phase::Idle | Phase::Waiting => None,
            Phase::Failed(code) => Some((door, Stand::Refused(code))),
            Phase::Silent => Some((door, Stand::Silent)),
        }
    }

    /// How a door stands: the press is seen at once, and what the core says of the door goes before its silence.
    pub(super) fn stand(self, door: &NearbyDoor) -> Stand {
        if door.state != DoorState::Ready {
            // A further press at a door with an old result begins anew.
            let anew = self.waiting() == Some(door.id);
            return Stand::Known(if anew { DoorState::Opening } else { door.state });
        }
        if self.waiting() == Some(door.id) {
            return Stand::Known(DoorState::Opening);
        }
        match self.fruitless() {
            Some((id, stand)) if id == door.id => stand,
            _ => Stand::Known(DoorState::Ready),
        }
    }
}
