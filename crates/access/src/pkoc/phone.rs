use std::sync::Arc;
use std::time::Instant;

use vestibule_model::Timestamp;

use super::DEADLINE;
use super::certificate::{CertificateError, ReaderCertificate};
use super::enrolment::{Enrolment, Flow};
use super::key::{EphemeralKey, PublicKey, Signature, Signer};
use super::message::{self, ReaderId, SiteId, Version};
use super::outcome::{Distrust, Fault, Outcome};
use super::session::SessionKey;
use super::tlv::{Reassembler, Tlv, Writer, tag};

/// What a phone brings to a reader.
#[derive(Debug)]
pub struct Visit<S> {
    /// Readers that may be opened now: one that was chosen, or all.
    pub enrolments: Arc<[Enrolment]>,
    /// Who holds the credential.
    pub signer: S,
    /// A key for this visit alone.
    pub ephemeral: EphemeralKey,
    /// When the credential changed last: seconds since 1970.
    pub last_update: u32,
    /// The time of day, for the dates of certificates.
    pub at: Timestamp,
}

/// What a phone does next.
#[derive(Debug, PartialEq, Eq)]
pub enum PhoneAction {
    /// Write this to the reader, in as many parts as it takes.
    Send(Vec<u8>),
    /// It is over: hang up.
    Over(Outcome),
}

/// A phone in one transaction with a reader, which speaks first.
#[derive(Debug)]
pub struct Phone<S> {
    terms: Terms<S>,
    inbox: Reassembler,
    /// `None`: it is over.
    phase: Option<Phase>,
    reader: Option<(SiteId, ReaderId)>,
    deadline: Instant,
}

/// What holds for the whole transaction.
#[derive(Debug)]
struct Terms<S> {
    enrolments: Arc<[Enrolment]>,
    signer: S,
    last_update: u32,
    at: Timestamp,
}

#[derive(Debug)]
enum Phase {
    Greeting(Greeting),
    Proving(Box<Proving>),
    Waiting(Waiting),
}

/// Until the reader's hello is whole.
#[derive(Debug)]
struct Greeting {
    ephemeral: EphemeralKey,
    version: Option<[u8; 5]>,
    key: Option<[u8; 33]>,
    reader: Option<[u8; 16]>,
    site: Option<[u8; 16]>,
    certificate: Option<Vec<u8>>,
}

/// Until the reader proves itself.
struct Proving {
    transcript: Vec<u8>,
    /// Who has to have signed it.
    pinned: PublicKey,
    session: SessionKey,
    version: Version,
}

/// Until the reader says what it makes of it.
#[derive(Debug)]
struct Waiting;

/// What follows from one TLV.
enum Turn {
    Stay(Phase),
    Send(Vec<u8>, Phase),
    Over(Outcome),
}

impl<S: Signer> Phone<S> {
    /// Begins once the reader may notify. `now` starts [`DEADLINE`].
    pub fn new(visit: Visit<S>, now: Instant) -> Self {
        let Visit { enrolments, signer, ephemeral, last_update, at } = visit;
        let greeting =
            Greeting { ephemeral, version: None, key: None, reader: None, site: None, certificate: None };
        Self {
            terms: Terms { enrolments, signer, last_update, at },
            inbox: Reassembler::default(),
            phase: Some(Phase::Greeting(greeting)),
            reader: None,
            deadline: now + DEADLINE,
        }
    }

    /// When to call [`Self::expire`]; `None`: it is over.
    pub fn deadline(&self) -> Option<Instant> {
        self.phase.as_ref().map(|_| self.deadline)
    }

    /// The enrolled reader that says it is this one. It has not proved it yet.
    pub fn reader(&self) -> Option<(SiteId, ReaderId)> {
        self.reader
    }

