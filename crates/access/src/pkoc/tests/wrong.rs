//! What must not go well: lies, repetitions, silence.

use super::*;

fn run(flow: Flow, station: Station<SoftKey>) -> Talk {
    talk(visit(flow), station, Decision::Grant, nobody)
}

/// The octets of a message that nothing vouches for: versions, but for the bit that says AES-CCM, dates in clear, and
/// the sign of a reader's ephemeral key. What is signed and agreed on is its first coordinate, which is that of both.
fn unbound(flow: &Flow, number: usize) -> Vec<usize> {
    match (flow, number) {
        (Flow::Normal, 0) => (2..7).collect(),
        (Flow::Normal, 1) => (135..139).chain(141..146).collect(),
        (Flow::Normal, _) => vec![],
        (_, 0) => (2..6).chain([9]).collect(),
        (_, 1) => (69..73).collect(),
        _ => vec![],
    }
}

fn no_octet_can_be_changed(flow: &Flow) {
    let whole = run(flow.clone(), station_for(flow));
    for (number, (side, message)) in whole.said.iter().enumerate() {
        for at in 0..message.len() {
            let change = |passing, mut message: Vec<u8>| {
                if passing == number {
                    message[at] ^= 1;
                }
                vec![message]
            };
            let talk = talk(visit(flow.clone()), station_for(flow), Decision::Grant, change);
            let free = unbound(flow, number).contains(&at);
            let told = talk.outcome == Outcome::Granted;
            assert_eq!(told, free, "{side:?}'s message {number}, octet {at}: {:?}", talk.outcome);
            // The last message is on its way when the door is open already.
            let last = number + 1 == whole.said.len();
            assert_eq!(talk.checked.is_some(), free || last, "message {number}, octet {at}");
        }
    }
}

#[test]
fn no_octet_can_be_changed_in_the_normal_flow() {
    no_octet_can_be_changed(&Flow::Normal);
}

#[test]
fn no_octet_can_be_changed_with_the_key_of_the_site() {
    no_octet_can_be_changed(&Flow::SiteKey);
}

#[test]
fn no_octet_can_be_changed_with_a_certificate() {
    no_octet_can_be_changed(&certified());
}

#[test]
fn another_key_than_the_sites_is_not_trusted() {
    let talk = run(Flow::SiteKey, station(Proof::SiteKey(key(9))));
    assert_eq!(talk.outcome, Outcome::NotTrusted(Distrust::Signature));
    assert_eq!((talk.checked, talk.said.len()), (None, 3));
}

#[test]
fn another_site_or_reader_is_a_stranger_and_is_told_nothing() {
    for station in [
        Station { site: SiteId([0; 16]), ..station_for(&Flow::SiteKey) },
        Station { reader: ReaderId([0; 16]), ..station_for(&Flow::SiteKey) },
    ] {
        let talk = run(Flow::SiteKey, station);
        assert_eq!(talk.outcome, Outcome::NotTrusted(Distrust::Stranger));
        assert_eq!(talk.said.len(), 1);
    }
}

#[test]
fn a_certificate_has_to_hold() {
    let distrust = |error| Outcome::NotTrusted(Distrust::Certificate(error));
    let other_reader = CertificateFields { reader: ReaderId([0; 16]), ..fields() };
    let other_site = CertificateFields { issuer: SiteId([0; 16]), ..fields() };
    let later = CertificateFields { not_before: 1_800_000_001, ..fields() };
    let earlier = CertificateFields { not_after: 1_799_999_999, ..fields() };
    for (fields, error) in [
        (other_reader, CertificateError::Foreign),
        (other_site, CertificateError::Foreign),
        (later, CertificateError::NotYet),
        (earlier, CertificateError::Expired),
    ] {
        let talk = run(certified(), with_certificate(fields));
        assert_eq!((talk.outcome, talk.said.len()), (distrust(error), 1));
    }
    let forged = ReaderCertificate::issue(fields(), &key(9)).unwrap();
    let forged = station(Proof::Certificate { key: key(OF_READER), certificate: forged });
    assert_eq!(run(certified(), forged).outcome, distrust(CertificateError::NotSigned));
    let revoked = Flow::Certificate { revoked: [READER].into() };
    let talk = run(revoked, station_for(&certified()));
    assert_eq!((talk.outcome, talk.said.len()), (distrust(CertificateError::Revoked), 1));
}

#[test]
fn a_certificate_is_worth_nothing_without_its_key() {
    let certificate = ReaderCertificate::issue(fields(), &key(OF_SITE)).unwrap();
    for thief in [9, OF_SITE] {
        let certificate = certificate.clone();
        let talk = run(certified(), station(Proof::Certificate { key: key(thief), certificate }));
        assert_eq!(talk.outcome, Outcome::NotTrusted(Distrust::Signature));
    }
}

#[test]
fn a_site_that_forbids_credentials_in_clear_gets_none() {
    let forbidden = Enrolment::new(identity(), Flow::Normal, NormalFlow::Forbidden);
    assert_eq!(forbidden, Err(NormalForbidden));
    assert!(Enrolment::new(identity(), Flow::SiteKey, NormalFlow::Forbidden).is_ok());
}

