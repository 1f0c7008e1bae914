use std::time::Instant;

use super::DEADLINE;
use super::certificate::ReaderCertificate;
use super::key::{EphemeralKey, NoSignature, PublicKey, Signature, Signer};
use super::message::{self, ReaderId, Response, SiteId, Version};
use super::session::SessionKey;
use super::tlv::{Reassembler, Tlv, Writer, tag};

/// A reader, as it is mounted.
#[derive(Debug)]
pub struct Station<S> {
    /// Its site.
    pub site: SiteId,
    /// Itself.
    pub reader: ReaderId,
    /// What it speaks.
    pub version: Version,
    /// How it proves itself.
    pub proof: Proof<S>,
}

/// How a reader proves itself to phones.
#[derive(Debug)]
pub enum Proof<S> {
    /// It does not: the normal flow.
    None,
    /// By the site's key.
    SiteKey(S),
    /// By its own key.
    Certificate {
        /// The reader's key.
        key: S,
        /// What the site says of it.
        certificate: ReaderCertificate,
    },
}

/// A phone that proved that it holds the private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The credential.
    pub key: PublicKey,
    /// When it changed last, as the phone says: seconds since 1970.
    pub last_update: u32,
}

/// What a site says of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The door is released.
    Grant,
    /// It is not.
    Deny,
    /// Nobody knows the credential.
    Unknown,
    /// Somebody else decides, and says it elsewhere.
    Pass,
}

/// What a reader does next.
#[derive(Debug, PartialEq, Eq)]
pub enum ReaderAction {
    /// Notify the phone of this, in as many parts as it takes.
    Send(Vec<u8>),
    /// Look the credential up, then call [`Reader::decide`].
    Check(Credential),
    /// It is over.
    Over(ReaderEnd),
}

/// How a transaction ended for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderEnd {
    /// The phone was told this.
    Answered(Response),
    /// The phone said too little in time.
    TimedOut,
    /// The link was lost.
    LinkLost,
}

/// A reader in one transaction with a phone.
#[derive(Debug)]
pub struct Reader<S> {
    station: Station<S>,
    inbox: Reassembler,
    /// `None`: it is over.
    phase: Option<Phase>,
    deadline: Instant,
}

#[derive(Debug)]
enum Phase {
    Normal(Bare),
    Greeting(Greeting),
    Reading(Box<Reading>),
    Deciding,
}

/// The normal flow: until the credential is whole.
#[derive(Debug)]
struct Bare {
    key: PublicKey,
    parts: Parts,
}

/// Until the phone sent its ephemeral key.
#[derive(Debug)]
struct Greeting {
    ephemeral: EphemeralKey,
    phone: Option<[u8; 65]>,
    version: Option<[u8; 5]>,
}

/// Until the phone sent its credential.
struct Reading {
    transcript: Vec<u8>,
    session: SessionKey,
}

/// What a credential consists of.
#[derive(Debug, Default)]
struct Parts {
    key: Option<[u8; 65]>,
    signature: Option<[u8; 64]>,
    last_update: Option<[u8; 4]>,
    version: Option<[u8; 5]>,
}

enum Turn {
    Stay(Phase),
    Send(Vec<u8>, Phase),
    Check(Credential),
}

impl<S: Signer> Reader<S> {
    /// Begins with a phone that enabled notifications, and gives the hello. `now` starts [`DEADLINE`].
    pub fn new(station: Station<S>, ephemeral: EphemeralKey, now: Instant) -> (Self, ReaderAction) {
        let key = ephemeral.public_key();
        let hello = Writer::new(station.version.length_form())
            .put(tag::VERSION, &station.version.to_bytes())
            .put(tag::READER_KEY, &key.compressed())
            .put(tag::READER_ID, &station.reader.0)
            .put(tag::SITE_ID, &station.site.0);
        let hello = match &station.proof {
            Proof::None | Proof::SiteKey(_) => hello,
            Proof::Certificate { certificate, .. } => hello.put(tag::CERTIFICATE, &certificate.to_bytes()),
        };
        let phase = match &station.proof {
            Proof::None => Phase::Normal(Bare { key, parts: Parts::default() }),
            _ => Phase::Greeting(Greeting { ephemeral, phone: None, version: None }),
        };
        let reader =
            Self { station, inbox: Reassembler::default(), phase: Some(phase), deadline: now + DEADLINE };
        (reader, ReaderAction::Send(hello.finish()))
    }