    /// Takes a notification. What comes after the end is dropped.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) -> Vec<PhoneAction> {
        if self.phase.is_none() {
            return Vec::new();
        }
        if now >= self.deadline {
            return self.expire(now);
        }
        let mut actions = Vec::new();
        if let Err(error) = self.inbox.push(bytes) {
            return vec![self.end(Outcome::Failed(Fault::Malformed(error)))];
        }
        loop {
            let tlv = match self.inbox.take() {
                Ok(Some(tlv)) => tlv,
                Ok(None) => return actions,
                Err(error) => {
                    actions.push(self.end(Outcome::Failed(Fault::Malformed(error))));
                    return actions;
                }
            };
            let Some(phase) = self.phase.take() else { return actions };
            match self.turn(phase, &tlv) {
                Turn::Stay(phase) => self.phase = Some(phase),
                Turn::Send(bytes, phase) => {
                    self.phase = Some(phase);
                    actions.push(PhoneAction::Send(bytes));
                }
                Turn::Over(outcome) => {
                    actions.push(self.end(outcome));
                    return actions;
                }
            }
        }
    }

    /// Gives up when the time is over.
    pub fn expire(&mut self, now: Instant) -> Vec<PhoneAction> {
        let outcome = match &self.phase {
            Some(_) if now < self.deadline => return Vec::new(),
            None => return Vec::new(),
            // The hello is whole but for the certificate, for which it has waited.
            Some(Phase::Greeting(greeting)) if greeting.base().is_some() => {
                Outcome::NotTrusted(Distrust::Certificate(CertificateError::Missing))
            }
            Some(_) => Outcome::TimedOut,
        };
        vec![self.end(outcome)]
    }

    /// The link is gone.
    pub fn link_lost(&mut self) -> Vec<PhoneAction> {
        if self.phase.is_none() {
            return Vec::new();
        }
        vec![self.end(Outcome::OutOfRange)]
    }

    fn turn(&mut self, phase: Phase, tlv: &Tlv) -> Turn {
        let turn = match phase {
            Phase::Greeting(greeting) => greeting.take(tlv, &self.terms, &mut self.reader),
            Phase::Proving(proving) => proving.take(tlv, &self.terms),
            Phase::Waiting(waiting) => waiting.take(tlv),
        };
        turn.unwrap_or_else(Turn::Over)
    }

    fn end(&mut self, outcome: Outcome) -> PhoneAction {
        self.phase = None;
        PhoneAction::Over(outcome)
    }
}

impl<S: Signer> Terms<S> {
    fn enrolment(&self, site: SiteId, reader: ReaderId) -> Option<&Enrolment> {
        self.enrolments
            .iter()
            .find(|enrolment| (enrolment.identity().site, enrolment.identity().reader) == (site, reader))
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Outcome> {
        self.signer.sign(message).map_err(|_| Outcome::Failed(Fault::Signer))
    }

    fn credential(&self, message: &[u8], version: Version) -> Result<Vec<u8>, Outcome> {
        let signature = self.sign(message)?;
        Ok(message::credential(&self.signer.public_key(), &signature, self.last_update, version))
    }
}

impl Greeting {
    fn take<S: Signer>(
        mut self,
        tlv: &Tlv,
        terms: &Terms<S>,
        seen: &mut Option<(SiteId, ReaderId)>,
    ) -> Result<Turn, Outcome> {
        match tlv.tag {
            tag::VERSION => once(&mut self.version, tlv)?,
            tag::READER_KEY => once(&mut self.key, tlv)?,
            tag::READER_ID => once(&mut self.reader, tlv)?,
            tag::SITE_ID => once(&mut self.site, tlv)?,
            tag::CERTIFICATE if self.certificate.is_some() => return Err(unexpected(tlv)),
            tag::CERTIFICATE => self.certificate = Some(tlv.value.clone()),
            tag::RESPONSE => return Ok(Turn::Over(unproven(tlv)?)),
            _ => later(tlv)?,
        }
        let (Some(site), Some(reader)) = (self.site.map(SiteId), self.reader.map(ReaderId)) else {
            return Ok(Turn::Stay(Phase::Greeting(self)));
        };
        let stranger = Outcome::NotTrusted(Distrust::Stranger);
        let enrolment = terms.enrolment(site, reader).ok_or(stranger)?;
        *seen = Some((site, reader));
        let Some((version, key)) = self.base() else { return Ok(Turn::Stay(Phase::Greeting(self))) };
        let version = Version::from_bytes(version);
        let key = PublicKey::from_bytes(&key).map_err(|_| Outcome::Failed(Fault::ReaderKey))?;
        let site_key = enrolment.identity().key;
        let pinned = match (enrolment.flow(), &self.certificate) {
            (Flow::Normal, _) => {
                let credential = terms.credential(&key.compressed(), version)?;
                return Ok(Turn::Send(credential, Phase::Waiting(Waiting)));
            }
            (Flow::SiteKey, _) => site_key,
            (Flow::Certificate { .. }, None) => return Ok(Turn::Stay(Phase::Greeting(self))),
            (Flow::Certificate { revoked }, Some(bytes)) => ReaderCertificate::parse(bytes)
                .and_then(|read| read.verify(site, reader, &site_key, revoked, terms.at))
                .map_err(|error| Outcome::NotTrusted(Distrust::Certificate(error)))?,
        };
        if !version.has_ccm() {
            return Err(Outcome::Failed(Fault::Ccm));
        }
        let phone = self.ephemeral.public_key();
        let hello = Writer::new(version.length_form())
            .put(tag::PHONE_KEY, &phone.uncompressed())
            .put(tag::VERSION, &version.to_bytes())
            .finish();
        let proving = Proving {
            transcript: message::transcript(site, reader, &phone, &key),
            pinned,
            session: self.ephemeral.agree(&key),
            version,
        };
        Ok(Turn::Send(hello, Phase::Proving(Box::new(proving))))
    }