#[test]
fn a_reader_cannot_talk_a_phone_down() {
    // A normal reader, where the phone knows a better one.
    let talk = run(Flow::SiteKey, station(Proof::None));
    assert_eq!(talk.outcome, Outcome::Failed(Fault::Refused(Some(Response::InvalidSecurity))));
    assert_eq!((talk.said.len(), talk.said[1].1[0], talk.checked), (3, tag::PHONE_KEY, None));
    for proof in [Proof::None, Proof::SiteKey(key(OF_SITE))] {
        let talk = run(certified(), station(proof));
        let missing = Distrust::Certificate(CertificateError::Missing);
        assert_eq!((talk.outcome, talk.said.len()), (Outcome::NotTrusted(missing), 1));
    }
}

#[test]
fn a_phone_cannot_talk_a_reader_down() {
    for flow in [Flow::SiteKey, certified()] {
        let talk = run(Flow::Normal, station_for(&flow));
        assert_eq!(talk.end, ReaderEnd::Answered(Response::InvalidSecurity));
        assert_eq!(talk.checked, None);
    }
}

#[test]
fn a_reader_without_ccm_is_not_spoken_to() {
    let version = Version { features: 2, ..Version::PROFILE_2_0_1 };
    let talk = run(Flow::SiteKey, Station { version, ..station_for(&Flow::SiteKey) });
    assert_eq!((talk.outcome, talk.said.len()), (Outcome::Failed(Fault::Ccm), 1));
}

#[test]
fn a_hello_that_was_heard_before_proves_nothing() {
    let now = Instant::now();
    for flow in [Flow::SiteKey, certified()] {
        let heard = run(flow.clone(), station_for(&flow)).said;
        let mut phone = Phone::new(Visit { ephemeral: ephemeral(0x71), ..visit(flow) }, now);
        let answer = phone.receive(&heard[0].1, now);
        assert!(matches!(&answer[..], [PhoneAction::Send(_)]));
        let over = PhoneAction::Over(Outcome::NotTrusted(Distrust::Signature));
        assert_eq!(phone.receive(&heard[2].1, now), [over]);
    }
}

#[test]
fn a_phone_that_was_heard_before_opens_nothing() {
    let now = Instant::now();
    for (flow, response) in [(Flow::Normal, Response::SignatureInvalid), (Flow::SiteKey, Response::CcmError)]
    {
        let heard = run(flow.clone(), station_for(&flow)).said;
        let (mut reader, _) = Reader::new(station_for(&flow), ephemeral(0x73), now);
        let mut actions = Vec::new();
        for (_, message) in heard.iter().filter(|(side, _)| *side == Side::Phone) {
            actions.extend(reader.receive(message, now));
        }
        assert_eq!(actions.last(), Some(&ReaderAction::Over(ReaderEnd::Answered(response))));
        assert!(!actions.iter().any(|action| matches!(action, ReaderAction::Check(_))));
    }
}

#[test]
fn a_response_before_the_proof_is_a_lie() {
    let now = Instant::now();
    let hello = run(Flow::SiteKey, station_for(&Flow::SiteKey)).said[0].1.clone();
    let unproven = Outcome::NotTrusted(Distrust::Unproven);
    for (code, wanted) in [
        (1, unproven),
        (3, unproven),
        (2, Outcome::Denied),
        (8, Outcome::NoRight),
        (0, Outcome::Failed(Fault::Refused(Some(Response::Unknown)))),
        (9, Outcome::Failed(Fault::Refused(None))),
    ] {
        for begin in [&[][..], &hello] {
            let mut phone = Phone::new(visit(Flow::SiteKey), now);
            phone.receive(begin, now);
            assert_eq!(phone.receive(&[4, 1, code], now), [PhoneAction::Over(wanted)], "{code}");
        }
        // Joined to the hello: the answer is sent before the lie is read.
        let mut phone = Phone::new(visit(Flow::SiteKey), now);
        let actions = phone.receive(&[&hello[..], &[4, 1, code]].concat(), now);
        assert!(matches!(&actions[..], [PhoneAction::Send(_), PhoneAction::Over(over)] if *over == wanted));
    }
}

#[test]
fn a_response_in_clear_can_be_forged_and_so_is_only_reported() {
    let forge = |number, message| if number == 4 { vec![vec![4, 1, 3]] } else { vec![message] };
    let talk = talk(visit(Flow::SiteKey), station_for(&Flow::SiteKey), Decision::Deny, forge);
    assert_eq!((talk.outcome, talk.end), (Outcome::Granted, ReaderEnd::Answered(Response::Denied)));
}

#[test]
fn whoever_says_nothing_is_given_up() {
    for silent in 0..5 {
        let lose = |number, message| if number == silent { vec![] } else { vec![message] };
        let talk = talk(visit(Flow::SiteKey), station_for(&Flow::SiteKey), Decision::Grant, lose);
        assert_eq!(talk.outcome, Outcome::TimedOut, "message {silent} was lost");
    }
}