    /// When to call [`Self::expire`]; `None`: it is over.
    pub fn deadline(&self) -> Option<Instant> {
        self.phase.as_ref().map(|_| self.deadline)
    }

    /// Takes what the phone wrote. What comes after the end is dropped.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) -> Vec<ReaderAction> {
        if self.phase.is_none() {
            return Vec::new();
        }
        if now >= self.deadline {
            return self.expire(now);
        }
        if self.inbox.push(bytes).is_err() {
            return self.answer(Response::Unknown);
        }
        let mut actions = Vec::new();
        loop {
            let tlv = match self.inbox.take() {
                Ok(Some(tlv)) => tlv,
                Ok(None) => return actions,
                Err(_) => {
                    actions.extend(self.answer(Response::Unknown));
                    return actions;
                }
            };
            let Some(phase) = self.phase.take() else { return actions };
            match self.turn(phase, &tlv) {
                Ok(Turn::Stay(phase)) => self.phase = Some(phase),
                Ok(Turn::Send(bytes, phase)) => {
                    self.phase = Some(phase);
                    actions.push(ReaderAction::Send(bytes));
                }
                Ok(Turn::Check(credential)) => {
                    self.phase = Some(Phase::Deciding);
                    actions.push(ReaderAction::Check(credential));
                }
                Err(response) => {
                    actions.extend(self.answer(response));
                    return actions;
                }
            }
        }
    }

    /// Answers the phone whose credential was to be checked. Nobody else is answered by it.
    pub fn decide(&mut self, decision: Decision) -> Vec<ReaderAction> {
        if !matches!(self.phase, Some(Phase::Deciding)) {
            return Vec::new();
        }
        self.answer(match decision {
            Decision::Grant => Response::Granted,
            Decision::Deny => Response::Denied,
            Decision::Unknown => Response::Unrecognized,
            Decision::Pass => Response::Completed,
        })
    }

    /// Gives up when the time is over.
    pub fn expire(&mut self, now: Instant) -> Vec<ReaderAction> {
        if now < self.deadline { Vec::new() } else { self.leave(ReaderEnd::TimedOut) }
    }

    /// The link is gone.
    pub fn link_lost(&mut self) -> Vec<ReaderAction> {
        self.leave(ReaderEnd::LinkLost)
    }

    fn leave(&mut self, end: ReaderEnd) -> Vec<ReaderAction> {
        self.phase.take().map(|_| ReaderAction::Over(end)).into_iter().collect()
    }

    fn answer(&mut self, response: Response) -> Vec<ReaderAction> {
        self.phase = None;
        vec![ReaderAction::Send(response.to_bytes()), ReaderAction::Over(ReaderEnd::Answered(response))]
    }

    fn turn(&self, phase: Phase, tlv: &Tlv) -> Result<Turn, Response> {
        match phase {
            Phase::Normal(bare) => bare.take(tlv),
            Phase::Greeting(greeting) => greeting.take(tlv, &self.station),
            Phase::Reading(reading) => reading.take(tlv),
            // The phone has said all it has to say.
            Phase::Deciding => foreign(tlv).map(|()| Turn::Stay(Phase::Deciding)),
        }
    }
}

impl<S: Signer> Station<S> {
    fn sign(&self, transcript: &[u8]) -> Result<Signature, NoSignature> {
        match &self.proof {
            Proof::None => Err(NoSignature),
            Proof::SiteKey(key) | Proof::Certificate { key, .. } => key.sign(transcript),
        }
    }
}

impl Bare {
    fn take(mut self, tlv: &Tlv) -> Result<Turn, Response> {
        self.parts.take(tlv)?;
        match self.parts.credential(&self.key.compressed()) {
            None => Ok(Turn::Stay(Phase::Normal(self))),
            Some(credential) => credential.map(Turn::Check),
        }
    }
}

