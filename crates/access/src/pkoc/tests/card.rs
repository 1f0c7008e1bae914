//! The phone as a card.

use super::*;

const SELECT: [u8; 14] = [0, 0xa4, 4, 0, 8, 0xa0, 0, 0, 8, 0x98, 0, 0, 1, 0];
const INFO: [u8; 5] = [0, 0xca, 0x7f, 0x63, 0];
const CERTIFICATE: [u8; 5] = [0, 0xca, 0x7f, 0x21, 0];

fn card(certificate: Option<CvCertificate>) -> Card<SoftKey> {
    Card::new(key(OF_PHONE), certificate)
}

/// An object `7F21` of so many octets inside.
fn certificate(length: u16) -> (CvCertificate, Vec<u8>) {
    let [high, low] = length.to_be_bytes();
    let value = (0..length).map(|at| at.to_le_bytes()[0]);
    let bytes: Vec<u8> = [0x7f, 0x21, 0x82, high, low].into_iter().chain(value).collect();
    (CvCertificate::from_bytes(&bytes).unwrap(), bytes)
}

fn authenticate(parts: &[(u8, &[u8])]) -> Vec<u8> {
    let data: Vec<u8> =
        parts.iter().flat_map(|(name, value)| [&[*name, value.len() as u8][..], value].concat()).collect();
    [&[0x80, 0x80, 0, 1, data.len() as u8][..], &data].concat()
}

fn challenge() -> Vec<u8> {
    [&[0, 0x88, 0, 0, 0x20][..], &[6; 32], &[0]].concat()
}

#[test]
fn the_first_profile_signs_a_nonce() {
    let mut card = card(None);
    assert_eq!(card.answer(&SELECT).bytes, [0x5c, 2, 1, 0, 0x90, 0]);
    let (version, nonce, reader) = ((0x5c, &[1, 0][..]), (0x4c, &[5; 16][..]), (0x4d, &[6; 32][..]));
    for (order, end) in [([version, nonce, reader], &[][..]), ([reader, version, nonce], &[0])] {
        let answer = card.answer(&[&authenticate(&order)[..], end].concat());
        assert!(answer.presented);
        let bytes = answer.bytes;
        assert_eq!((bytes.len(), &bytes[..2], &bytes[67..69]), (135, &[0x5a, 65][..], &[0x9e, 64][..]));
        let credential = PublicKey::from_bytes(&bytes[2..67]).unwrap();
        assert_eq!(credential, key(OF_PHONE).public_key());
        assert!(credential.verifies(&[5; 16], &Signature(bytes[69..133].try_into().unwrap())));
        assert_eq!(bytes[133..], [0x90, 0]);
    }
}

#[test]
fn the_second_profile_shows_a_certificate_and_signs_a_challenge() {
    let (certificate, bytes) = certificate(40);
    let mut card = card(Some(certificate));
    card.answer(&SELECT);
    assert_eq!(card.answer(&INFO).bytes, [0x7f, 0x63, 4, 0x5c, 2, 2, 0, 0x90, 0]);
    assert_eq!(card.answer(&CERTIFICATE).bytes, [&bytes[..], &[0x90, 0]].concat());
    let answer = card.answer(&challenge());
    assert!(answer.presented);
    assert_eq!(
        (answer.bytes.len(), &answer.bytes[..2], &answer.bytes[66..]),
        (68, &[0x9e, 64][..], &[0x90, 0][..])
    );
    let signature = Signature(answer.bytes[2..66].try_into().unwrap());
    assert!(key(OF_PHONE).public_key().verifies(&[6; 32], &signature));
}

#[test]
fn a_long_certificate_is_fetched_in_blocks() {
    for (asked, again) in [(0, 0), (100, 0), (0, 7), (255, 255)] {
        let (certificate, bytes) = certificate(700);
        let mut card = card(Some(certificate));
        card.answer(&SELECT);
        let mut answer = card.answer(&[0, 0xca, 0x7f, 0x21, asked]).bytes;
        let mut read = Vec::new();
        while let [data @ .., 0x61, more] = &answer[..] {
            read.extend_from_slice(data);
            let left = bytes.len() - read.len();
            assert_eq!(usize::from(*more), if left < 256 { left } else { 0 });
            answer = card.answer(&[0, 0xc0, 0, 0, again]).bytes;
        }
        let [data @ .., 0x90, 0] = &answer[..] else { panic!("{answer:02x?}") };
        read.extend_from_slice(data);
        assert_eq!(read, bytes, "blocks of {asked} and {again}");
        assert_eq!(card.answer(&[0, 0xc0, 0, 0, 0]).bytes, [0x69, 0x85]);
    }
}

