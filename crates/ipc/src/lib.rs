//! What passes between the UI and the core: commands with their replies, events, errors, and video frames.
//!
//! Every command is a struct; its [`Command::NAME`] is the name of the shell's handler and of its permission.

mod call;
mod command;
mod error;
mod event;
#[cfg(feature = "mobile")]
mod mobile;
mod site;
pub mod video;

pub use call::{
    AudioView, CallPhase, CallView, EndReason, MicrophoneState, Protection, SwitchState, SwitchView,
    VideoState,
};
pub use command::*;
pub use error::{Error, ErrorCode};
pub use event::{AppState, Event, StartedAnew, StorageState};
#[cfg(feature = "mobile")]
pub use mobile::*;
pub use site::*;
