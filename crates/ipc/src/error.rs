use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What went wrong with a command. The UI chooses its words by `code` alone; `message` is for logs and reports.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize, Deserialize)]
#[error("{message}")]
pub struct Error {
    /// Stable, for programs.
    pub code: ErrorCode,
    /// English, for people who look into it.
    pub message: String,
}

/// Every way in which a command can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The call is over, or never was.
    NoSuchCall,
    /// The intercom is not in the list.
    NoSuchIntercom,
    /// The switch does not belong to this caller.
    NoSuchSwitch,
    /// The call is not in a state in which this can be done.
    WrongPhase,
    /// No account is set up.
    NoAccount,
    /// The account cannot work as it is written.
    BadAccount,
    /// A value is outside what is allowed.
    BadValue,
    /// The keychain is locked, or there is none.
    Keychain,
    /// The cache cannot be read or written.
    Storage,
    /// The network or the other side did not do it.
    Network,
    /// No microphone or loudspeaker of that name.
    NoSuchDevice,
    /// Nobody is signed in at a site server.
    NoSite,
    /// The building sets it; it is not changed here.
    SetByBuilding,
    /// E-mail address or password is wrong.
    SignInRefused,
    /// The code of the second factor is wrong.
    CodeWrong,
    /// The link was used, is too old, or was never given out.
    LinkInvalid,
    /// What would be said to that server could be read by others on the way.
    NotSecure,
    /// What answers there is no site server that this program understands.
    NotASiteServer,
    /// Another has this name, number or address.
    Taken,
    /// The resident may not do this.
    NotAllowed,
    /// Nobody of the household has this number.
    NoSuchMember,
    /// Too often in a short time.
    TooMany,
    /// A defect of the program.
    Internal,
}

impl Error {
    /// An error with its words.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
