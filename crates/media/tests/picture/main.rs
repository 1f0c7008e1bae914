//! Pictures through the codec and back.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, also in what its functions share"
)]

use std::time::{Duration, Instant};

use vestibule_media::picture::{Decoder, Encoder, EncoderSettings, I420, jpeg};

const WIDTH: u16 = 1280;
const HEIGHT: u16 = 720;

/// The start codes' places in an Annex B byte stream, with the NAL units after them.
fn nal_units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = (0..stream.len().saturating_sub(2))
        .filter(|&at| stream[at..at + 3] == [0, 0, 1])
        .map(|at| at + 3)
        .collect();
    let ends = starts.iter().skip(1).map(|&start| start - 3).chain([stream.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let unit = &stream[start..end];
            // A four-byte start code begins with a zero that belongs to no unit.
            unit.strip_suffix(&[0]).unwrap_or(unit)
        })
        .collect()
}

fn kinds(stream: &[u8]) -> Vec<u8> {
    nal_units(stream).iter().map(|unit| unit[0] & 0x1f).collect()
}

/// A scene with detail and movement: diagonal waves that wander, and noise that no codec can foresee.
fn scene(width: u16, height: u16, number: u32) -> I420 {
    let mut seed = number.wrapping_mul(2_654_435_761) | 1;
    let mut noise = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        (seed & 7) as u8
    };
    let (columns, rows) = (u32::from(width), u32::from(height));
    let mut data = Vec::new();
    for y in 0..rows {
        data.extend((0..columns).map(|x| ((x + y + number * 3) % 128) as u8 + 48 + noise()));
    }
    let (columns, rows) = (columns.div_ceil(2), rows.div_ceil(2));
    for _ in 0..rows {
        data.extend((0..columns).map(|x| 64 + (x * 128 / columns) as u8));
    }
    for y in 0..rows {
        data.extend((0..columns).map(|_| 64 + (y * 128 / rows) as u8));
    }
    I420::new(width, height, data).unwrap()
}

/// Mean of the squared differences of the luma.
fn difference(a: &I420, b: &I420) -> f64 {
    let ([a, ..], [b, ..]) = (a.planes(), b.planes());
    assert_eq!(a.len(), b.len());
    let sum: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    sum / a.len() as f64
}

fn at(number: u32) -> Duration {
    Duration::from_millis(40) * number
}

#[test]
fn what_is_encoded_is_decoded() {
    let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
    let mut decoder = Decoder::new().unwrap();
    for number in 0..5 {
        let picture = scene(WIDTH, HEIGHT, number);
        let coded = encoder.encode(&picture, at(number)).unwrap();
        assert_eq!(coded.key, number == 0);
        let decoded =
            decoder.decode(&coded.data).unwrap().expect("no reordering: each unit brings its picture");
        let difference = difference(&picture, &decoded);
        assert!(difference < 200.0, "picture {number}: {difference}");
    }
}

#[test]
fn every_size_is_cropped_as_the_stream_says() {
    for (width, height) in [(640, 360), (352, 288), (1278, 718), (16, 16), (1920, 1080)] {
        let picture = scene(width, height, 1);
        let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
        let coded = encoder.encode(&picture, at(0)).unwrap();
        let decoded = Decoder::new().unwrap().decode(&coded.data).unwrap().unwrap();
        assert_eq!((decoded.width(), decoded.height()), (width, height));
        assert!(difference(&picture, &decoded) < 400.0);
    }
}

#[test]
fn a_size_that_cannot_be_coded_is_an_error_and_the_next_picture_is_not() {
    let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
    assert!(encoder.encode(&scene(33, 32, 0), at(0)).is_err());
    assert!(encoder.encode(&scene(8, 8, 0), at(0)).is_err());
    let coded = encoder.encode(&scene(64, 64, 0), at(1)).unwrap();
    assert!(coded.key);
}

#[test]
fn a_key_frame_leads_with_its_parameter_sets_and_comes_when_asked_for() {
    let mut encoder =
        Encoder::new(EncoderSettings { key_interval: 0, ..EncoderSettings::default() }).unwrap();
    encoder.request_key_frame();
    let mut keys = Vec::new();
    for number in 0..12 {
        if number == 5 {
            encoder.request_key_frame();
        }
        if number == 9 {
            encoder.set_bitrate(400_000);
        }
        let coded = encoder.encode(&scene(320, 240, number), at(number)).unwrap();
        assert!(!coded.data.is_empty(), "no picture is skipped");
        if coded.key {
            keys.push(number);
            assert_eq!(kinds(&coded.data)[..3], [7, 8, 5]);
        } else {
            assert!(kinds(&coded.data).iter().all(|&kind| kind == 1));
        }
    }
    assert_eq!(keys, [0, 5, 9]);
}

#[test]
fn the_profile_is_constrained_baseline() {
    let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
    let coded = encoder.encode(&scene(WIDTH, HEIGHT, 0), at(0)).unwrap();
    let units = nal_units(&coded.data);
    // profile_idc 66, constraint_set0 and 1, level 3.1 (ITU-T H.264, section 7.3.2.1.1).
    assert_eq!((units[0][1], units[0][2] & 0xc0, units[0][3]), (66, 0xc0, 31), "{:02x?}", &units[0][..4]);
}

