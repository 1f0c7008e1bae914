use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use vestibule_model::Timestamp;

/// What time it is. Everything below the rim is given a [`Timestamp`] and asks nobody.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Milliseconds since 1970-01-01T00:00:00Z that somebody else sets, such as a test.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Set(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }
}
