use std::time::{Duration, Instant};

use super::*;
use crate::audio::RATE;

/// Everything that is sent for these digits, with its time in ms.
fn sent(mut sender: DigitSender, start: Instant) -> Vec<(u64, Frame)> {
    let mut now = start;
    let mut frames = Vec::new();
    loop {
        match sender.poll(now) {
            Step::Send(frame) => frames.push(((now - start).as_millis() as u64, frame)),
            Step::Wait(until) => now = until,
            Step::Done => return frames,
        }
    }
}

#[test]
fn a_key_is_five_packets_and_three_ends() {
    let start = Instant::now();
    let frames = sent(DigitSender::events(start, "#1").unwrap(), start);
    let told: Vec<_> = frames
        .iter()
        .map(|(at, frame)| match frame {
            Frame::Event { event, first } => (*at, event.code, event.duration, event.end, *first),
            Frame::Sound(_) => panic!("no sound was asked for"),
        })
        .collect();
    let press = |at: u64, code: u8| {
        [(0, 160), (20, 320), (40, 480), (60, 640), (80, 800), (100, 800), (120, 800), (140, 800)]
            .map(move |(after, duration)| (at + after, code, duration, after >= 100, after == 0))
    };
    assert_eq!(told, [press(0, 11), press(160, 1)].concat());
}

#[test]
fn what_is_no_key_is_refused() {
    let now = Instant::now();
    for (digits, bad) in [("12x", 'x'), ("1,2", ','), ("٣", '٣'), ("1 2", ' ')] {
        assert_eq!(DigitSender::events(now, digits).unwrap_err(), bad);
        assert_eq!(DigitSender::tones(now, digits).unwrap_err(), bad);
    }
    assert!(sent(DigitSender::events(now, "").unwrap(), now).is_empty());
}

#[test]
fn every_key_has_a_code_and_back() {
    let keys = "0123456789*#ABCD";
    let codes: Vec<u8> = keys.chars().map(|key| code(key).unwrap()).collect();
    assert_eq!(codes, (0..16).collect::<Vec<u8>>());
    assert_eq!(codes.into_iter().map(|code| digit(code).unwrap()).collect::<String>(), keys);
    assert_eq!((code('d'), digit(16)), (Some(15), None));
}

#[test]
fn a_press_is_told_once_however_many_of_its_packets_come() {
    let event = |code, end| Event { code, end, volume: 10, duration: 800 }.to_bytes();
    let mut receiver = EventReceiver::default();
    let mut told = String::new();
    for (timestamp, code, end) in [
        (u32::MAX - 100, 1, false),
        (u32::MAX - 100, 1, false),
        (u32::MAX - 100, 1, true),
        (u32::MAX - 100, 1, true),
        // All but an end packet were lost; the timestamp has wrapped.
        (1_500, 1, true),
        // A straggler of the former press.
        (u32::MAX - 100, 1, true),
        (3_000, 10, false),
        // A flash hook is no key.
        (4_500, 16, false),
    ] {
        told.extend(receiver.push(timestamp, &event(code, end)).unwrap());
    }
    assert_eq!(told, "11*");
    receiver.restart();
    assert_eq!(receiver.push(5, &event(3, false)), Ok(Some('3')));
}

#[test]
fn payloads_are_read_as_they_are_written() {
    let event = Event { code: 11, end: true, volume: 10, duration: 800 };
    assert_eq!(event.to_bytes(), [11, 0x8a, 3, 32]);
    assert_eq!(Event::parse(&[11, 0x8a, 3, 32]), Ok(event));
    for short in [&[][..], &[1], &[1, 2, 3]] {
        assert!(Event::parse(short).is_err());
    }
}

/// Power of one frequency in a block of sound (Goertzel's algorithm).
fn power(samples: &[i16], frequency: f64) -> f64 {
    let coefficient = 2.0 * (std::f64::consts::TAU * frequency / f64::from(RATE)).cos();
    let (mut last, mut before) = (0.0, 0.0);
    for sample in samples {
        (last, before) = (f64::from(*sample) + coefficient * last - before, last);
    }
    last * last + before * before - coefficient * last * before
}

#[test]
fn a_tone_is_the_two_frequencies_of_its_key_and_lasts_100_ms() {
    let rows = [697.0, 770.0, 852.0, 941.0];
    let columns = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
    let start = Instant::now();
    for (index, key) in "123A456B789C*0#D".chars().enumerate() {
        let frames = sent(DigitSender::tones(start, &key.to_string()).unwrap(), start);
        let samples: Vec<i16> = frames
            .iter()
            .flat_map(|(_, frame)| match frame {
                Frame::Sound(block) => block.to_vec(),
                Frame::Event { .. } => panic!("no event was asked for"),
            })
            .collect();
        let (tone, gap) = samples.split_at(800);
        assert!(gap.len() == 480 && gap.iter().all(|sample| *sample == 0), "{key}");
        let strongest = |frequencies: [f64; 4]| {
            let powers = frequencies.map(|frequency| power(tone, frequency));
            (0..4).max_by(|a, b| powers[*a].total_cmp(&powers[*b])).unwrap()
        };
        assert_eq!((strongest(rows), strongest(columns)), (index / 4, index % 4), "{key}");
    }
}

#[test]
fn a_late_poll_catches_up() {
    let start = Instant::now();
    let mut sender = DigitSender::events(start, "5").unwrap();
    let late = start + Duration::from_millis(50);
    let mut sent = 0;
    while let Step::Send(_) = sender.poll(late) {
        sent += 1;
    }
    assert_eq!(sent, 3);
    assert_eq!(sender.poll(late), Step::Wait(start + Duration::from_millis(60)));
}
