//! PKOC: a key pair on P-256 whose private half never leaves the phone, and readers that have it sign fresh values.
//!
//! Names and octets are those of PSIA's Bluetooth LE and NFC transport profiles, with what differs in the code that PSIA
//! published before.

mod certificate;
mod enrolment;
mod identity;
mod key;
mod message;
mod session;
mod tlv;

pub use certificate::{CertificateError, CertificateFields, ReaderCertificate};
pub use enrolment::{Enrolment, Flow, NormalFlow, NormalForbidden};
pub use identity::{IdentityError, ReaderIdentity};
pub use key::{EphemeralKey, KeyError, NoSignature, PublicKey, Signature, Signer, SoftKey};
pub use message::{ReaderId, Response, SiteId, Version};
pub use tlv::{LengthForm, Reassembler, Tlv, TlvError, tag};
