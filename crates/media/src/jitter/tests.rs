use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use vestibule_model::AudioCodec;

use super::*;
use crate::audio::BLOCK;
use crate::h264::Packetizer;
use crate::rtp::{self, Packet, StreamSender};

const SPS: &[u8] = &[0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe9];
const PPS: &[u8] = &[0x68, 0xce, 0x3c, 0x80];
const FRAME: Duration = Duration::from_millis(40);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Pictures of 3000 bytes, 25 a second, with a key frame every `group`; each with when it was sent.
fn video(
    sender: &mut StreamSender,
    first_timestamp: u32,
    pictures: u32,
    group: u32,
) -> Vec<(Duration, Packet)> {
    let mut packetizer = Packetizer::new(1);
    let mut all = Vec::new();
    for index in 0..pictures {
        let mut unit = BytesMut::new();
        let key = index % group == 0;
        if key {
            for set in [SPS, PPS] {
                unit.put_slice(&[0, 0, 0, 1]);
                unit.put_slice(set);
            }
        }
        unit.put_slice(&[0, 0, 0, 1, if key { 0x65 } else { 0x61 }, 0x88]);
        unit.put_bytes(0x55, 3_000);
        let payloads = packetizer.payloads(&unit.freeze());
        let timestamp = first_timestamp.wrapping_add(index * 3_600);
        for (number, payload) in payloads.iter().enumerate() {
            let packet = sender.packet(96, number + 1 == payloads.len(), timestamp, payload);
            all.push((FRAME * index, rtp::parse(packet).unwrap()));
        }
    }
    all
}

/// Runs packets with their times of arrival through a buffer; gives pictures with when they came out.
fn run(
    buffer: &mut VideoBuffer,
    start: Instant,
    packets: &[(Duration, Packet)],
) -> Vec<(Duration, u32, bool)> {
    let mut out = Vec::new();
    let mut pictures = Vec::new();
    for (at, packet) in packets {
        let now = start + *at;
        while let Some(deadline) = buffer.deadline().filter(|deadline| *deadline <= now) {
            buffer.expire(deadline, &mut pictures);
            out.extend(pictures.drain(..).map(|p| (deadline - start, p.timestamp, p.key)));
        }
        buffer.push(now, packet.clone(), &mut pictures);
        out.extend(pictures.drain(..).map(|p| (*at, p.timestamp, p.key)));
    }
    while let Some(deadline) = buffer.deadline() {
        buffer.expire(deadline, &mut pictures);
        out.extend(pictures.drain(..).map(|p| (deadline - start, p.timestamp, p.key)));
    }
    out
}

#[test]
fn in_order_every_picture_comes_out_at_its_last_packet() {
    // Sequence numbers and timestamps both wrap on the way.
    let mut sender = StreamSender::new(1, 65_500);
    let first = u32::MAX - 20 * 3_600;
    let packets = video(&mut sender, first, 50, 25);
    let out = run(&mut VideoBuffer::new(&[]), Instant::now(), &packets);
    let expected: Vec<_> =
        (0..50).map(|index| (FRAME * index, first.wrapping_add(index * 3_600), index % 25 == 0)).collect();
    assert_eq!(out, expected);
}

#[test]
fn reordered_and_doubled_packets_change_nothing_but_the_moment() {
    let mut packets = video(&mut StreamSender::new(1, 1), 0, 50, 25);
    // One packet in seven comes 30 ms late, one in five twice.
    let mut shaken: Vec<(Duration, Packet)> = Vec::new();
    for (index, (at, packet)) in packets.drain(..).enumerate() {
        let late = if index % 7 == 3 { ms(30) } else { Duration::ZERO };
        shaken.push((at + late, packet.clone()));
        if index % 5 == 0 {
            shaken.push((at + late + ms(1), packet));
        }
    }
    shaken.sort_by_key(|(at, _)| *at);
    let mut buffer = VideoBuffer::new(&[]);
    let out = run(&mut buffer, Instant::now(), &shaken);
    assert_eq!(
        out.iter().map(|(_, timestamp, _)| *timestamp).collect::<Vec<_>>(),
        (0..50).map(|i| i * 3_600).collect::<Vec<_>>()
    );
    assert!(out.iter().enumerate().all(|(index, (at, ..))| *at <= FRAME * index as u32 + ms(30)));
    assert!(buffer.duplicates() + buffer.late() > 20);
    assert_eq!(buffer.broken(), 0);
}

