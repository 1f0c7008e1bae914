use std::fmt;

use thiserror::Error;

use super::apdu::{Command, StatusWord};
use super::key::Signer;
use super::tlv::{LengthForm, Writer};

/// The name of the application: PSIA's, first profile.
const AID: [u8; 8] = [0xa0, 0, 0, 0x08, 0x98, 0, 0, 1];
/// What the first profile speaks.
const VERSION_1: [u8; 2] = [1, 0];
/// What the second says of itself: the object `7F63` with version 2.0 (NFC profile 2.0.1 section 6.2).
const INFO: [u8; 7] = [0x7f, 0x63, 4, 0x5c, 2, 2, 0];

/// The names of data objects.
mod object {
    pub(super) const PUBLIC_KEY: u8 = 0x5a;
    pub(super) const VERSION: u8 = 0x5c;
    pub(super) const NONCE: u8 = 0x4c;
    pub(super) const READER: u8 = 0x4d;
    pub(super) const SIGNATURE: u8 = 0x9e;
    pub(super) const INFO: u16 = 0x7f63;
    pub(super) const CERTIFICATE: u16 = 0x7f21;
}

/// Octets of AUTHENTICATE: version, nonce and reader, each behind type and length.
const AUTHENTICATE: usize = 0x38;
const CHALLENGE: usize = 0x20;
/// The longest certificate that is kept, in octets.
const LONGEST: usize = 4_096;
/// An answer holds so many octets, and the status word.
const BLOCK: usize = 256;

/// A phone that is held to a reader, as a card of either profile.
#[derive(Debug)]
pub struct Card<S> {
    signer: S,
    certificate: Option<CvCertificate>,
    selected: bool,
    /// What GET RESPONSE will fetch.
    rest: Vec<u8>,
}

/// What a card answers.
#[derive(Clone, PartialEq, Eq)]
pub struct CardAnswer {
    /// Goes to the reader: data and status word.
    pub bytes: Vec<u8>,
    /// The reader now has what it needs to decide. What it decided is not said over NFC.
    pub presented: bool,
}

/// What an issuer says of a credential: the object `7F21` that the second profile hands to readers.
///
/// It is for them to judge; the card looks at nothing but its length.
#[derive(Clone, PartialEq, Eq)]
pub struct CvCertificate(Vec<u8>);

/// The octets are not one object `7F21`, or too many.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("this is no certificate of a credential")]
pub struct CvCertificateError;

impl<S: Signer> Card<S> {
    /// A card of the first profile, and with a certificate of the second too.
    pub fn new(signer: S, certificate: Option<CvCertificate>) -> Self {
        Self { signer, certificate, selected: false, rest: Vec::new() }
    }

    /// The phone was taken away.
    pub fn reset(&mut self) {
        self.selected = false;
        self.rest.clear();
    }

    /// Answers a command. After one that was refused, the reader has to begin again.
    pub fn answer(&mut self, apdu: &[u8]) -> CardAnswer {
        match Command::parse(apdu).and_then(|command| self.execute(command)) {
            Ok(answer) => answer,
            Err(status) => {
                self.reset();
                CardAnswer::new(Vec::new(), status)
            }
        }
    }

    fn execute(&mut self, command: Command<'_>) -> Result<CardAnswer, StatusWord> {
        // Whoever asks for something else does not want the rest any more.
        let rest = std::mem::take(&mut self.rest);
        match (command.class, command.instruction) {
            (0x00, 0xa4) => self.select(command),
            (0x80, 0x80) => self.authenticate(command),
            (0x00, 0xca) => self.get_data(command),
            (0x00, 0x88) => self.internal_authenticate(command),
            (0x00, 0xc0) => self.get_response(command, rest),
            (0x00 | 0x80, _) => Err(StatusWord::NO_INSTRUCTION),
            _ => Err(StatusWord::NO_CLASS),
        }
    }

    fn select(&mut self, command: Command<'_>) -> Result<CardAnswer, StatusWord> {
        self.selected = false;
        expect(command.p1_p2 == 0x0400, StatusWord::WRONG_P1_P2)?;
        expect(command.data == AID, StatusWord::NOT_FOUND)?;
        self.selected = true;
        let version = Writer::new(LengthForm::OneOctet).put(object::VERSION, &VERSION_1);
        Ok(CardAnswer::new(version.finish(), StatusWord::OK))
    }

    /// First profile: signs the nonce. It has 16 octets, and what other flows sign has 32, 33 or 96.
    fn authenticate(&self, command: Command<'_>) -> Result<CardAnswer, StatusWord> {
        expect(command.p1_p2 == 0x0001, StatusWord::WRONG_P1_P2)?;
        expect(self.selected, StatusWord::CONDITIONS)?;
        expect(command.data.len() == AUTHENTICATE, StatusWord::WRONG_LENGTH)?;
        let nonce = nonce(command.data).ok_or(StatusWord::WRONG_DATA)?;
        let signature = self.signer.sign(nonce).map_err(|_| StatusWord::CONDITIONS)?;
        let answer = Writer::new(LengthForm::OneOctet)
            .put(object::PUBLIC_KEY, &self.signer.public_key().uncompressed())
            .put(object::SIGNATURE, &signature.0);
        Ok(CardAnswer { presented: true, ..CardAnswer::new(answer.finish(), StatusWord::OK) })
    }

