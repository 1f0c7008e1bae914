//! Looks for doors while Home is seen, and no longer: Bluetooth costs battery, and a key should not call out unasked.

use leptos::prelude::*;
use vestibule_ipc::SearchDoors;
use vestibule_model::{AdapterState, CardState, MobileAccess};

use crate::pages::mobile::Pending;
use crate::state::{Mobile, Orders, use_orders};

/// The search of this page.
#[derive(Clone, Copy)]
pub(super) struct Search {
    orders: Orders,
    pending: Pending,
}

/// Searches as long as this component is there and its window is seen.
pub(super) fn search_while_seen() -> Search {
    let Mobile(mobile) = expect_context();
    let search = Search { orders: use_orders(), pending: Pending::new() };
    // A window that was closed into the tray shows nothing to anybody.
    let visible = RwSignal::new(!document().hidden());
    let listener =
        window_event_listener_untyped("visibilitychange", move |_| visible.set(!document().hidden()));
    let wanted = Memo::new(move |_| visible.get() && mobile.with(|a| a.as_ref().is_some_and(can_search)));
    Effect::new(move |before: Option<bool>| {
        let wanted = wanted.get();
        if wanted {
            search.begin();
        } else if before == Some(true) {
            search.stop();
        }
        wanted
    });
    on_cleanup(move || {
        listener.remove();
        search.stop();
    });
    search
}

impl Search {
    pub(super) fn begin(self) {
        self.pending.send(self.orders, SearchDoors { on: true });
    }

    /// Nobody waits for the end of a search: whether it was refused changes nothing here.
    fn stop(self) {
        self.orders.ask(SearchDoors { on: false }, |_| ());
    }

    pub(super) fn pending(self) -> Pending {
        self.pending
    }
}

/// Without a card there is nothing to open with, and without Bluetooth nothing to find.
fn can_search(access: &MobileAccess) -> bool {
    access.adapter == AdapterState::Ready && matches!(access.card, CardState::Active { .. })
}