#[test]
fn a_refusal_begins_anew() {
    let nonce = authenticate(&[(0x5c, &[1, 0]), (0x4c, &[5; 16]), (0x4d, &[6; 32])]);
    let selected_with = |certificate| {
        let mut card = card(certificate);
        card.answer(&SELECT);
        card
    };
    let old = authenticate(&[(0x5c, &[2, 0]), (0x4c, &[5; 16]), (0x4d, &[6; 32])]);
    let twice = authenticate(&[
        (0x5c, &[1, 0]),
        (0x4c, &[5; 16]),
        (0x4c, &[5; 16]),
        (0x5c, &[1, 0]),
        (0x4c, &[5; 10]),
    ]);
    let mut other = SELECT;
    other[12] = 2;
    for (apdu, status) in [
        (&[][..], 0x6700),
        (&[0, 0xa4, 4, 0, 9], 0x6a82),
        (&other, 0x6a82),
        (&[0, 0xa4, 0, 0, 8, 0xa0, 0, 0, 8, 0x98, 0, 0, 1, 0], 0x6a86),
        (&[0x80, 0x80, 0, 0, 1, 0], 0x6a86),
        (&nonce[..60], 0x6700),
        (&authenticate(&[(0x5c, &[1, 0]), (0x4c, &[5; 16])]), 0x6700),
        (&old, 0x6a80),
        (&twice, 0x6a80),
        (&INFO, 0x6a88),
        (&CERTIFICATE, 0x6a88),
        (&challenge(), 0x6985),
        (&[0, 0xb0, 0, 0, 0], 0x6d00),
        (&[0xff, 0x80, 0, 1, 0], 0x6e00),
        (&[0, 0xc0, 0, 0, 0], 0x6985),
    ] {
        let mut card = selected_with(None);
        let answer = card.answer(apdu);
        assert_eq!(
            (&answer.bytes[..], answer.presented),
            (&u16::to_be_bytes(status)[..], false),
            "{apdu:02x?}"
        );
        assert_eq!(card.answer(&nonce).bytes, [0x69, 0x85], "selected after {apdu:02x?}");
    }
    for (apdu, status) in [
        (&[0, 0xca, 0x7f, 0x22, 0][..], 0x6a88),
        (&[0, 0xca, 0x7f, 0x63, 1, 7], 0x6700),
        (&[0, 0x88, 0, 1, 1, 7], 0x6a86),
        (&[&[0, 0x88, 0, 0, 31][..], &[6; 31]].concat(), 0x6700),
        (&[0, 0xc0, 1, 0, 0], 0x6a86),
    ] {
        let mut card = selected_with(Some(certificate(40).0));
        assert_eq!(card.answer(apdu).bytes, u16::to_be_bytes(status), "{apdu:02x?}");
        assert_eq!(card.answer(&challenge()).bytes, [0x69, 0x85], "selected after {apdu:02x?}");
    }
}

#[test]
fn nothing_is_signed_before_the_application_is_selected_or_after_the_phone_is_taken_away() {
    let mut card = card(Some(certificate(300).0));
    let nonce = authenticate(&[(0x5c, &[1, 0]), (0x4c, &[5; 16]), (0x4d, &[6; 32])]);
    for apdu in [&nonce[..], &INFO, &CERTIFICATE, &challenge()] {
        assert_eq!(card.answer(apdu).bytes, [0x69, 0x85], "{apdu:02x?}");
        card.answer(&SELECT);
        card.answer(&CERTIFICATE);
        card.reset();
    }
    assert_eq!(card.answer(&[0, 0xc0, 0, 0, 0]).bytes, [0x69, 0x85]);
}

#[test]
fn a_certificate_is_one_whole_object() {
    for wrong in [
        &[][..],
        &[0x7f, 0x21],
        &[0x7f, 0x21, 2, 1],
        &[0x7f, 0x21, 1, 1, 1],
        &[0x7f, 0x22, 1, 1],
        &[0x7f, 0x21, 0x80, 1],
        &[0x7f, 0x21, 0x83, 0, 0, 1, 1],
        &[&[0x7f, 0x21, 0x82, 0xff, 0xff][..], &[0; 0xffff]].concat(),
    ] {
        assert_eq!(CvCertificate::from_bytes(wrong), Err(CvCertificateError));
    }
    assert!(CvCertificate::from_bytes(&[0x7f, 0x21, 1, 1]).is_ok());
    assert!(CvCertificate::from_bytes(&[&[0x7f, 0x21, 0x81, 0x80][..], &[0; 0x80]].concat()).is_ok());
}

#[test]
fn debug_shows_no_credential() {
    let mut card = card(Some(certificate(40).0));
    let answer = card.answer(&SELECT);
    assert_eq!(format!("{answer:?}"), "CardAnswer(6 octets, 9000)");
    let shown = format!("{card:?}");
    assert!(shown.contains("SoftKey(***)") && shown.contains("CvCertificate(45 octets)"), "{shown}");
}