    /// Second profile: which one it is, and the certificate.
    fn get_data(&mut self, command: Command<'_>) -> Result<CardAnswer, StatusWord> {
        expect(self.selected, StatusWord::CONDITIONS)?;
        expect(command.data.is_empty(), StatusWord::WRONG_LENGTH)?;
        let certificate = self.certificate.as_ref().ok_or(StatusWord::NO_OBJECT)?;
        match command.p1_p2 {
            object::INFO => Ok(CardAnswer::new(INFO.to_vec(), StatusWord::OK)),
            object::CERTIFICATE => {
                let bytes = certificate.0.clone();
                Ok(self.block(bytes, command.expected))
            }
            _ => Err(StatusWord::NO_OBJECT),
        }
    }

    /// Second profile: signs the challenge.
    fn internal_authenticate(&self, command: Command<'_>) -> Result<CardAnswer, StatusWord> {
        expect(command.p1_p2 == 0, StatusWord::WRONG_P1_P2)?;
        expect(self.selected && self.certificate.is_some(), StatusWord::CONDITIONS)?;
        expect(command.data.len() == CHALLENGE, StatusWord::WRONG_LENGTH)?;
        let signature = self.signer.sign(command.data).map_err(|_| StatusWord::CONDITIONS)?;
        let answer = Writer::new(LengthForm::Ber).put(object::SIGNATURE, &signature.0);
        Ok(CardAnswer { presented: true, ..CardAnswer::new(answer.finish(), StatusWord::OK) })
    }

    fn get_response(&mut self, command: Command<'_>, rest: Vec<u8>) -> Result<CardAnswer, StatusWord> {
        expect(command.p1_p2 == 0, StatusWord::WRONG_P1_P2)?;
        expect(!rest.is_empty(), StatusWord::CONDITIONS)?;
        expect(command.data.is_empty(), StatusWord::WRONG_LENGTH)?;
        Ok(self.block(rest, command.expected))
    }

    /// As much as the reader takes at once; the rest waits for GET RESPONSE (ISO 7816-4 section 5.3.4).
    fn block(&mut self, mut bytes: Vec<u8>, expected: Option<usize>) -> CardAnswer {
        self.rest = bytes.split_off(expected.unwrap_or(BLOCK).min(bytes.len()));
        let status = if self.rest.is_empty() { StatusWord::OK } else { StatusWord::more(self.rest.len()) };
        CardAnswer::new(bytes, status)
    }
}

impl CardAnswer {
    fn new(mut bytes: Vec<u8>, status: StatusWord) -> Self {
        bytes.extend(status.0.to_be_bytes());
        Self { bytes, presented: false }
    }
}

impl fmt::Debug for CardAnswer {
    /// Without the data: a credential is the name of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.bytes.last_chunk::<2>().copied().unwrap_or_default();
        write!(f, "CardAnswer({} octets, {:04x})", self.bytes.len(), u16::from_be_bytes(status))
    }
}

impl CvCertificate {
    /// Takes an object `7F21` that is whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CvCertificateError> {
        let [high, low] = object::CERTIFICATE.to_be_bytes();
        let length = match bytes {
            [a, b, length @ ..=0x7f, ..] if [*a, *b] == [high, low] => 3 + usize::from(*length),
            [a, b, 0x81, length, ..] if [*a, *b] == [high, low] => 4 + usize::from(*length),
            [a, b, 0x82, first, second, ..] if [*a, *b] == [high, low] => {
                5 + usize::from(u16::from_be_bytes([*first, *second]))
            }
            _ => return Err(CvCertificateError),
        };
        if bytes.len() != length || length > LONGEST {
            return Err(CvCertificateError);
        }
        Ok(Self(bytes.to_vec()))
    }
}

impl fmt::Debug for CvCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CvCertificate({} octets)", self.0.len())
    }
}

fn expect(holds: bool, otherwise: StatusWord) -> Result<(), StatusWord> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// The nonce of AUTHENTICATE, whose three objects come in any order, once each.
fn nonce(mut data: &[u8]) -> Option<&[u8]> {
    let (mut version, mut nonce, mut reader) = (None, None, None);
    while let [name, length, rest @ ..] = data {
        let (value, rest) = rest.split_at_checked(usize::from(*length))?;
        let slot = match (*name, value.len()) {
            (object::VERSION, 2) if value == VERSION_1 => &mut version,
            (object::NONCE, 16) => &mut nonce,
            (object::READER, 32) => &mut reader,
            _ => return None,
        };
        if slot.replace(value).is_some() {
            return None;
        }
        data = rest;
    }
    version.and(reader).and(nonce).filter(|_| data.is_empty())
}
