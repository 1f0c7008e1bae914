use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};

use super::*;
use crate::rtp::{self, Packet, StreamSender};

/// SPS and PPS of x264, Baseline 3.1, both with id 0.
const SPS: &[u8] = &[0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe9];
const PPS: &[u8] = &[0x68, 0xce, 0x3c, 0x80];

/// A slice of this type and length that is, or is not, the first of its picture.
fn slice(kind: u8, first: bool, length: usize) -> Vec<u8> {
    let mut slice = vec![0x60 | kind, if first { 0x88 } else { 0x42 }];
    slice.resize(length, 0x55);
    slice
}

fn annex_b(units: &[&[u8]]) -> Bytes {
    let mut out = BytesMut::new();
    for unit in units {
        out.put_slice(&[0, 0, 0, 1]);
        out.put_slice(unit);
    }
    out.freeze()
}

fn packets(payloads: &[Bytes], timestamp: u32, marker: bool) -> Vec<Packet> {
    let mut sender = StreamSender::new(1, 1);
    let last = payloads.len() - 1;
    let packet = |(index, payload): (usize, &Bytes)| {
        rtp::parse(sender.packet(96, marker && index == last, timestamp, payload)).unwrap()
    };
    payloads.iter().enumerate().map(packet).collect()
}

fn push_all(assembler: &mut Assembler, packets: &[Packet]) -> Vec<Picture> {
    push_at(assembler, Instant::now(), packets)
}

fn push_at(assembler: &mut Assembler, at: Instant, packets: &[Packet]) -> Vec<Picture> {
    let mut out = Vec::new();
    for packet in packets {
        assembler.push(at, packet, &mut out);
    }
    out
}

fn single(units: &[&[u8]]) -> Vec<Bytes> {
    units.iter().map(|unit| Bytes::copy_from_slice(unit)).collect()
}

#[test]
fn splits_a_byte_stream() {
    for (stream, units) in [
        (
            &b"\0\0\0\x01\x67ab\0\0\x01\x68c\0\0\0\x01\x65d\0e"[..],
            &[&b"\x67ab"[..], b"\x68c", b"\x65d\0e"][..],
        ),
        (b"junk\0\0\x01\x65a\0\0", &[b"\x65a"]),
        (b"\0\0\x01\0\0\x01\0\0\0\x01\x41", &[b"\x41"]),
        (b"no start code", &[]),
        (b"", &[]),
    ] {
        let found = split_annex_b(&Bytes::copy_from_slice(stream));
        assert_eq!(found.iter().map(|unit| &unit[..]).collect::<Vec<_>>(), units, "{stream:?}");
    }
}

#[test]
fn both_modes_carry_a_picture_over() {
    let idr = slice(5, true, 5_000);
    let more = slice(5, false, 900);
    let sent = annex_b(&[&[9, 0xf0], SPS, PPS, &idr, &more]);
    let expected = annex_b(&[SPS, PPS, &idr, &more]);
    for (mode, count) in [(0, 4), (1, 7)] {
        let payloads = Packetizer::new(mode).payloads(&sent);
        assert_eq!(payloads.len(), count, "mode {mode}");
        let pictures = push_all(&mut Assembler::new(&[]), &packets(&payloads, 9, true));
        assert_eq!(pictures.len(), 1, "mode {mode}");
        assert!(pictures[0].key);
        assert_eq!(pictures[0].data, expected, "mode {mode}");
        assert!(mode == 0 || payloads.iter().all(|payload| payload.len() <= MAX_PAYLOAD));
    }
}

