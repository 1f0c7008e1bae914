use super::certificate::CertificateError;
use super::message::Response;
use super::tlv::TlvError;

/// What became of a try to open a door, as far as the phone can know.
///
/// Responses go in clear: a person is told that the reader reports something, never that it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The reader reports granted.
    Granted,
    /// The reader has all it needs; somebody else decides about the door.
    Completed,
    /// The reader reports denied.
    Denied,
    /// The reader does not know this credential: it has no right here.
    NoRight,
    /// The link was lost.
    OutOfRange,
    /// The reader did not answer in time.
    TimedOut,
    /// The reader could not prove that it belongs to the site. The credential was not shown to it.
    NotTrusted(Distrust),
    /// Nothing was decided: one side could not read the other.
    Failed(Fault),
}

/// Why a reader is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// The phone is not enrolled at this reader, or not at this site.
    Stranger,
    /// Its signature is not the site's, or not over what was said now.
    Signature,
    /// It reported before it proved itself.
    Unproven,
    /// Its certificate is not believed.
    Certificate(CertificateError),
}

/// Why nothing was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What came in are no TLVs of this protocol.
    Malformed(TlvError),
    /// A TLV of this type has no place here, or came twice.
    Unexpected(u8),
    /// The reader's ephemeral key is no point of the curve.
    ReaderKey,
    /// The reader does not speak AES-CCM, or nothing could be sealed with it.
    Ccm,
    /// The phone's private key cannot be used.
    Signer,
    /// The reader reports that it could not read the phone, or something that the protocol does not have.
    Refused(Option<Response>),
}

impl Outcome {
    /// What the code of a response says.
    pub(crate) fn of_response(code: u8) -> Self {
        match Response::from_code(code) {
            Some(Response::Granted) => Self::Granted,
            Some(Response::Completed) => Self::Completed,
            Some(Response::Denied) => Self::Denied,
            Some(Response::Unrecognized) => Self::NoRight,
            other => Self::Failed(Fault::Refused(other)),
        }
    }
}
