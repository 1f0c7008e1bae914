//! The one place that asks the clock on the wall.

use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_model::Timestamp;

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