#[test]
fn a_new_timestamp_ends_a_picture_without_marker() {
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    let key = slice(5, true, 100);
    let delta = slice(1, true, 50);
    assert!(push_all(&mut assembler, &packets(&single(&[&key]), 1, false)).is_empty());
    let out = push_all(&mut assembler, &packets(&single(&[&delta]), 2, false));
    assert_eq!(out.iter().map(|picture| (picture.timestamp, picture.key)).collect::<Vec<_>>(), [(1, true)]);
    let out = push_all(&mut assembler, &packets(&single(&[&delta]), 3, true));
    assert_eq!(out.iter().map(|picture| picture.timestamp).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn parameter_sets_come_before_each_key_frame_from_wherever_they_are() {
    let key = slice(5, true, 100);
    let whole = annex_b(&[SPS, PPS, &key]);
    // From SDP.
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    assert_eq!(push_all(&mut assembler, &packets(&single(&[&key]), 1, true))[0].data, whole);
    // In band once, in packets of their own with markers of their own, then never again.
    let mut assembler = Assembler::new(&[]);
    assert!(push_all(&mut assembler, &packets(&single(&[SPS]), 1, true)).is_empty());
    assert!(push_all(&mut assembler, &packets(&single(&[PPS]), 1, true)).is_empty());
    for timestamp in [1, 2] {
        assert_eq!(push_all(&mut assembler, &packets(&single(&[&key]), timestamp, true))[0].data, whole);
    }
    // Changed in band: the latest counts, and each only once.
    let other: &[u8] = &[0x68, 0xce, 0x38, 0x80];
    let changed = push_all(&mut assembler, &packets(&single(&[SPS, other, &key]), 3, true));
    assert_eq!(changed[0].data, annex_b(&[SPS, other, &key]));
    // Another id joins it.
    let second: &[u8] = &[0x68, 0x5b, 0x80];
    let joined = push_all(&mut assembler, &packets(&single(&[second, &key]), 4, true));
    assert_eq!(joined[0].data, annex_b(&[SPS, other, second, &key]));
}

#[test]
fn late_parameter_sets_free_the_pictures_that_wait_for_them() {
    let (key, delta) = (slice(5, true, 100), slice(1, true, 50));
    let mut assembler = Assembler::new(&[]);
    assert!(push_all(&mut assembler, &packets(&single(&[&key]), 1, true)).is_empty());
    assert!(push_all(&mut assembler, &packets(&single(&[&delta]), 2, true)).is_empty());
    assert!(assembler.needs_key());
    let freed = push_all(&mut assembler, &packets(&single(&[SPS, PPS]), 3, true));
    assert_eq!(freed.iter().map(|picture| picture.timestamp).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(freed[0].data, annex_b(&[SPS, PPS, &key]));
    assert!(!assembler.needs_key());
}

/// A packetized picture that is one unit.
fn of(packetizer: &mut Packetizer, unit: &[u8], timestamp: u32) -> Vec<Packet> {
    packets(&packetizer.payloads(&annex_b(&[unit])), timestamp, true)
}

#[test]
fn after_a_loss_a_key_frame_goes_on_at_once() {
    let (key, delta) = (slice(5, true, 3_000), slice(1, true, 3_000));
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    let mut packetizer = Packetizer::new(1);
    let now = Instant::now();
    assert!(push_at(&mut assembler, now, &of(&mut packetizer, &delta, 1)).is_empty(), "no key frame yet");
    assert_eq!(push_at(&mut assembler, now, &of(&mut packetizer, &key, 2)).len(), 1);
    assert_eq!(push_at(&mut assembler, now, &of(&mut packetizer, &delta, 3)).len(), 1);
    let mut torn = of(&mut packetizer, &delta, 4);
    let rest = torn.split_off(2);
    assert!(push_at(&mut assembler, now, &torn).is_empty());
    assembler.lost(now);
    assert!(push_at(&mut assembler, now, &rest).is_empty());
    assert!(assembler.needs_key());
    assert!(push_at(&mut assembler, now, &of(&mut packetizer, &delta, 5)).is_empty());
    // A key frame that lost its own beginning is none.
    let beheaded = of(&mut packetizer, &key, 6).split_off(1);
    assembler.lost(now);
    assert!(push_at(&mut assembler, now, &beheaded).is_empty());
    assert_eq!(push_at(&mut assembler, now, &of(&mut packetizer, &key, 7)).len(), 1);
    assert_eq!(push_at(&mut assembler, now, &of(&mut packetizer, &delta, 8)).len(), 1);
    assert_eq!(assembler.malformed(), 0, "the rest of what was lost is no fault of the peer's");
}

#[test]
fn when_no_key_frame_comes_whole_pictures_go_on_after_a_moment() {
    let (key, delta) = (slice(5, true, 3_000), slice(1, true, 3_000));
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    let mut packetizer = Packetizer::new(1);
    let start = Instant::now();
    let at = |millis| start + Duration::from_millis(millis);
    assert_eq!(push_at(&mut assembler, at(0), &of(&mut packetizer, &key, 1)).len(), 1);
    assembler.lost(at(40));
    assert!(push_at(&mut assembler, at(220), &of(&mut packetizer, &delta, 2)).is_empty());
    let shown = push_at(&mut assembler, at(240), &of(&mut packetizer, &delta, 3));
    assert_eq!(shown.iter().map(|picture| picture.flawed).collect::<Vec<_>>(), [true]);
    assert!(assembler.needs_key(), "it is still asked for");
    // The next loss costs its own picture and no more.
    let torn = of(&mut packetizer, &delta, 4).split_off(1);
    assembler.lost(at(380));
    assert!(push_at(&mut assembler, at(380), &torn).is_empty());
    assert_eq!(push_at(&mut assembler, at(420), &of(&mut packetizer, &delta, 5)).len(), 1);
    let shown = push_at(&mut assembler, at(460), &of(&mut packetizer, &key, 6));
    assert_eq!(shown.iter().map(|picture| picture.flawed).collect::<Vec<_>>(), [false]);
    assert!(!assembler.needs_key());
    assert_eq!(assembler.broken(), 2);
}

#[test]
fn what_nobody_took_is_followed_by_nothing_but_a_key_frame() {
    let (key, delta) = (slice(5, true, 3_000), slice(1, true, 3_000));
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    let mut packetizer = Packetizer::new(1);
    assert_eq!(push_all(&mut assembler, &of(&mut packetizer, &key, 1)).len(), 1);
    assembler.spoil();
    let late = Instant::now() + Duration::from_secs(9);
    assert!(push_at(&mut assembler, late, &of(&mut packetizer, &delta, 2)).is_empty());
    assert_eq!(push_at(&mut assembler, late, &of(&mut packetizer, &key, 3)).len(), 1);
}

#[test]
fn a_lost_first_slice_is_noticed() {
    let (key, delta) = (slice(5, true, 100), slice(1, false, 50));
    let mut assembler = Assembler::new(&single(&[SPS, PPS]));
    assert_eq!(push_all(&mut assembler, &packets(&single(&[&key]), 1, true)).len(), 1);
    assert!(push_all(&mut assembler, &packets(&single(&[&delta]), 2, true)).is_empty());
    assert!(assembler.needs_key());
}

#[test]
fn damaged_payloads_are_errors_and_lose_only_what_is_damaged() {
    for (payload, error, units) in [
        (&[][..], PayloadError::CutOff, 0),
        (&[0], PayloadError::Type(0), 0),
        (&[25, 1, 2], PayloadError::Type(25), 0),
        (&[31, 1, 2], PayloadError::Type(31), 0),
        (&[28], PayloadError::CutOff, 0),
        (&[28, 0x05, 1], PayloadError::Orphan, 0),
        (&[28, 0x45, 1], PayloadError::Orphan, 0),
        (&[24, 0], PayloadError::CutOff, 0),
        (&[24, 0, 9, 1], PayloadError::CutOff, 0),
        (&[24, 0, 2, 0x67, 1, 0], PayloadError::CutOff, 1),
    ] {
        let mut found = Vec::new();
        let result = Depacketizer::default().push(&Bytes::copy_from_slice(payload), &mut found);
        assert_eq!((result, found.len()), (Err(error), units), "{payload:?}");
    }
}

#[test]
fn fragments_in_one_packet_and_an_empty_aggregate_are_odd_but_whole() {
    let mut found = Vec::new();
    let mut depacketizer = Depacketizer::default();
    depacketizer.push(&Bytes::from_static(&[0x7c, 0xc5, 0x88, 1]), &mut found).unwrap();
    assert_eq!(found, [Bytes::from_static(&[0x65, 0x88, 1])]);
    depacketizer.push(&Bytes::from_static(&[24]), &mut found).unwrap();
    depacketizer.push(&Bytes::from_static(&[24, 0, 0]), &mut found).unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn a_fragment_that_never_ends_is_given_up() {
    let mut depacketizer = Depacketizer::default();
    let mut piece = vec![0x7c, 0x85];
    piece.resize(60_000, 1);
    let mut results = Vec::new();
    for _ in 0..80 {
        results.push(depacketizer.push(&Bytes::copy_from_slice(&piece), &mut Vec::new()));
        piece[1] = 0x05;
    }
    assert!(results.contains(&Err(PayloadError::TooLarge)));
}

#[test]
fn garbage_is_taken_without_a_panic() {
    use rand::{Rng, RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(2);
    let mut assembler = Assembler::new(&[]);
    for round in 0..50_000 {
        let mut bytes = vec![0; random.random_range(0..40)];
        random.fill_bytes(&mut bytes);
        if let Some(first) = bytes.first_mut() {
            *first = [0x67, 0x68, 0x65, 0x61, 0x78, 0x7c, *first][random.random_range(0..7)];
        }
        let packet = Packet { payload: bytes.into(), ..Packet::default() };
        let mut packet = packet;
        packet.header.timestamp = round / 3;
        packet.header.marker = random.random();
        if random.random_range(0..9) == 0 {
            assembler.lost(Instant::now());
        }
        assembler.push(Instant::now(), &packet, &mut Vec::new());
    }
}
