use std::fmt;

use super::key::{PublicKey, Signature};
use super::tlv::{LengthForm, Writer, tag};

/// A site, as its readers name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub [u8; 16]);

/// A reader within a site: its location identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(pub [u8; 16]);

impl fmt::Debug for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SiteId({})", uuid::Uuid::from_bytes(self.0))
    }
}

impl fmt::Debug for ReaderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReaderId({})", uuid::Uuid::from_bytes(self.0))
    }
}

/// What a reader speaks. A phone says the same back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The specification.
    pub spec: u8,
    /// The vendor's own.
    pub vendor: u16,
    /// Bit 0: AES-CCM, bit 1: AES-GCM.
    pub features: u16,
}

impl Version {
    /// The Bluetooth LE profile 2.0.1, with AES-CCM.
    pub const PROFILE_2_0_1: Version = Version { spec: 1, vendor: 0, features: 1 };
    /// What PSIA published before.
    pub const EARLIER: Version = Version { spec: 3, vendor: 0, features: 1 };

    /// Reads the five octets.
    pub fn from_bytes([spec, vendor_high, vendor_low, high, low]: [u8; 5]) -> Self {
        Self {
            spec,
            vendor: u16::from_be_bytes([vendor_high, vendor_low]),
            features: u16::from_be_bytes([high, low]),
        }
    }

    /// The five octets.
    pub fn to_bytes(self) -> [u8; 5] {
        let [vendor_high, vendor_low] = self.vendor.to_be_bytes();
        let [high, low] = self.features.to_be_bytes();
        [self.spec, vendor_high, vendor_low, high, low]
    }

    /// Whether AES-CCM is spoken, which is all that is spoken here.
    pub fn has_ccm(self) -> bool {
        self.features & 1 != 0
    }

    /// How long lengths are written for such a peer.
    pub fn length_form(self) -> LengthForm {
        if self.spec == Self::EARLIER.spec { LengthForm::OneOctet } else { LengthForm::Ber }
    }
}

/// What a reader makes of a transaction. It goes in clear, so anybody near could have said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Response {
    /// It does not say.
    Unknown = 0,
    /// The transaction is complete; somebody else decides about the door.
    Completed = 1,
    /// The door stays shut.
    Denied = 2,
    /// The door is released.
    Granted = 3,
    /// AES-GCM failed.
    GcmError = 4,
    /// This flow is not for this reader.
    InvalidSecurity = 5,
    /// The phone's signature is wrong.
    SignatureInvalid = 6,
    /// AES-CCM failed.
    CcmError = 7,
    /// Nobody knows this credential.
    Unrecognized = 8,
}

impl Response {
    /// Reads the octet; `None`: the protocol has no such response.
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unknown,
            1 => Self::Completed,
            2 => Self::Denied,
            3 => Self::Granted,
            4 => Self::GcmError,
            5 => Self::InvalidSecurity,
            6 => Self::SignatureInvalid,
            7 => Self::CcmError,
            8 => Self::Unrecognized,
            _ => return None,
        })
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        short(tag::RESPONSE, &[self as u8])
    }
}

/// What phone and reader both sign in ECDHE: site, reader, and the first coordinates of both ephemeral keys.
pub(crate) fn transcript(site: SiteId, reader: ReaderId, phone: &PublicKey, key: &PublicKey) -> Vec<u8> {
    [&site.0[..], &reader.0, &phone.x(), &key.x()].concat()
}

/// A credential, in clear: key, signature, date, version.
pub(crate) fn credential(
    key: &PublicKey,
    signature: &Signature,
    last_update: u32,
    version: Version,
) -> Vec<u8> {
    Writer::new(version.length_form())
        .put(tag::PUBLIC_KEY, &key.uncompressed())
        .put(tag::SIGNATURE, &signature.0)
        .put(tag::LAST_UPDATE, &last_update.to_be_bytes())
        .put(tag::VERSION, &version.to_bytes())
        .finish()
}

/// A TLV whose length has one form only.
pub(crate) fn short(tag: u8, value: &[u8]) -> Vec<u8> {
    Writer::new(LengthForm::Ber).put(tag, value).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_five_octets() {
        assert_eq!(Version::EARLIER.to_bytes(), [3, 0, 0, 0, 1]);
        assert_eq!(Version::PROFILE_2_0_1.to_bytes(), [1, 0, 0, 0, 1]);
        let odd = Version::from_bytes([2, 0x12, 0x34, 0x56, 0x78]);
        assert_eq!(odd, Version { spec: 2, vendor: 0x1234, features: 0x5678 });
        assert_eq!(odd.to_bytes(), [2, 0x12, 0x34, 0x56, 0x78]);
        assert!(!odd.has_ccm());
    }

    #[test]
    fn a_response_is_one_octet_of_nine() {
        for code in 0..=u8::MAX {
            match Response::from_code(code) {
                Some(response) => assert_eq!(response.to_bytes(), [4, 1, code]),
                None => assert!(code > 8),
            }
        }
    }

    #[test]
    fn identifiers_print_as_everybody_writes_them() {
        let shown = format!("{:?}", SiteId([0x11; 16]));
        assert_eq!(shown, "SiteId(11111111-1111-1111-1111-111111111111)");
    }
}
