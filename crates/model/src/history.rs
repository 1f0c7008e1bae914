use serde::{Deserialize, Serialize};

use crate::{CallId, CallStatus, Caller, Direction, Timestamp};

/// One call in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The call.
    pub id: CallId,
    /// The other side.
    pub caller: Caller,
    /// Who called whom.
    pub direction: Direction,
    /// What became of it.
    pub status: CallStatus,
    /// When it began to ring.
    pub started: Timestamp,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// In plain words for a log, why it failed; the UI shows `status`.
    pub failure: Option<String>,
    /// Whether a picture of the visitor is kept.
    pub has_picture: bool,
    /// Whether the resident has seen this row since it was missed.
    pub seen: bool,
    /// What was sent to the doors, in order.
    pub actions: Vec<DoorAction>,
}

/// A code that was sent, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorAction {
    /// The name of the switch at that time.
    pub switch_name: String,
    /// When the button was pressed.
    pub at: Timestamp,
    /// What is known.
    pub outcome: Outcome,
}

/// What is known of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is on its way.
    Sending,
    /// It was sent; nobody has said what it did.
    Sent,
    /// The intercom or its API says that it opened.
    Confirmed,
    /// The intercom refused it.
    Refused,
    /// It could not be sent.
    NotSent,
}

/// What the history list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryFilter {
    /// Part of a name or an address, in any case; empty for all.
    pub text: String,
    /// Only calls that nobody answered.
    pub missed_only: bool,
    /// Only rows older than this one; pages are asked for with the last row's id.
    pub before: Option<CallId>,
    /// At most so many rows; 0 means the store's own page size.
    pub limit: u32,
}