#[test]
fn a_missing_packet_is_waited_for_and_then_given_up() {
    let mut packets = video(&mut StreamSender::new(1, 1), 0, 30, 8);
    let lost = packets.iter().position(|(_, packet)| packet.header.timestamp == 4 * 3_600).unwrap();
    packets.remove(lost);
    let mut buffer = VideoBuffer::new(&[]);
    let out = run(&mut buffer, Instant::now(), &packets);
    let shown: Vec<u32> = out.iter().map(|(_, timestamp, _)| timestamp / 3_600).collect();
    assert_eq!(shown, [(0..4).collect::<Vec<_>>(), (8..30).collect()].concat());
    assert_eq!(buffer.broken(), 4);
    let (packets, _, lost, _) = buffer.source().totals();
    assert_eq!((packets, lost), (30 * 3 + 4 - 1, 1));
}

#[test]
fn late_packets_make_the_wait_longer_within_its_bounds() {
    let start = Instant::now();
    let packets = video(&mut StreamSender::new(1, 1), 0, 3, 1);
    let mut buffer = VideoBuffer::new(&[]);
    let mut out = Vec::new();
    let mut push = |buffer: &mut VideoBuffer, index: usize, at: u64| {
        buffer.push(start + ms(at), packets[index].1.clone(), &mut out);
    };
    push(&mut buffer, 0, 0);
    push(&mut buffer, 2, 0);
    assert_eq!(buffer.deadline(), Some(start + ms(40)));
    push(&mut buffer, 1, 30);
    assert_eq!(buffer.deadline(), None);
    push(&mut buffer, 4, 100);
    assert_eq!(buffer.deadline(), Some(start + ms(160)));
    push(&mut buffer, 3, 155);
    push(&mut buffer, 6, 200);
    assert_eq!(buffer.deadline(), Some(start + ms(280)));
}

#[test]
fn with_two_percent_lost_most_pictures_come_through() {
    use rand::{RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(5);
    let mut packets = video(&mut StreamSender::new(1, 1), 0, 1_000, 25);
    packets.retain(|_| random.random_range(0..100) >= 2);
    // Reordering of up to 20 ms on top.
    for (at, _) in &mut packets {
        *at += ms(random.random_range(0..20));
    }
    packets.sort_by_key(|(at, _)| *at);
    let mut buffer = VideoBuffer::new(&[]);
    let out = run(&mut buffer, Instant::now(), &packets);
    assert!(out.len() > 600, "{} of 1000", out.len());
    assert!(out[0].2, "it begins with a key frame");
    for pair in out.windows(2) {
        let gap = (pair[1].1 - pair[0].1) / 3_600;
        assert!(gap <= 10, "it never stands still for long: {gap} pictures");
    }
    assert_eq!(out.len() as u64 + buffer.broken(), 1_000, "every picture is shown or counted");
}

#[test]
fn a_new_ssrc_begins_anew_at_its_key_frame() {
    let mut packets = video(&mut StreamSender::new(1, 60_000), 900_000, 5, 5);
    let second = video(&mut StreamSender::new(2, 7), 100, 5, 5);
    packets.extend(second.into_iter().map(|(at, packet)| (at + FRAME * 5, packet)));
    let out = run(&mut VideoBuffer::new(&[]), Instant::now(), &packets);
    assert_eq!(out.len(), 10);
    assert_eq!((out[5].1, out[5].2), (100, true));
}

#[test]
fn a_flood_behind_a_gap_does_not_pile_up() {
    let packets = video(&mut StreamSender::new(1, 1), 0, 700, 1_000);
    let start = Instant::now();
    let mut buffer = VideoBuffer::new(&[]);
    let mut out = Vec::new();
    for (index, (_, packet)) in packets.iter().enumerate().filter(|(index, _)| *index != 10) {
        buffer.push(start + Duration::from_micros(index as u64), packet.clone(), &mut out);
    }
    assert!(buffer.broken() > 0, "the gap was given up without a wait");
}

/// A block of sound, sent `at` ms after the beginning, whose samples say which block it is.
fn sound(sender: &mut StreamSender, index: u32) -> Packet {
    let value = crate::g711::encode(AudioCodec::Pcma, loudness(index));
    rtp::parse(sender.packet(8, false, 5_000_u32.wrapping_add(index * 160), &[value; BLOCK])).unwrap()
}

fn loudness(index: u32) -> i16 {
    (1_000 + index % 20 * 1_000) as i16
}

/// The block that these samples are of, if they are one's.
fn heard(block: &[i16; BLOCK]) -> Option<u32> {
    (0..20).find(|index| {
        (i32::from(block[BLOCK - 1]) - i32::from(loudness(*index))).abs() < 400
            && block[0] == block[BLOCK - 1]
    })
}

#[test]
fn a_steady_stream_plays_whole_with_40_ms_of_delay() {
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 65_530);
    let mut playout = Playout::new(AudioCodec::Pcma);
    let mut played = Vec::new();
    for index in 0..200_u32 {
        playout.push(start + ms(20) * index, &sound(&mut sender, index));
        played.push(heard(&playout.pull()));
    }
    let delay = played.iter().position(|block| *block == Some(0)).unwrap();
    assert!(delay <= 2, "{delay}");
    for (index, block) in played.iter().skip(delay).enumerate() {
        assert_eq!(*block, Some(index as u32 % 20));
    }
    assert_eq!((playout.concealed(), playout.skipped(), playout.late()), (0, 0, 0));
}

