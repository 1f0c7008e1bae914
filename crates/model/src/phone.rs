use serde::{Deserialize, Serialize};

use crate::api::{ConfigurationMode, SipProfile, Template};
use crate::{SipAccount, Timestamp};

/// How the building configures this phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneSetup {
    /// How far that has come.
    pub state: PhoneState,
    /// Whose word counts.
    pub mode: ConfigurationMode,
    /// The account that the building gave last.
    pub profile: Option<SipProfile>,
    /// Minutes until the configuration is asked for again.
    pub refresh_minutes: u32,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
}

/// How far the configuration of this phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneState {
    /// The building was not asked yet.
    Waiting,
    /// The account was set up by hand, and stays until the resident asks for the building's.
    OwnAccount,
    /// As the building says.
    Configured,
    /// The building has no exchange: nothing rings by it.
    NoExchange,
    /// The building asks for something that this app cannot do.
    Unsupported(Unsupported),
    /// The apartment has as many devices as it may.
    DeviceLimit,
    /// The building took this phone off.
    Removed,
}

/// What this app cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsupported {
    /// The way that signalling travels.
    Transport,
    /// The encryption of sound and pictures.
    Encryption,
    /// Every sound codec that is allowed.
    Codecs,
}

impl Default for PhoneSetup {
    /// Nobody was asked yet.
    fn default() -> Self {
        let Template { mode, refresh_minutes, .. } = Template::default();
        Self { state: PhoneState::Waiting, mode, profile: None, refresh_minutes, read_at: None }
    }
}

impl PhoneSetup {
    /// Whether the account is the one that the building gave.
    pub fn gave(&self, account: &SipAccount) -> bool {
        self.profile
            .as_ref()
            .is_some_and(|profile| profile.user == account.user && profile.domain == account.domain)
    }

    /// Whether the building owns the account, so that nobody changes it here.
    pub fn owns(&self, account: &SipAccount) -> bool {
        self.mode == ConfigurationMode::Automatic && self.gave(account)
    }
}
