//! Phone and reader against a peer that shares no code with them: `peer.py`, whose cryptography is OpenSSL's.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fixture may stop at the first surprise, as the tests that use it do"
)]

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use vestibule_access::pkoc::{
    Card, CertificateFields, CvCertificate, Decision, Distrust, Enrolment, EphemeralKey, Flow, NormalFlow,
    Outcome, Phone, PhoneAction, Proof, PublicKey, Reader, ReaderAction, ReaderCertificate, ReaderEnd,
    ReaderId, ReaderIdentity, Response, Signer, SiteId, SoftKey, Station, Version, Visit,
};
use vestibule_model::Timestamp;

const NOON: Timestamp = Timestamp(1_800_000_000_000);

/// The interpreter that `./dev test` sets up, beside what schemathesis needs.
fn python() -> PathBuf {
    let peers = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers/bin/python");
    assert!(peers.exists(), "{} is missing: run ./dev test", peers.display());
    peers
}

fn without_peers() -> bool {
    std::env::var_os("VESTIBULE_WITHOUT_PEERS").is_some()
}

/// The script, running.
struct Peer {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    fn start(words: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer/peer.py");
        let mut command = Command::new(python());
        command.arg(script).args(words).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, input, output }
    }

    /// Its next line; `None`: it ended.
    fn line(&mut self) -> Option<String> {
        self.output.next().map(Result::unwrap)
    }

    fn write(&mut self, bytes: &[u8]) {
        writeln!(self.input, "{}", hex(bytes)).unwrap();
    }

    /// Whether it is content.
    fn finish(mut self) -> bool {
        drop(self.input);
        self.child.wait().unwrap().success()
    }
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

fn octets(line: &str) -> Vec<u8> {
    base16ct::lower::decode_vec(line).unwrap()
}

fn key(octet: u8) -> SoftKey {
    SoftKey::from_bytes(&[octet; 32]).unwrap()
}

fn flow(name: &str) -> Flow {
    match name {
        "normal" => Flow::Normal,
        "site-key" => Flow::SiteKey,
        _ => Flow::Certificate { revoked: [].into() },
    }
}

/// Has our phone talk to a reader that is not ours: what we were told, and what the reader learned.
fn visit(name: &str, words: &[&str]) -> (Outcome, Option<String>) {
    let now = Instant::now();
    let mut peer = Peer::start(&[&["reader", "--flow", name], words].concat());
    let identity: ReaderIdentity = peer.line().unwrap().parse().unwrap();
    let enrolment = Enrolment::new(identity, flow(name), NormalFlow::Allowed).unwrap();
    let visit = Visit {
        enrolments: [enrolment].into(),
        signer: key(3),
        ephemeral: EphemeralKey::from_random(&[0x70; 32]).unwrap(),
        last_update: 1_234_567_890,
        at: NOON,
    };
    let mut phone = Phone::new(visit, now);
    let mut learned = None;
    while let Some(line) = peer.line() {
        if let Some(what) = line.strip_prefix("learned ") {
            learned = Some(what.to_owned());
            continue;
        }
        for action in phone.receive(&octets(&line), now) {
            match action {
                PhoneAction::Send(bytes) => bytes.chunks(100).for_each(|part| peer.write(part)),
                PhoneAction::Over(outcome) => {
                    assert!(peer.finish() || matches!(outcome, Outcome::NotTrusted(_)));
                    return (outcome, learned);
                }
            }
        }
    }
    panic!("the reader left: {:?}", peer.finish());
}

