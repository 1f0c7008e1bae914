use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ApartmentId, IntercomId, Language, QuietHours, SipAccount};

/// Everything that the resident can set on this device, secrets apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The SIP account, when there is one.
    pub account: Option<SipAccount>,
    /// What happens to a call that comes while another is up.
    pub second_call: SecondCall,
    /// No ringing; calls are logged as missed.
    pub do_not_disturb: bool,
    /// The same, by the hours of the week.
    pub quiet_hours: QuietHours,
    /// The same, for single intercoms. It stands here because other devices of the flat may ring.
    pub silent: Vec<IntercomId>,
    /// The apartment that is looked at; `None` for all, as is one that the resident has no more.
    pub apartment: Option<ApartmentId>,
    /// Start with the session, in the tray.
    pub autostart: bool,
    /// Sound devices and levels.
    pub audio: AudioSettings,
    /// Colours.
    pub theme: Theme,
    /// Language of the app; `None` is the system's, or English where the app does not speak that.
    pub language: Option<Language>,
    /// Size of the text.
    pub text_size: TextSize,
    /// Whether letters, digits and signs are shortcuts where nobody types (WCAG 2.1.4 wants them switched off at will).
    pub single_keys: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            account: None,
            second_call: SecondCall::default(),
            do_not_disturb: false,
            quiet_hours: QuietHours::default(),
            silent: Vec::new(),
            apartment: None,
            autostart: false,
            audio: AudioSettings::default(),
            theme: Theme::default(),
            language: None,
            text_size: TextSize::default(),
            single_keys: true,
        }
    }
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

/// Size of the text, in percent of the system's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct TextSize(u16);

impl TextSize {
    /// All of them, the system's own first.
    pub const ALL: [Self; 5] = [Self(100), Self(115), Self(130), Self(150), Self(200)];

    /// The size in percent.
    pub fn percent(self) -> u16 {
        self.0
    }
}

impl Default for TextSize {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<u16> for TextSize {
    type Error = TextSizeError;

    fn try_from(percent: u16) -> Result<Self, TextSizeError> {
        Self::ALL.into_iter().find(|size| size.0 == percent).ok_or(TextSizeError(percent))
    }
}

impl From<TextSize> for u16 {
    fn from(size: TextSize) -> Self {
        size.0
    }
}

/// The app does not draw text at this size, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("text is not drawn at {0} %")]
pub struct TextSizeError(pub u16);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_an_older_version_have_the_usual_size_and_single_keys() {
        let settings: Settings = serde_json::from_str(r#"{ "theme": "dark" }"#).unwrap();
        assert_eq!(settings, Settings { theme: Theme::Dark, ..Settings::default() });
        assert_eq!(settings.text_size.percent(), 100);
        assert!(settings.single_keys);
    }

    #[test]
    fn a_size_is_one_of_the_five() {
        for size in TextSize::ALL {
            let json = serde_json::to_string(&size).unwrap();
            assert_eq!(json, size.percent().to_string());
            assert_eq!(serde_json::from_str::<TextSize>(&json).unwrap(), size);
        }
        for percent in [0, 99, 175, 201] {
            assert_eq!(TextSize::try_from(percent), Err(TextSizeError(percent)));
        }
    }
}
