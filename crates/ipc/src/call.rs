use serde::{Deserialize, Serialize};
use vestibule_model::{CallId, Caller, Direction, SwitchId, SwitchKind, Timestamp};

/// A call as its window draws it. Every change comes as a whole new view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// Which call.
    pub id: CallId,
    /// Who called whom.
    pub direction: Direction,
    /// The other side.
    pub caller: Caller,
    /// Where in its life it is.
    pub phase: CallPhase,
    /// When it began to ring.
    pub started: Timestamp,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// What there is to see.
    pub video: VideoState,
    /// What there is to hear, and to say.
    pub audio: AudioView,
    /// What is known of its secrecy.
    pub protection: Protection,
    /// The doors that this caller owns, in the order of their buttons.
    pub switches: Vec<SwitchView>,
    /// The ringtone of this call was silenced here.
    pub silenced: bool,
    /// It rings while another call is up.
    pub waiting: bool,
}

/// Where in its life a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallPhase {
    /// Incoming: it rings here. Outgoing: it rings there.
    Ringing,
    /// Answered or dialled; no confirmation yet.
    Connecting,
    /// Both sides hear each other.
    Live,
    /// The other side put it on hold.
    OnHold,
    /// Over.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The resident hung up.
    HungUp,
    /// The other side hung up.
    RemoteHungUp,
    /// The resident declined it.
    Declined,
    /// The caller gave up before it was answered.
    CallerGaveUp,
    /// Another device of the household took it.
    AnsweredElsewhere,
    /// The other side was busy or declined.
    Refused,
    /// Nothing came from the intercom any more.
    Vanished,
    /// It could not be set up.
    Failed,
}

/// What there is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoState {
    /// The other side sends no picture.
    None,
    /// A picture was agreed on and has not come yet.
    Waiting,
    /// Pictures come.
    Live,
    /// Pictures come with gaps, or stopped coming.
    Weak,
}

/// What there is to hear, and to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioView {
    /// The resident's microphone.
    pub microphone: MicrophoneState,
    /// Level of the loudspeaker, 0 to 100.
    pub volume: u8,
    /// Whether a loudspeaker was found.
    pub has_speaker: bool,
}

/// The resident's microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MicrophoneState {
    /// Nothing is sent: the call is not answered, or held.
    Off,
    /// The visitor hears the resident.
    On,
    /// The resident muted it.
    Muted,
    /// No microphone was found; silence is sent.
    Missing,
}

/// What is known of the secrecy of a call (the lock on its screen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Anybody on the way can listen.
    NotProtected,
}

/// A door of the caller, as its button shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchView {
    /// Which switch.
    pub id: SwitchId,
    /// The name that the site gave it.
    pub name: String,
    /// What it moves.
    pub kind: SwitchKind,
    /// What is known of it.
    pub state: SwitchState,
}

/// What is known of a switch during a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchState {
    /// It can be pressed.
    Ready,
    /// Pressed; the code is on its way.
    Sending,
    /// The code was sent. A code in the sound has no answer, so this may be all that is ever known.
    CodeSent {
        /// When it was pressed.
        at: Timestamp,
    },
    /// The code was sent a while ago and nobody has confirmed it.
    NoConfirmation {
        /// When it was pressed.
        at: Timestamp,
    },
    /// The intercom or its API says that it opened.
    Confirmed {
        /// When it said so.
        at: Timestamp,
    },
    /// The intercom refused the code.
    Refused {
        /// When it said so.
        at: Timestamp,
    },
    /// The code could not be sent.
    NotSent {
        /// When that was known.
        at: Timestamp,
    },
}
