//! A phone and a reader that talk to each other, with somebody in between.

mod card;
mod flows;
mod noise;
mod wrong;

use std::collections::BTreeSet;
use std::time::Instant;

use vestibule_model::Timestamp;

use super::*;

const SITE: SiteId = SiteId([0x51; 16]);
const READER: ReaderId = ReaderId([0x4e; 16]);
/// 2027, somewhere in January.
const NOON: Timestamp = Timestamp(1_800_000_000_000);

/// The keys of the house, by what they are for.
const OF_SITE: u8 = 1;
const OF_READER: u8 = 2;
const OF_PHONE: u8 = 3;

fn key(octet: u8) -> SoftKey {
    SoftKey::from_bytes(&[octet; 32]).unwrap()
}

fn ephemeral(octet: u8) -> EphemeralKey {
    EphemeralKey::from_random(&[octet; 32]).unwrap()
}

fn identity() -> ReaderIdentity {
    ReaderIdentity { site: SITE, reader: READER, key: key(OF_SITE).public_key() }
}

fn certified() -> Flow {
    Flow::Certificate { revoked: BTreeSet::new() }
}

fn fields() -> CertificateFields {
    CertificateFields {
        reader: READER,
        issuer: SITE,
        not_before: 1_700_000_000,
        not_after: 1_900_000_000,
        key: key(OF_READER).public_key(),
    }
}

fn visit(flow: Flow) -> Visit<SoftKey> {
    let enrolment = Enrolment::new(identity(), flow, NormalFlow::Allowed).unwrap();
    Visit {
        enrolments: [enrolment].into(),
        signer: key(OF_PHONE),
        ephemeral: ephemeral(0x70),
        last_update: 7,
        at: NOON,
    }
}

fn with_certificate(fields: CertificateFields) -> Station<SoftKey> {
    let certificate = ReaderCertificate::issue(fields, &key(OF_SITE)).unwrap();
    station(Proof::Certificate { key: key(OF_READER), certificate })
}

fn station(proof: Proof<SoftKey>) -> Station<SoftKey> {
    Station { site: SITE, reader: READER, version: Version::PROFILE_2_0_1, proof }
}

/// The reader that a flow is for.
fn station_for(flow: &Flow) -> Station<SoftKey> {
    match flow {
        Flow::Normal => station(Proof::None),
        Flow::SiteKey => station(Proof::SiteKey(key(OF_SITE))),
        Flow::Certificate { .. } => with_certificate(fields()),
    }
}

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Phone,
    Reader,
}

/// A transaction, as somebody sees it who hears everything.
#[derive(Debug)]
struct Talk {
    said: Vec<(Side, Vec<u8>)>,
    checked: Option<Credential>,
    outcome: Outcome,
    end: ReaderEnd,
}

/// Lets a phone and a reader talk until both are done. `between` is handed each message by its number, and hands on
/// what the other side gets of it.
fn talk(
    visit: Visit<SoftKey>,
    station: Station<SoftKey>,
    decision: Decision,
    between: impl Fn(usize, Vec<u8>) -> Vec<Vec<u8>>,
) -> Talk {
    let now = Instant::now();
    let mut phone = Phone::new(visit, now);
    let (mut reader, hello) = Reader::new(station, ephemeral(0x72), now);
    let (mut to_phone, mut to_reader) = (vec![hello], Vec::new());
    let mut talk =
        Talk { said: Vec::new(), checked: None, outcome: Outcome::TimedOut, end: ReaderEnd::TimedOut };
    while !(to_phone.is_empty() && to_reader.is_empty()) {
        for action in std::mem::take(&mut to_phone) {
            match action {
                ReaderAction::Send(bytes) => {
                    talk.said.push((Side::Reader, bytes.clone()));
                    for part in between(talk.said.len() - 1, bytes) {
                        to_reader.extend(phone.receive(&part, now));
                    }
                }
                ReaderAction::Check(credential) => {
                    talk.checked = Some(credential);
                    to_phone.extend(reader.decide(decision));
                }
                ReaderAction::Over(end) => talk.end = end,
            }
        }
        for action in std::mem::take(&mut to_reader) {
            match action {
                PhoneAction::Send(bytes) => {
                    talk.said.push((Side::Phone, bytes.clone()));
                    for part in between(talk.said.len() - 1, bytes) {
                        to_phone.extend(reader.receive(&part, now));
                    }
                }
                PhoneAction::Over(outcome) => talk.outcome = outcome,
            }
        }
    }
    for action in phone.expire(now + DEADLINE) {
        let PhoneAction::Over(outcome) = action else { panic!("{action:?}") };
        talk.outcome = outcome;
    }
    assert_eq!((phone.deadline(), phone.receive(&[4, 1, 3], now)), (None, vec![]));
    talk
}

/// Hands everything on as it is.
fn nobody(_: usize, message: Vec<u8>) -> Vec<Vec<u8>> {
    vec![message]
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
