//! What has to go well.

use super::*;

fn flows() -> [Flow; 3] {
    [Flow::Normal, Flow::SiteKey, certified()]
}

#[test]
fn each_flow_opens_the_door() {
    for flow in flows() {
        for version in [Version::PROFILE_2_0_1, Version::EARLIER] {
            let station = Station { version, ..station_for(&flow) };
            let talk = talk(visit(flow.clone()), station, Decision::Grant, nobody);
            assert_eq!(talk.outcome, Outcome::Granted, "{flow:?} {version:?}");
            assert_eq!(talk.end, ReaderEnd::Answered(Response::Granted));
            let credential = Credential { key: key(OF_PHONE).public_key(), last_update: 7 };
            assert_eq!(talk.checked, Some(credential));
        }
    }
}

#[test]
fn messages_are_as_long_as_the_protocol_has_them() {
    for (flow, wanted) in [
        (Flow::Normal, vec![(Side::Reader, 78), (Side::Phone, 146), (Side::Reader, 3)]),
        (
            Flow::SiteKey,
            vec![
                (Side::Reader, 78),
                (Side::Phone, 74),
                (Side::Reader, 66),
                (Side::Phone, 165),
                (Side::Reader, 3),
            ],
        ),
        (
            certified(),
            vec![
                (Side::Reader, 219),
                (Side::Phone, 74),
                (Side::Reader, 66),
                (Side::Phone, 165),
                (Side::Reader, 3),
            ],
        ),
    ] {
        let station = station_for(&flow);
        let talk = talk(visit(flow), station, Decision::Grant, nobody);
        let lengths: Vec<_> = talk.said.iter().map(|(side, bytes)| (*side, bytes.len())).collect();
        assert_eq!(lengths, wanted);
    }
}

#[test]
fn a_phone_frames_lengths_as_its_reader_does() {
    for (version, head) in
        [(Version::PROFILE_2_0_1, &[0x40, 0x81, 0xa2][..]), (Version::EARLIER, &[0x40, 0xa2])]
    {
        let station = Station { version, ..station_for(&Flow::SiteKey) };
        let talk = talk(visit(Flow::SiteKey), station, Decision::Grant, nobody);
        assert!(talk.said[3].1.starts_with(head), "{:02x?}", &talk.said[3].1[..3]);
    }
}

#[test]
fn only_the_normal_flow_shows_who_comes() {
    let credential = key(OF_PHONE).public_key();
    for flow in flows() {
        let station = station_for(&flow);
        let in_clear = flow == Flow::Normal;
        let talk = talk(visit(flow), station, Decision::Grant, nobody);
        let all: Vec<u8> = talk.said.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!(contains(&all, &credential.uncompressed()[1..33]), in_clear);
    }
}

#[test]
fn what_the_site_decides_is_what_the_phone_is_told() {
    for (decision, outcome, response) in [
        (Decision::Grant, Outcome::Granted, Response::Granted),
        (Decision::Deny, Outcome::Denied, Response::Denied),
        (Decision::Unknown, Outcome::NoRight, Response::Unrecognized),
        (Decision::Pass, Outcome::Completed, Response::Completed),
    ] {
        let talk = talk(visit(Flow::SiteKey), station_for(&Flow::SiteKey), decision, nobody);
        assert_eq!((talk.outcome, talk.end), (outcome, ReaderEnd::Answered(response)));
    }
}

#[test]
fn a_radio_may_cut_anywhere() {
    for flow in flows() {
        for size in [1, 2, 3, 7, 20, 182, 244] {
            let cut = |_, message: Vec<u8>| message.chunks(size).map(<[u8]>::to_vec).collect();
            let talk = talk(visit(flow.clone()), station_for(&flow), Decision::Grant, cut);
            assert_eq!(talk.outcome, Outcome::Granted, "{flow:?} in parts of {size}");
        }
    }
}

#[test]
fn what_else_a_hello_holds_is_skipped() {
    let more = Tlv { tag: 0x80, value: vec![0xee; 200] };
    for form in [LengthForm::OneOctet, LengthForm::Ber] {
        // Before, within the same notification and split into the time after the answer.
        let before = more.to_bytes(form);
        let after = [&before[..], &[tag::CERTIFICATE, 0x81, 138], &[0; 138], &[0x2f, 1, 0]].concat();
        let between = |number, message: Vec<u8>| {
            if number > 0 {
                return vec![message];
            }
            let (first, second) = after.split_at(100);
            vec![[&before[..], &message, first].concat(), second.to_vec()]
        };
        let talk = talk(visit(Flow::SiteKey), station_for(&Flow::SiteKey), Decision::Grant, between);
        assert_eq!(talk.outcome, Outcome::Granted, "{form:?}");
    }
}

#[test]
fn of_many_readers_the_one_that_speaks_is_opened() {
    let now = Instant::now();
    let elsewhere = ReaderIdentity { reader: ReaderId([9; 16]), key: key(9).public_key(), ..identity() };
    let elsewhere = Enrolment::new(elsewhere, certified(), NormalFlow::Forbidden).unwrap();
    let here = Enrolment::new(identity(), Flow::SiteKey, NormalFlow::Forbidden).unwrap();
    let many = Visit { enrolments: [elsewhere, here].into(), ..visit(Flow::SiteKey) };
    let talk = talk(many, station_for(&Flow::SiteKey), Decision::Grant, nobody);
    assert_eq!(talk.outcome, Outcome::Granted);

    let mut phone = Phone::new(visit(Flow::SiteKey), now);
    assert_eq!(phone.reader(), None);
    phone.receive(&talk.said[0].1[..60], now);
    assert_eq!(phone.reader(), None);
    phone.receive(&talk.said[0].1[60..], now);
    assert_eq!(phone.reader(), Some((SITE, READER)));
}
