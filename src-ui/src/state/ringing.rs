//! Whether calls ring on this device now, by what the resident has set.

use leptos::prelude::*;
use vestibule_model::Settings;

use super::{Clock, Preferences};
use crate::format;

/// Whether calls ring now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ringing {
    On,
    /// Do not disturb is on.
    Off,
    /// The quiet hours hold until this minute from midnight.
    QuietUntil(u16),
}

/// Whether calls ring, for what is drawn: it is drawn anew only when that changes.
pub(crate) fn use_ringing() -> impl Fn() -> Ringing + Copy + Send {
    let Preferences(preferences) = expect_context();
    let clock = expect_context::<Clock>();
    let quiet = Memo::new(move |_| {
        let (day, minute) = format::week_minute(clock.now());
        preferences.with(|p| p.quiet_hours.hold(day, minute))
    });
    move || {
        let quiet = quiet.get();
        preferences.with(|Settings { do_not_disturb, quiet_hours, .. }| match (do_not_disturb, quiet) {
            (true, _) => Ringing::Off,
            (false, true) => Ringing::QuietUntil(quiet_hours.until),
            (false, false) => Ringing::On,
        })
    }
}
