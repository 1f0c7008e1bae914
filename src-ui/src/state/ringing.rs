//! Whether calls ring on this device now, by what the resident has set.

use leptos::prelude::*;

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

/// Whether calls ring, from minute to minute.
pub(crate) fn use_ringing() -> Memo<Ringing> {
    let Preferences(preferences) = expect_context();
    let clock = expect_context::<Clock>();
    let moment = Memo::new(move |_| format::week_minute(clock.now()));
    Memo::new(move |_| {
        let (day, minute) = moment.get();
        preferences.with(|p| match (p.do_not_disturb, p.quiet_hours.hold(day, minute)) {
            (true, _) => Ringing::Off,
            (false, true) => Ringing::QuietUntil(p.quiet_hours.until),
            (false, false) => Ringing::On,
        })
    })
}