#[test]
fn every_nal_unit_fits_a_packet_of_packetization_mode_0() {
    let mut encoder = Encoder::new(EncoderSettings {
        max_nal: Some(1_200),
        bitrate: 4_000_000,
        ..EncoderSettings::default()
    })
    .unwrap();
    let mut decoder = Decoder::new().unwrap();
    for number in 0..5 {
        if number == 3 {
            encoder.request_key_frame();
        }
        let picture = scene(WIDTH, HEIGHT, number);
        let coded = encoder.encode(&picture, at(number)).unwrap();
        let longest = nal_units(&coded.data).iter().map(|unit| unit.len()).max().unwrap();
        assert!(longest <= 1_200, "picture {number}: {longest} bytes");
        assert_eq!(coded.key, number == 0 || number == 3);
        let decoded = decoder.decode(&coded.data).unwrap().unwrap();
        assert!(difference(&picture, &decoded) < 400.0);
    }
}

#[test]
fn the_bit_rate_is_kept() {
    for bitrate in [150_000, 600_000] {
        let settings = EncoderSettings { bitrate, key_interval: 0, ..EncoderSettings::default() };
        let mut encoder = Encoder::new(settings).unwrap();
        let bytes: usize = (0..75)
            .map(|number| encoder.encode(&scene(320, 240, number), at(number)).unwrap().data.len())
            .sum();
        let found = bytes as f64 * 8.0 / 3.0;
        let ratio = found / f64::from(bitrate);
        assert!((0.5..1.5).contains(&ratio), "{found} bits a second for {bitrate}");
    }
}

#[test]
fn a_stream_that_starts_in_the_middle_shows_nothing_until_its_key_frame() {
    let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
    let units: Vec<_> = (0..6)
        .map(|number| {
            if number == 4 {
                encoder.request_key_frame();
            }
            encoder.encode(&scene(320, 240, number), at(number)).unwrap().data
        })
        .collect();
    let mut decoder = Decoder::new().unwrap();
    for unit in &units[1..4] {
        assert!(!matches!(decoder.decode(unit), Ok(Some(_))));
    }
    assert!(decoder.decode(&units[4]).unwrap().is_some());
    assert!(decoder.decode(&units[5]).unwrap().is_some());
}

#[test]
fn damage_is_an_error_or_nothing_and_pictures_return_with_a_key_frame() {
    let mut encoder = Encoder::new(EncoderSettings::default()).unwrap();
    let key = encoder.encode(&scene(320, 240, 0), at(0)).unwrap().data;
    let next = encoder.encode(&scene(320, 240, 1), at(1)).unwrap().data;
    let mut decoder = Decoder::new().unwrap();
    let mut seed = 1u32;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize
    };
    for round in 0..300 {
        let mut bad = if round % 2 == 0 { key.clone() } else { next.clone() };
        match round % 3 {
            0 => bad.truncate(random() % bad.len()),
            1 => {
                let place = random() % bad.len();
                bad[place] ^= 1 << (random() % 8);
            }
            _ => {
                let place = random() % bad.len();
                let end = (place + 16).min(bad.len());
                bad[place..end].fill_with(|| random() as u8);
            }
        }
        let _ = decoder.decode(&bad);
        if round % 50 == 49 {
            // The first unit may still be refused while the damaged state is cleared.
            let shown = (0..3).any(|_| matches!(decoder.decode(&key), Ok(Some(_))));
            assert!(shown, "round {round}");
        }
    }
    for bytes in [&b""[..], b"\0", b"\0\0\0\x01", b"\0\0\0\x01\x67", b"\0\0\x01\x65\xff", &[0xff; 4_096]] {
        assert!(!matches!(decoder.decode(bytes), Ok(Some(_))));
    }
}

/// Not a test of anything: prints what a picture costs. `cargo test -p vestibule-media --test picture -- --ignored
/// --nocapture`
#[test]
#[ignore = "measures"]
fn what_a_picture_costs() {
    const COUNT: u32 = 50;
    let pictures: Vec<_> = (0..COUNT).map(|number| scene(WIDTH, HEIGHT, number)).collect();
    for max_nal in [None, Some(1_200)] {
        let mut encoder = Encoder::new(EncoderSettings { max_nal, ..EncoderSettings::default() }).unwrap();
        let start = Instant::now();
        let coded: Vec<_> = pictures
            .iter()
            .zip(0..)
            .map(|(picture, number)| encoder.encode(picture, at(number)).unwrap())
            .collect();
        println!("encode, NAL units of {max_nal:?} bytes: {:?} a picture", start.elapsed() / COUNT);

        let mut decoder = Decoder::new().unwrap();
        let start = Instant::now();
        for unit in &coded {
            decoder.decode(&unit.data).unwrap().unwrap();
        }
        println!("decode: {:?} a picture", start.elapsed() / COUNT);
    }
    let start = Instant::now();
    let small = jpeg(&pictures[0], 640).unwrap();
    println!("JPEG of 640 pixels: {:?}, {} bytes", start.elapsed(), small.len());
    let start = Instant::now();
    let large = jpeg(&pictures[0], WIDTH).unwrap();
    println!("JPEG of 1280 pixels: {:?}, {} bytes", start.elapsed(), large.len());
}
