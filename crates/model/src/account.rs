use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Timestamp;

/// How signalling travels (RFC 3261 section 18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SipTransport {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream.
    Tcp,
}

/// How a code is sent during a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DtmfMode {
    /// RTP telephone-events (RFC 4733).
    #[default]
    Rfc4733,
    /// SIP INFO with `application/dtmf-relay`.
    Info,
    /// Telephone-events and INFO.
    Both,
    /// Telephone-events where the peer offers them, else tones in the sound itself.
    Auto,
}

/// An audio codec that may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioCodec {
    /// G.711 A-law, payload type 8.
    Pcma,
    /// G.711 µ-law, payload type 0.
    Pcmu,
}

/// A SIP account without its password, which stays in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SipAccount {
    /// User part of the address of record; the device ID.
    pub user: String,
    /// Domain of the address of record. Its SRV records name the servers when `servers` is empty.
    pub domain: String,
    /// Servers to try, in order, each `host` or `host:port`; the registrar is the outbound proxy.
    #[serde(default)]
    pub servers: Vec<String>,
    /// User name for the digest, where it differs from `user`.
    #[serde(default)]
    pub auth_user: Option<String>,
    /// Name that callees see.
    #[serde(default)]
    pub display_name: Option<String>,
    /// How signalling travels.
    #[serde(default)]
    pub transport: SipTransport,
    /// How codes are sent.
    #[serde(default)]
    pub dtmf: DtmfMode,
    /// Audio codecs, the most wanted first.
    #[serde(default = "SipAccount::default_codecs")]
    pub codecs: Vec<AudioCodec>,
    /// How long a registration is asked to last, in seconds.
    #[serde(default = "SipAccount::default_expires")]
    pub expires: u32,
}

/// Why an account cannot work as it is written.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountProblem {
    /// No user, or characters that no user part holds.
    #[error("the user name is missing or holds characters that a SIP address cannot")]
    User,
    /// No domain, or characters that no host name holds.
    #[error("the domain is missing or is no host name")]
    Domain,
    /// A server is not `host` or `host:port`.
    #[error("a server is written as host or host:port")]
    Server,
    /// No codec is left to offer.
    #[error("at least one audio codec is needed")]
    Codecs,
    /// Shorter than a minute or longer than a day.
    #[error("a registration lasts from 60 to 86400 seconds")]
    Expires,
}

impl SipAccount {
    /// A-law first: it is what intercoms in Europe speak.
    pub fn default_codecs() -> Vec<AudioCodec> {
        vec![AudioCodec::Pcma, AudioCodec::Pcmu]
    }

    /// Ten minutes: a dead binding does not ring for long.
    pub fn default_expires() -> u32 {
        600
    }

    /// Checks everything that can be told without a network.
    pub fn check(&self) -> Result<(), AccountProblem> {
        format!("{}@invalid", self.user).parse::<crate::SipAddress>().map_err(|_| AccountProblem::User)?;
        let host = |text: &str| format!("user@{text}").parse::<crate::SipAddress>();
        host(&self.domain).map_err(|_| AccountProblem::Domain)?;
        for server in &self.servers {
            host(server).map_err(|_| AccountProblem::Server)?;
        }
        if self.codecs.is_empty() {
            return Err(AccountProblem::Codecs);
        }
        if !(60..=86_400).contains(&self.expires) {
            return Err(AccountProblem::Expires);
        }
        Ok(())
    }
}

/// How the phone stands with its registrar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// No account is set up.
    NotConfigured,
    /// The first answer is awaited.
    Registering,
    /// Calls ring here.
    Registered {
        /// When the registrar last said so.
        since: Timestamp,
    },
    /// Calls do not ring here.
    Failed {
        /// What went wrong.
        why: RegistrationFailure,
        /// When it will be tried again; `None` when only a person can help.
        retry_at: Option<Timestamp>,
    },
    /// Signed out; the registrar was told.
    Unregistered,
}

/// Why calls do not ring here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationFailure {
    /// The registrar does not take this user and password.
    WrongPassword,
    /// The registrar knows no such user, or will not have it.
    Refused {
        /// SIP status code, 400 to 699.
        status: u16,
    },
    /// No server answered.
    Unreachable,
    /// The name of the server could not be looked up.
    NoSuchServer,
}
