use std::sync::atomic::{AtomicU64, Ordering};

/// What a user agent saw since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Messages that were no SIP, answered with 400 or dropped.
    pub malformed: u64,
    /// INVITEs of callers who may not ring here, answered with 403.
    pub strangers: u64,
    /// Requests that arrived again because an answer was late or lost.
    pub retransmissions: u64,
    /// Requests with wrong credentials, in the role of a registrar.
    pub wrong_credentials: u64,
}

/// The living counters behind [`Counters`].
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) malformed: AtomicU64,
    pub(crate) strangers: AtomicU64,
    pub(crate) retransmissions: AtomicU64,
    pub(crate) wrong_credentials: AtomicU64,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            malformed: self.malformed.load(Ordering::Relaxed),
            strangers: self.strangers.load(Ordering::Relaxed),
            retransmissions: self.retransmissions.load(Ordering::Relaxed),
            wrong_credentials: self.wrong_credentials.load(Ordering::Relaxed),
        }
    }
}
