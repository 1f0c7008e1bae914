//! The one place that asks the clock on the wall.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_model::Timestamp;

/// Day of the week, Monday 1 to Sunday 7, and minutes from midnight, in the zone of this device.
pub(crate) fn local() -> (u8, u16) {
    let now = jiff::Zoned::now();
    let part = |part: i8| u16::from(part.unsigned_abs());
    (now.weekday().to_monday_one_offset().unsigned_abs(), part(now.hour()) * 60 + part(now.minute()))
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
