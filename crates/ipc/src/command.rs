use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vestibule_model::{
    CallId, HistoryEntry, HistoryFilter, Intercom, IntercomId, Secret, Settings, SipAccount, SwitchId,
};

use crate::AppState;

/// A question or an order from the UI to the core.
pub trait Command: Serialize + DeserializeOwned {
    /// What comes back when it could be done.
    type Reply: Serialize + DeserializeOwned;
    /// Name of the shell's handler.
    const NAME: &'static str;
}

macro_rules! commands {
    ($(#[$names_doc:meta])* $names:ident; $($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? } => $reply:ty, $wire:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
            impl Command for $name {
                type Reply = $reply;
                const NAME: &'static str = $wire;
            }
        )*

        $(#[$names_doc])*
        pub const $names: &[&str] = &[$($wire),*];
    };
}
pub(crate) use commands;

commands! {
    /// The names of all commands, for the test that holds handlers and permissions together with them.
    COMMAND_NAMES;

    /// Everything a window needs to draw its first page.
    GetState {} => AppState, "get_state";

    /// Answers a ringing call.
    Answer {
        /// Which call.
        call: CallId,
    } => (), "answer";
    /// Declines a ringing call.
    Decline {
        /// Which call.
        call: CallId,
    } => (), "decline";
    /// Ends a call that was answered or dialled.
    HangUp {
        /// Which call.
        call: CallId,
    } => (), "hang_up";
    /// Stops the ringtone of a call; it rings on without a sound.
    Silence {
        /// Which call.
        call: CallId,
    } => (), "silence";
    /// Mutes the microphone, or opens it again.
    SetMuted {
        /// Which call.
        call: CallId,
        /// Whether the visitor is to hear nothing.
        muted: bool,
    } => (), "set_muted";
    /// Sets the level of the loudspeaker for this call and those to come.
    SetVolume {
        /// Which call.
        call: CallId,
        /// 0 to 100.
        volume: u8,
    } => (), "set_volume";
    /// Sends the code of a switch. A ringing call is answered muted first, for only the call can carry the code.
    OpenDoor {
        /// Which call.
        call: CallId,
        /// Which of its switches.
        switch: SwitchId,
    } => (), "open_door";
    /// Calls an intercom.
    Dial {
        /// Which intercom.
        intercom: IntercomId,
    } => CallId, "dial";
    /// Tells the core what a call's window has painted, so that delays can be measured where they are felt.
    Painted {
        /// Which call.
        call: CallId,
        /// What is now on the screen.
        what: PaintedPart,
    } => (), "painted";

    /// A page of the history, newest first.
    ListHistory {
        /// Which rows.
        filter: HistoryFilter,
    } => HistoryPage, "list_history";
    /// Marks missed calls up to and with this one as seen.
    MarkSeen {
        /// The newest call that was on the screen.
        up_to: CallId,
    } => (), "mark_seen";
    /// Removes a call and its picture from the history.
    DeleteCall {
        /// Which call.
        call: CallId,
    } => (), "delete_call";

    /// Adds an intercom (id 0) or changes one, with its switches.
    SaveIntercom {
        /// The intercom as it shall be.
        intercom: Intercom,
    } => IntercomId, "save_intercom";
    /// Removes an intercom. Its calls stay in the history.
    DeleteIntercom {
        /// Which intercom.
        intercom: IntercomId,
    } => (), "delete_intercom";

    /// Sets the account up, or changes it, and registers with it.
    SaveAccount {
        /// The account.
        account: SipAccount,
        /// Its password; `None` keeps the one in the keychain.
        password: Option<Secret>,
    } => (), "save_account";
    /// Un-registers, forgets the account and its password.
    SignOut {} => (), "sign_out";
    /// Changes settings other than the account, which is left as it is.
    SaveSettings {
        /// The settings as they shall be.
        settings: Settings,
    } => (), "save_settings";
    /// The microphones and loudspeakers of this machine.
    ListAudioDevices {} => AudioDevices, "list_audio_devices";
    /// Plays the ringtone for a moment on the ringing loudspeaker.
    TestRingtone {} => (), "test_ringtone";
    /// Agrees to keep the key of the cache in a file, where there is no keychain.
    AllowKeyFile {} => (), "allow_key_file";
    /// Has the system ask for the password of a locked keychain once more, after the resident put it off.
    UnlockKeychain {} => (), "unlock_keychain";
    /// What helps somebody who helps, line by line, with nothing secret in it.
    PreviewDiagnostics {} => Vec<String>, "preview_diagnostics";
}

/// What a call's window has painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaintedPart {
    /// Who is calling.
    Caller,
    /// The first picture of the call.
    FirstFrame,
}

/// A page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// Rows, newest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether older rows match as well.
    pub more: bool,
}

/// The microphones and loudspeakers of this machine, as the system names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioDevices {
    /// Microphones.
    pub inputs: Vec<String>,
    /// Loudspeakers.
    pub outputs: Vec<String>,
}
