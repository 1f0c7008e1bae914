use serde::{Deserialize, Serialize};

use crate::IntercomId;

/// Identifies a call; also the id of its row in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub i64);

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The intercom called.
    Incoming,
    /// The resident called.
    Outgoing,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// It rings still.
    Ringing,
    /// It was answered here.
    Answered,
    /// Nobody answered it.
    Missed,
    /// The resident declined it here.
    Declined,
    /// Another device of the household took it.
    AnsweredElsewhere,
    /// It could not be set up, or it broke.
    Failed,
}

/// The other side of a call, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The intercom it was matched to; only such a caller is ever sent a code.
    pub intercom: Option<IntercomId>,
    /// The name to show: the intercom's own, else what the caller said of itself, else its address.
    pub name: String,
    /// `user@host` from the From header, unproved.
    pub address: String,
}