/// Has a phone that is not ours talk to our reader: how it ended, and what the phone was told.
fn receive(name: &str, version: Version, words: &[&str]) -> (ReaderEnd, Option<String>) {
    let now = Instant::now();
    let (site, reader) = (SiteId([0x51; 16]), ReaderId([0x4e; 16]));
    let proof = match name {
        "normal" => Proof::None,
        "site-key" => Proof::SiteKey(key(1)),
        _ => {
            let (not_before, not_after, own) = (0, u32::MAX, key(2).public_key());
            let fields = CertificateFields { reader, issuer: site, not_before, not_after, key: own };
            let certificate = ReaderCertificate::issue(fields, &key(1)).unwrap();
            Proof::Certificate { key: key(2), certificate }
        }
    };
    let mut peer = Peer::start(&[&["phone", "--flow", name], words].concat());
    peer.write(&key(1).public_key().uncompressed());
    let line = peer.line().unwrap();
    let credential = PublicKey::from_bytes(&octets(line.strip_prefix("credential ").unwrap())).unwrap();
    let ephemeral = EphemeralKey::from_random(&[0x72; 32]).unwrap();
    let (mut reader, hello) = Reader::new(Station { site, reader, version, proof }, ephemeral, now);
    let (mut actions, mut told, mut ended) = (vec![hello], None, None);
    loop {
        for action in std::mem::take(&mut actions) {
            match action {
                ReaderAction::Send(bytes) => bytes.chunks(100).for_each(|part| peer.write(part)),
                ReaderAction::Over(end) => ended = Some(end),
                ReaderAction::Check(shown) => {
                    assert_eq!((shown.key, shown.last_update), (credential, 1_234_567_890));
                    actions.extend(reader.decide(Decision::Grant));
                }
            }
        }
        if !actions.is_empty() {
            continue;
        }
        let Some(line) = peer.line() else { break };
        match line.strip_prefix("told ") {
            Some(code) => told = Some(code.to_owned()),
            None => actions = reader.receive(&octets(&line), now),
        }
    }
    assert!(peer.finish());
    (ended.unwrap(), told)
}

#[test]
fn our_phone_opens_their_reader() {
    if without_peers() {
        return;
    }
    let learned = format!("{} 1234567890", hex(&key(3).public_key().uncompressed()));
    for flow in ["normal", "site-key", "certificate"] {
        for version in ["1", "3"] {
            for cut in ["1", "20", "182", "512"] {
                let words = ["--version", version, "--cut", cut];
                let wanted = (Outcome::Granted, Some(learned.clone()));
                assert_eq!(visit(flow, &words), wanted, "{flow} {words:?}");
            }
        }
    }
}

#[test]
fn our_phone_is_told_what_their_reader_decides() {
    if without_peers() {
        return;
    }
    for (code, outcome) in [("1", Outcome::Completed), ("2", Outcome::Denied), ("8", Outcome::NoRight)] {
        assert_eq!(visit("site-key", &["--decision", code]).0, outcome);
    }
}

#[test]
fn our_phone_does_not_trust_a_reader_that_lies() {
    if without_peers() {
        return;
    }
    let expired = vestibule_access::pkoc::CertificateError::Expired;
    for (flow, wrong, distrust) in [
        ("site-key", "key", Distrust::Signature),
        ("certificate", "key", Distrust::Signature),
        ("certificate", "expired", Distrust::Certificate(expired)),
    ] {
        assert_eq!(visit(flow, &["--wrong", wrong]), (Outcome::NotTrusted(distrust), None));
    }
}

#[test]
fn our_reader_lets_their_phone_in() {
    if without_peers() {
        return;
    }
    for flow in ["normal", "site-key", "certificate"] {
        for (number, version) in [("1", Version::PROFILE_2_0_1), ("3", Version::EARLIER)] {
            for cut in ["1", "20", "512"] {
                let words = ["--version", number, "--cut", cut];
                let wanted = (ReaderEnd::Answered(Response::Granted), Some("3".to_owned()));
                assert_eq!(receive(flow, version, &words), wanted, "{flow} {words:?}");
            }
        }
    }
}

#[test]
fn our_reader_lets_nobody_in_who_proves_nothing() {
    if without_peers() {
        return;
    }
    for (flow, wrong, response) in [
        ("normal", "key", Response::SignatureInvalid),
        ("site-key", "key", Response::SignatureInvalid),
        ("certificate", "secret", Response::CcmError),
    ] {
        let told = Some((response as u8).to_string());
        let wanted = (ReaderEnd::Answered(response), told);
        assert_eq!(receive(flow, Version::PROFILE_2_0_1, &["--wrong", wrong]), wanted);
    }
}

#[test]
fn our_card_satisfies_their_reader_in_both_profiles() {
    if without_peers() {
        return;
    }
    let held = [&[0x7f, 0x21, 0x82, 2, 0][..], &[0x33; 512]].concat();
    let mut card = Card::new(key(3), Some(CvCertificate::from_bytes(&held).unwrap()));
    let mut peer = Peer::start(&["nfc"]);
    peer.write(&key(3).public_key().uncompressed());
    peer.write(&held);
    let mut told = false;
    while let Some(line) = peer.line() {
        if line == "told 0" {
            told = true;
            continue;
        }
        let answer = card.answer(&octets(&line));
        peer.write(&answer.bytes);
    }
    assert!(peer.finish() && told);
}
