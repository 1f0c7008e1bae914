//! Waits until the keys rest.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::row_around;

/// How long the focus is on a row before its detail is drawn: a key that is held down comes more often than that.
const REST: Duration = Duration::from_millis(80);

/// What happens when keys have moved the focus to a row and nobody has gone on from there.
///
/// To draw a detail takes longer than to move the focus, and whoever walks down a list must not wait for each.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    moved: Callback<i64>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Rest {
    pub(super) fn new(moved: Callback<i64>) -> Self {
        let rest = Self { moved, waiting: StoredValue::new(None) };
        on_cleanup(move || rest.stop());
        rest
    }

    pub(super) fn wait(self, id: i64) {
        self.stop();
        let moved = self.moved;
        let rested = move || {
            // Meanwhile somebody may have gone to a field, or to another row.
            if document().active_element().and_then(|active| row_around(&active)) == Some(id) {
                moved.run(id);
            }
        };
        // A window that cannot wait does not draw the detail, which Enter still does.
        self.waiting.set_value(set_timeout_with_handle(rested, REST).ok());
    }

    fn stop(self) {
        if let Some(handle) = self.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}
