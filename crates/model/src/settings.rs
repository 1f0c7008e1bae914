use serde::{Deserialize, Serialize};

use crate::{Language, SipAccount};

/// Everything that the resident can set on this device, secrets apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The SIP account, when there is one.
    pub account: Option<SipAccount>,
    /// What happens to a call that comes while another is up.
    pub second_call: SecondCall,
    /// No ringing; calls are logged as missed.
    pub do_not_disturb: bool,
    /// Start with the session, in the tray.
    pub autostart: bool,
    /// Sound devices and levels.
    pub audio: AudioSettings,
    /// Colours.
    pub theme: Theme,
    /// Language of the app; `None` is the system's, or English where the app does not speak that.
    pub language: Option<Language>,
}

/// What happens to a call that comes while another is up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondCall {
    /// It is shown as waiting.
    #[default]
    Waiting,
    /// The caller is told 486 Busy Here.
    Busy,
}

/// Sound devices and levels. A device is named as the system names it; `None` is the system's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AudioSettings {
    /// Microphone.
    pub input: Option<String>,
    /// Loudspeaker of a call.
    pub output: Option<String>,
    /// Loudspeaker that rings.
    pub ringer: Option<String>,
    /// Level of a call, 0 to 100.
    pub volume: u8,
    /// Level of the ringtone, 0 to 100.
    pub ring_volume: u8,
}

impl Default for AudioSettings {
    fn default() -> Self {
        Self { input: None, output: None, ringer: None, volume: 80, ring_volume: 100 }
    }
}

/// Colours of the main window; the call window is always dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}
