//! PKOC: a key pair on P-256 whose private half never leaves the phone, and readers that have it sign fresh values.
//!
//! [`Phone`] and [`Reader`] are the two sides over Bluetooth LE, [`Card`] is the phone over NFC. Names and octets are
//! those of PSIA's Bluetooth LE and NFC transport profiles, with what differs in the code that PSIA published before.

mod apdu;
mod card;
mod certificate;
mod enrolment;
mod identity;
mod key;
mod message;
mod outcome;
mod phone;
mod reader;
mod session;
mod tlv;

#[cfg(test)]
mod tests;

pub use card::{Card, CardAnswer, CvCertificate, CvCertificateError};
pub use certificate::{CertificateError, CertificateFields, ReaderCertificate};
pub use enrolment::{Enrolment, Flow, NormalFlow, NormalForbidden};
pub use identity::{IdentityError, ReaderIdentity};
pub use key::{EphemeralKey, KeyError, NoSignature, PublicKey, Signature, Signer, SoftKey};
pub use message::{ReaderId, Response, SiteId, Version};
pub use outcome::{Distrust, Fault, Outcome};
pub use phone::{Phone, PhoneAction, Visit};
pub use reader::{Credential, Decision, Proof, Reader, ReaderAction, ReaderEnd, Station};
pub use tlv::{LengthForm, Reassembler, Tlv, TlvError, tag};

use std::time::Duration;

/// A transaction that takes longer is given up, on both sides.
pub const DEADLINE: Duration = Duration::from_secs(6);
