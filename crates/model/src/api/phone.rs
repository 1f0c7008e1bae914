use serde::{Deserialize, Serialize};

use super::DeviceId;
use crate::{ApartmentId, DeviceKind, DtmfMode, Secret, SwitchCode, SwitchKind};

/// How signalling travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Signalling {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream.
    Tcp,
    /// A stream inside TLS.
    Tls,
    /// RFC 7118.
    WebSocket,
}

/// How sound and pictures are encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaEncryption {
    /// They are not.
    #[default]
    None,
    /// SRTP, with its keys in the SDP (RFC 4568).
    Sdes,
    /// SRTP, with its keys by DTLS (RFC 5764).
    DtlsSrtp,
    /// Whichever of the two the other side takes.
    SdesOrDtlsSrtp,
}

/// A codec that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
    /// RFC 7587.
    Opus,
    /// RFC 6184.
    H264,
}

/// Whose word counts when a device is configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConfigurationMode {
    /// The server's: it overwrites what was set at the device.
    #[default]
    Automatic,
    /// The device's: the server changes ring groups alone.
    Manual,
}

/// How the devices of one kind are configured in a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Template {
    /// Whose word counts.
    pub mode: ConfigurationMode,
    /// How signalling travels.
    pub transport: Signalling,
    /// How sound and pictures are encrypted.
    pub encryption: MediaEncryption,
    /// How codes are sent.
    pub dtmf: DtmfMode,
    /// The most wanted first; at least one, none twice.
    pub codecs: Vec<Codec>,
    /// Minutes until the configuration is asked for again, 1 to 99,999.
    pub refresh_minutes: u32,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            mode: ConfigurationMode::Automatic,
            transport: Signalling::Udp,
            encryption: MediaEncryption::None,
            dtmf: DtmfMode::Rfc4733,
            codecs: vec![Codec::Pcma, Codec::Pcmu, Codec::H264],
            refresh_minutes: 10,
        }
    }
}

/// A SIP account without its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SipProfile {
    /// The device ID: user name, and user part of the address.
    pub user: String,
    /// Domain of the address, and realm of the digest.
    pub domain: String,
    /// Registrar and outbound proxy in one, each `host` or `host:port`, in order.
    pub servers: Vec<String>,
}

/// A SIP account with its password, which is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SipSecret {
    /// The device that it is for.
    pub device: DeviceId,
    /// Whose.
    pub profile: SipProfile,
    /// The password. One that was given before is worth nothing from now on.
    pub password: Secret,
}

/// Asks that this phone rings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewPhone {
    /// What the owner calls it; the server finds a name if nothing is said.
    #[serde(default)]
    pub name: Option<String>,
}

/// A relay of an intercom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IntercomSwitch {
    /// The name on its button.
    pub name: String,
    /// What it moves.
    pub kind: SwitchKind,
    /// What closes it; `00*` if nothing is said.
    #[serde(default)]
    pub code: SwitchCode,
}

/// An intercom that rings this phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PhoneIntercom {
    /// Which.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// User part of its address; the domain is the account's.
    pub user: String,
    /// In the order of their buttons.
    pub switches: Vec<IntercomSwitch>,
}

/// Somebody who may be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DirectoryEntry {
    /// Which.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// User part of its address; the domain is the account's.
    pub user: String,
}

/// What a resident's phone is configured by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Phone {
    /// The phone itself.
    pub device: DeviceId,
    /// Its account. The password was given when the account was made.
    pub profile: SipProfile,
    /// Everything else that is the same for all phones of the site.
    pub template: Template,
    /// Who rings it, and what the codes open.
    pub intercoms: Vec<PhoneIntercom>,
    /// Whom it may call, and nobody else.
    pub directory: Vec<DirectoryEntry>,
}

/// What a device of the house is configured by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeviceConfiguration {
    /// The device itself.
    pub device: DeviceId,
    /// Whose word counts: its own mode, or else that of its kind. It stands in the template too.
    #[serde(default)]
    pub mode: ConfigurationMode,
    /// Its account. The password was given when it was asked for.
    pub profile: SipProfile,
    /// What is the same for all of its kind.
    pub template: Template,
    /// What each button calls. That never changes with the ring group behind it.
    pub buttons: Vec<ButtonTarget>,
    /// Its relays.
    pub switches: Vec<IntercomSwitch>,
}

/// What a button calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ButtonTarget {
    /// Which button.
    pub number: u16,
    /// What stands beside it.
    pub name: String,
    /// User part of the address to call; the domain is the account's.
    pub user: String,
}

/// Whom an intercom rings, and what its codes open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CallSettings {
    /// Whose rules its codes follow.
    #[serde(default)]
    pub make: IntercomMake,
    /// At most 999.
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// At most 16.
    #[serde(default)]
    pub switches: Vec<IntercomSwitch>,
}

/// Whose rules the codes of an intercom follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum IntercomMake {
    /// 1 to 15 of `0-9*#`.
    #[default]
    #[serde(rename = "any")]
    Any,
    /// The same, with exactly one `*`, at the end.
    #[serde(rename = "2n")]
    TwoN,
}

/// A button of an intercom, and whom it rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Button {
    /// Which button, 1 to 999.
    pub number: u16,
    /// What stands beside it.
    pub name: String,
    /// How it rings them.
    #[serde(default)]
    pub order: RingOrder,
    /// Whom; at most 50.
    pub members: Vec<RingMember>,
}

/// How a ring group rings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RingOrder {
    /// All of them.
    #[default]
    AtOnce,
    /// One after the other, each for 20 seconds.
    InOrder,
}

/// Who rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RingMember {
    /// A device.
    Device(DeviceId),
    /// Every device of an apartment and of those who live there, whichever these are at the time.
    Apartment(ApartmentId),
}

/// Whom a user may call, beside the intercoms that ring there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Devices of the user's site.
    pub devices: Vec<DeviceId>,
}
