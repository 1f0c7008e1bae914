//! The time of day, for timers on the screen.

use std::time::Duration;

use leptos::prelude::*;
use vestibule_model::Timestamp;

/// Now, to the second.
#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<Timestamp>);

impl Clock {
    /// Ticks as long as the window lives.
    pub(crate) fn start() -> Self {
        let now = RwSignal::new(read());
        // Without an interval timers stand still, which is seen at once and harms nothing.
        let _ = set_interval_with_handle(move || now.set(read()), Duration::from_secs(1));
        Self(now)
    }

    pub(crate) fn now(self) -> Timestamp {
        self.0.get()
    }
}

/// The machine's clock.
pub(crate) fn read() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}