impl Greeting {
    fn take<S: Signer>(mut self, tlv: &Tlv, station: &Station<S>) -> Result<Turn, Response> {
        match tlv.tag {
            tag::PHONE_KEY => once(&mut self.phone, tlv)?,
            tag::VERSION => once(&mut self.version, tlv)?,
            _ => foreign(tlv)?,
        }
        let (Some(phone), Some(version)) = (self.phone, self.version) else {
            return Ok(Turn::Stay(Phase::Greeting(self)));
        };
        if !Version::from_bytes(version).has_ccm() {
            return Err(Response::CcmError);
        }
        let phone = PublicKey::from_bytes(&phone).map_err(|_| Response::InvalidSecurity)?;
        let key = self.ephemeral.public_key();
        let transcript = message::transcript(station.site, station.reader, &phone, &key);
        let signature = station.sign(&transcript).map_err(|_| Response::Unknown)?;
        let session = self.ephemeral.agree(&phone);
        let reading = Box::new(Reading { transcript, session });
        Ok(Turn::Send(message::short(tag::SIGNATURE, &signature.0), Phase::Reading(reading)))
    }
}

impl Reading {
    fn take(self: Box<Self>, tlv: &Tlv) -> Result<Turn, Response> {
        if tlv.tag != tag::ENCRYPTED {
            foreign(tlv)?;
            return Ok(Turn::Stay(Phase::Reading(self)));
        }
        let opened = self.session.open(&tlv.value).map_err(|_| Response::CcmError)?;
        let mut inner = Reassembler::default();
        inner.push(&opened).map_err(|_| Response::Unknown)?;
        let mut parts = Parts::default();
        while let Some(tlv) = inner.take().map_err(|_| Response::Unknown)? {
            parts.take(&tlv)?;
        }
        match parts.credential(&self.transcript) {
            Some(credential) if inner.is_empty() => credential.map(Turn::Check),
            _ => Err(Response::Unknown),
        }
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}

impl Parts {
    fn take(&mut self, tlv: &Tlv) -> Result<(), Response> {
        match tlv.tag {
            tag::PUBLIC_KEY => once(&mut self.key, tlv),
            tag::SIGNATURE => once(&mut self.signature, tlv),
            tag::LAST_UPDATE => once(&mut self.last_update, tlv),
            tag::VERSION => once(&mut self.version, tlv),
            _ => foreign(tlv),
        }
    }

    /// The credential, if it signed this message; `None`: something is missing.
    fn credential(&self, message: &[u8]) -> Option<Result<Credential, Response>> {
        let (key, signature) = self.key.zip(self.signature)?;
        let (last_update, _) = self.last_update.zip(self.version)?;
        let Ok(key) = PublicKey::from_bytes(&key) else { return Some(Err(Response::SignatureInvalid)) };
        if !key.verifies(message, &Signature(signature)) {
            return Some(Err(Response::SignatureInvalid));
        }
        Some(Ok(Credential { key, last_update: u32::from_be_bytes(last_update) }))
    }
}

/// A type of the protocol in the wrong place is another flow, which is never fallen back to. Others are skipped.
fn foreign(tlv: &Tlv) -> Result<(), Response> {
    match tlv.tag {
        tag::PUBLIC_KEY
        | tag::READER_KEY
        | tag::SIGNATURE
        | tag::RESPONSE
        | tag::PHONE_KEY
        | tag::LAST_UPDATE
        | tag::VERSION
        | tag::READER_ID
        | tag::SITE_ID
        | tag::CERTIFICATE
        | tag::ENCRYPTED => Err(Response::InvalidSecurity),
        _ => Ok(()),
    }
}

fn once<const N: usize>(slot: &mut Option<[u8; N]>, tlv: &Tlv) -> Result<(), Response> {
    let value = tlv.array().map_err(|_| Response::Unknown)?;
    if slot.replace(value).is_some() { Err(Response::InvalidSecurity) } else { Ok(()) }
}
