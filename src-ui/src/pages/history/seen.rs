//! Missed calls that are on the screen have been seen.

use std::collections::HashSet;

use leptos::prelude::*;
use vestibule_ipc::MarkSeen;
use vestibule_model::{CallId, CallStatus};

use crate::state::{History, Loading, Unseen, use_orders};

/// Missed calls that were new when the page was opened: they keep their dot while it is open.
#[derive(Clone, Copy)]
pub(super) struct Fresh(RwSignal<HashSet<CallId>>);

impl Fresh {
    pub(super) fn contains(self, id: CallId) -> bool {
        self.0.with(|fresh| fresh.contains(&id))
    }
}

/// Marks what is on the screen.
pub(super) fn mark_seen(history: History) {
    let orders = use_orders();
    let Unseen(unseen) = expect_context();
    let fresh = RwSignal::new(HashSet::new());
    provide_context(Fresh(fresh));
    // A window that was closed into the tray shows nothing to anybody.
    let visible = RwSignal::new(!document().hidden());
    let listener =
        window_event_listener_untyped("visibilitychange", move |_| visible.set(!document().hidden()));
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        if !visible.get() || unseen.get() == 0 || history.loading.get() != Loading::Done {
            return;
        }
        let new: Vec<CallId> = history.entries.with(|rows| {
            rows.iter()
                .filter(|row| row.status == CallStatus::Missed && !row.seen)
                .map(|row| row.id)
                .collect()
        });
        if let Some(newest) = new.iter().max() {
            orders.send(MarkSeen { up_to: *newest });
            fresh.update(|fresh| fresh.extend(new));
        }
    });
}