#[test]
fn a_lost_packet_is_covered_by_a_fading_repeat() {
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 1);
    let mut playout = Playout::new(AudioCodec::Pcma);
    let mut blocks = Vec::new();
    for index in 0..30_u32 {
        let packet = sound(&mut sender, index);
        if index != 10 {
            playout.push(start + ms(20) * index, &packet);
        }
        blocks.push(playout.pull());
    }
    assert_eq!(playout.concealed(), 1);
    let at = blocks.iter().position(|block| heard(block) == Some(9)).unwrap();
    let covered = i32::from(blocks[at + 1][0]);
    assert!(covered > 0 && covered < i32::from(blocks[at][0]), "{covered}");
    assert_eq!(heard(&blocks[at + 2]), Some(11));
}

#[test]
fn a_stall_is_silence_and_its_delay_goes_away_again() {
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 1);
    let mut playout = Playout::new(AudioCodec::Pcma);
    let mut index = 0;
    let mut deepest = Duration::ZERO;
    // At block 50 nothing comes for 300 ms, then all of it at once.
    for tick in 0..600_u32 {
        let until = if (50..65).contains(&tick) { 50 } else { tick };
        while index <= until && index < 600 {
            playout.push(start + ms(20) * tick, &sound(&mut sender, index));
            index += 1;
        }
        deepest = deepest.max(playout.delay());
        let block = playout.pull();
        if (58..64).contains(&tick) {
            assert_eq!(block, [0; BLOCK], "tick {tick}");
        }
    }
    assert!(deepest <= ms(320), "{deepest:?}");
    assert!(playout.delay() <= ms(80), "{:?}", playout.delay());
    assert!(playout.skipped() > 0);
}

#[test]
fn a_sender_with_a_faster_clock_does_not_build_up_delay() {
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 1);
    let mut playout = Playout::new(AudioCodec::Pcma);
    let mut index = 0;
    for tick in 0..6_000_u64 {
        // 1 % fast.
        while u64::from(index) * 100 <= tick * 101 {
            playout.push(start + ms(20) * tick as u32, &sound(&mut sender, index));
            index += 1;
        }
        playout.pull();
        assert!(playout.delay() <= ms(140), "{:?} at {tick}", playout.delay());
    }
}

#[test]
fn jitter_deepens_the_buffer_within_its_bounds() {
    use rand::{RngExt, SeedableRng};
    let mut random = rand::rngs::StdRng::seed_from_u64(6);
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 1);
    let mut playout = Playout::new(AudioCodec::Pcma);
    let mut arrivals: Vec<(u64, Packet)> = (0..1_000)
        .map(|index| (u64::from(index) * 20 + random.random_range(0..60), sound(&mut sender, index)))
        .collect();
    arrivals.sort_by_key(|(at, _)| *at);
    let mut arrivals = arrivals.into_iter().peekable();
    let mut concealed_early = 0;
    for tick in 0..1_000_u64 {
        while let Some((at, packet)) = arrivals.next_if(|(at, _)| *at <= tick * 20) {
            playout.push(start + ms(at), &packet);
        }
        playout.pull();
        assert!(playout.delay() <= ms(220));
        if tick == 200 {
            concealed_early = playout.concealed();
        }
    }
    let later = playout.concealed() - concealed_early;
    assert!(later < 40, "{later} of 800 blocks were made up once the jitter was known");
}

#[test]
fn packets_of_other_lengths_and_odd_ones_are_played() {
    let start = Instant::now();
    let mut sender = StreamSender::new(1, 1);
    let mut playout = Playout::new(AudioCodec::Pcmu);
    let mut timestamp = u32::MAX - 1_000;
    for index in 0..40_u32 {
        // 30 ms each; every tenth is empty, every eleventh absurdly long.
        let length = if index % 11 == 10 { 60_000 } else { 240 };
        let packet =
            sender.packet(0, false, timestamp, &vec![0x20; if index % 10 == 9 { 0 } else { length }]);
        playout.push(start + ms(30) * index, &rtp::parse(packet).unwrap());
        timestamp = timestamp.wrapping_add(240);
        playout.pull();
    }
    assert!(playout.delay() <= ms(300));
    let other = Bytes::from_static(&[0x80, 0, 9, 9, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 9, 0x20, 0x20]);
    playout.push(start + ms(1_300), &rtp::parse(other).unwrap());
    playout.pull();
}