#[test]
fn six_seconds_are_for_the_whole_of_it() {
    let now = Instant::now();
    let late = now + DEADLINE;
    let hello = run(Flow::SiteKey, station_for(&Flow::SiteKey)).said[0].1.clone();
    let mut phone = Phone::new(visit(Flow::SiteKey), now);
    let (mut reader, _) = Reader::new(station_for(&Flow::SiteKey), ephemeral(0x72), now);
    assert_eq!((phone.deadline(), reader.deadline()), (Some(late), Some(late)));
    let just = late - std::time::Duration::from_nanos(1);
    assert_eq!((phone.expire(just), reader.expire(just)), (vec![], vec![]));
    assert_eq!(phone.receive(&hello, just).len(), 1);
    assert_eq!(phone.receive(&[4, 1, 2], late), [PhoneAction::Over(Outcome::TimedOut)]);
    assert_eq!(reader.receive(&[0x07], late), [ReaderAction::Over(ReaderEnd::TimedOut)]);
    assert_eq!((phone.expire(late), reader.expire(late)), (vec![], vec![]));
    assert_eq!((phone.deadline(), reader.deadline()), (None, None));
}

#[test]
fn a_lost_link_is_out_of_range() {
    let now = Instant::now();
    let mut phone = Phone::new(visit(Flow::SiteKey), now);
    let (mut reader, _) = Reader::new(station_for(&Flow::SiteKey), ephemeral(0x72), now);
    assert_eq!(phone.link_lost(), [PhoneAction::Over(Outcome::OutOfRange)]);
    assert_eq!(reader.link_lost(), [ReaderAction::Over(ReaderEnd::LinkLost)]);
    assert_eq!((phone.link_lost(), reader.link_lost()), (vec![], vec![]));
}

#[test]
fn nobody_is_let_in_who_was_not_checked() {
    let (mut reader, _) = Reader::new(station_for(&Flow::SiteKey), ephemeral(0x72), Instant::now());
    assert_eq!(reader.decide(Decision::Grant), []);
    assert!(reader.deadline().is_some());
}

#[test]
fn what_comes_twice_or_in_the_wrong_place_ends_it() {
    let now = Instant::now();
    let hello = run(certified(), station_for(&certified())).said[0].1.clone();
    // All but the first: the hello is not whole yet when it comes again.
    for (begin, end) in [(0, 7), (7, 42), (42, 60), (78, 219)] {
        let mut phone = Phone::new(visit(certified()), now);
        let part = &hello[begin..end];
        let actions = phone.receive(&[part, part].concat(), now);
        assert_eq!(actions, [PhoneAction::Over(Outcome::Failed(Fault::Unexpected(part[0])))]);
    }
    for (tag, length) in
        [(tag::PUBLIC_KEY, 65), (tag::PHONE_KEY, 65), (tag::LAST_UPDATE, 4), (tag::ENCRYPTED, 9)]
    {
        let stray = Tlv { tag, value: vec![4; length] }.to_bytes(LengthForm::Ber);
        for begin in [&[][..], &hello] {
            let mut phone = Phone::new(visit(certified()), now);
            phone.receive(begin, now);
            let over = PhoneAction::Over(Outcome::Failed(Fault::Unexpected(tag)));
            assert_eq!(phone.receive(&stray, now), [over]);
        }
    }
}

#[test]
fn a_key_that_is_no_point_ends_it() {
    let change = |number, mut message: Vec<u8>| {
        if number == 0 {
            message[9] = 5;
        }
        vec![message]
    };
    let talk = talk(visit(Flow::SiteKey), station_for(&Flow::SiteKey), Decision::Grant, change);
    assert_eq!(talk.outcome, Outcome::Failed(Fault::ReaderKey));
}

#[test]
fn a_private_key_that_is_locked_opens_nothing() {
    struct Locked;
    impl Signer for Locked {
        fn public_key(&self) -> PublicKey {
            key(OF_PHONE).public_key()
        }
        fn sign(&self, _: &[u8]) -> Result<Signature, NoSignature> {
            Err(NoSignature)
        }
    }
    let now = Instant::now();
    let heard = run(Flow::Normal, station_for(&Flow::Normal)).said;
    let Visit { enrolments, ephemeral, last_update, at, .. } = visit(Flow::Normal);
    let mut phone = Phone::new(Visit { signer: Locked, enrolments, ephemeral, last_update, at }, now);
    let over = PhoneAction::Over(Outcome::Failed(Fault::Signer));
    assert_eq!(phone.receive(&heard[0].1, now), [over]);
    let mut card = Card::new(Locked, None);
    card.answer(&[0, 0xa4, 4, 0, 8, 0xa0, 0, 0, 8, 0x98, 0, 0, 1, 0]);
    let nonce = [&[0x80, 0x80, 0, 1, 0x38, 0x5c, 2, 1, 0, 0x4c, 16][..], &[1; 16], &[0x4d, 32], &[2; 32]];
    assert_eq!(card.answer(&nonce.concat()).bytes, [0x69, 0x85]);
}
