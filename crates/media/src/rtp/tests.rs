use std::time::{Duration, Instant};

use bytes::Bytes;

use super::*;

fn arrivals(source: &mut Source, packets: &[(u32, u16)]) -> Vec<Arrival> {
    let now = Instant::now();
    packets.iter().map(|(ssrc, sequence)| source.arrived(now, *ssrc, *sequence, 0, 10)).collect()
}

const BASE: u64 = 1 << 16;

#[test]
fn counts_on_over_the_wrap() {
    let mut source = Source::new(8_000);
    let found = arrivals(&mut source, &[(1, 65_534), (1, 65_535), (1, 1), (1, 0), (1, 2), (1, 65_533)]);
    let at = |offset: u64| Arrival::At(BASE + 65_534 + offset);
    assert_eq!(
        found,
        [Arrival::Began(BASE + 65_534), at(1), at(3), at(2), at(4), Arrival::At(BASE + 65_533)]
    );
    let (packets, bytes, lost, reordered) = source.totals();
    assert_eq!((packets, bytes, lost, reordered), (6, 60, 0, 2));
}

#[test]
fn a_jump_needs_a_second_packet_to_be_believed() {
    let mut source = Source::new(8_000);
    let found =
        arrivals(&mut source, &[(1, 10), (1, 30_000), (1, 11), (1, 30_000), (1, 30_001), (1, 30_002)]);
    assert_eq!(
        found,
        [
            Arrival::Began(BASE + 10),
            Arrival::Unconfirmed,
            Arrival::At(BASE + 11),
            Arrival::Unconfirmed,
            Arrival::Began(BASE + 30_001),
            Arrival::At(BASE + 30_002),
        ]
    );
}

#[test]
fn another_ssrc_is_another_stream_and_its_former_cannot_come_back_at_once() {
    let mut source = Source::new(8_000);
    let found = arrivals(&mut source, &[(1, 10), (2, 500), (1, 11), (2, 501)]);
    assert_eq!(
        found,
        [Arrival::Began(BASE + 10), Arrival::Began(BASE + 500), Arrival::Former, Arrival::At(BASE + 501)]
    );
    assert_eq!(source.ssrc(), Some(2));
    assert_eq!(
        source.arrived(Instant::now() + Duration::from_secs(2), 1, 12, 0, 1),
        Arrival::Began(BASE + 12)
    );
}

#[test]
fn jitter_is_what_rfc_3550_says() {
    let start = Instant::now();
    let mut source = Source::new(8_000);
    for (index, late) in [0, 5, 0, 5, 0].into_iter().enumerate() {
        let at = start + Duration::from_millis(index as u64 * 20 + late);
        source.arrived(at, 1, index as u16, index as u32 * 160, 160);
    }
    // |D| is 5 ms each time: J grows by (5 − J) / 16.
    let expected = 5.0 * (1.0 - (15.0_f64 / 16.0).powi(4)) / 1_000.0;
    assert!((source.jitter().as_secs_f64() - expected).abs() < 1e-6, "{:?}", source.jitter());
}

#[test]
fn reads_what_is_written() {
    let mut sender = StreamSender::new(0x0102_0304, 65_535);
    let packet = parse(sender.packet(96, true, 77, b"abc")).unwrap();
    let header = &packet.header;
    assert_eq!((header.ssrc, header.sequence_number, header.timestamp), (0x0102_0304, 65_535, 77));
    assert_eq!((header.payload_type, header.marker, &packet.payload[..]), (96, true, &b"abc"[..]));
    assert_eq!(parse(sender.packet(8, false, 78, b"")).unwrap().header.sequence_number, 0);
    assert_eq!((sender.packets(), sender.bytes()), (2, 3));
}

#[test]
fn damaged_packets_are_errors() {
    let fixed = [0x80, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    let with = |first: u8, rest: &[u8]| {
        let mut bytes = fixed.to_vec();
        bytes[0] = first;
        bytes.extend(rest);
        parse(Bytes::from(bytes))
    };
    assert!(matches!(parse(Bytes::from_static(b"\x80\x08")), Err(ParseError::Short)));
    assert!(matches!(with(0x40, &[]), Err(ParseError::Version)));
    for (first, rest) in [
        (0x82, &[0, 0, 0, 1][..]),
        (0x90, &[0xbe, 0xde]),
        (0x90, &[0xbe, 0xde, 0, 9, 1]),
        (0xa0, &[]),
        (0xa0, &[9]),
    ] {
        assert!(matches!(with(first, rest), Err(ParseError::Header(_))), "{first:x} {rest:?}");
    }
    assert_eq!(&with(0xa0, b"ab\0\x02").unwrap().payload[..], b"ab");
    assert_eq!(&with(0x90, b"\xbe\xde\0\x01\x10a\0\0xy").unwrap().payload[..], b"xy");
}

#[test]
fn tells_rtp_from_rtcp_and_from_noise() {
    for (bytes, expected) in [
        (&[0x80, 96][..], Kind::Rtp),
        (&[0x80, 0x80 | 8], Kind::Rtp),
        (&[0x81, 200], Kind::Rtcp),
        (&[0x81, 206], Kind::Rtcp),
        (&[0, 1, 0, 0], Kind::Other),
        (b"\r\n", Kind::Other),
        (&[], Kind::Other),
    ] {
        assert_eq!(kind(bytes), expected, "{bytes:?}");
    }
}

#[test]
fn garbage_is_read_without_a_panic() {
    use rand::{Rng, RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(4);
    for _ in 0..200_000 {
        let mut bytes = vec![0; random.random_range(0..48)];
        random.fill_bytes(&mut bytes);
        if let [first, .., a, b] = &mut bytes[..] {
            *first = *first & 0x3f | 0x80;
            (*a, *b) = (0xbe, 0xde);
        }
        if bytes.len() > 16 && random.random() {
            bytes[12..16].copy_from_slice(&[0xbe, 0xde, 0, random.random_range(0..6)]);
        }
        let _ = parse(Bytes::from(bytes));
    }
}