    /// Version and key, once all that each hello has is there.
    fn base(&self) -> Option<([u8; 5], [u8; 33])> {
        self.site.and(self.reader).and(self.version.zip(self.key))
    }
}

impl Proving {
    fn take<S: Signer>(self: Box<Self>, tlv: &Tlv, terms: &Terms<S>) -> Result<Turn, Outcome> {
        match tlv.tag {
            tag::SIGNATURE => {}
            tag::RESPONSE => return Ok(Turn::Over(unproven(tlv)?)),
            _ => {
                later(tlv)?;
                return Ok(Turn::Stay(Phase::Proving(self)));
            }
        }
        let signature = Signature(array(tlv)?);
        if !self.pinned.verifies(&self.transcript, &signature) {
            return Err(Outcome::NotTrusted(Distrust::Signature));
        }
        let credential = terms.credential(&self.transcript, self.version)?;
        // Sealing fails on messages of gigabytes alone.
        let sealed = self.session.seal(&credential).map_err(|_| Outcome::Failed(Fault::Ccm))?;
        let sealed = Writer::new(self.version.length_form()).put(tag::ENCRYPTED, &sealed).finish();
        Ok(Turn::Send(sealed, Phase::Waiting(Waiting)))
    }
}

impl std::fmt::Debug for Proving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proving").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Waiting {
    fn take(self, tlv: &Tlv) -> Result<Turn, Outcome> {
        if tlv.tag != tag::RESPONSE {
            later(tlv)?;
            return Ok(Turn::Stay(Phase::Waiting(self)));
        }
        let [code] = array(tlv)?;
        Ok(Turn::Over(Outcome::of_response(code)))
    }
}

/// A response of a reader that has proved nothing. A refusal costs nobody anything; anything else is a lie.
fn unproven(tlv: &Tlv) -> Result<Outcome, Outcome> {
    let [code] = array(tlv)?;
    Ok(match Outcome::of_response(code) {
        Outcome::Granted | Outcome::Completed => Outcome::NotTrusted(Distrust::Unproven),
        refusal => refusal,
    })
}

/// The rest of a hello that was whole without it, and what nobody here knows, is skipped.
fn later(tlv: &Tlv) -> Result<(), Outcome> {
    match tlv.tag {
        tag::PUBLIC_KEY | tag::SIGNATURE | tag::PHONE_KEY | tag::LAST_UPDATE | tag::ENCRYPTED => {
            Err(unexpected(tlv))
        }
        _ => Ok(()),
    }
}

/// Which of two would count is for nobody to guess.
fn once<const N: usize>(slot: &mut Option<[u8; N]>, tlv: &Tlv) -> Result<(), Outcome> {
    match slot.replace(array(tlv)?) {
        None => Ok(()),
        Some(_) => Err(unexpected(tlv)),
    }
}

fn array<const N: usize>(tlv: &Tlv) -> Result<[u8; N], Outcome> {
    tlv.array().map_err(|error| Outcome::Failed(Fault::Malformed(error)))
}

fn unexpected(tlv: &Tlv) -> Outcome {
    Outcome::Failed(Fault::Unexpected(tlv.tag))
}
