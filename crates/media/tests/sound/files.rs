//! WAV files and silence.

use std::path::Path;

use bytes::Bytes;
use vestibule_media::audio::{Devices, Opened, Ringer, Sink, Source, wav::Clip};

use super::{open, wait};

fn write(path: &Path, rate: u32, channels: u16, samples: &[i16]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for &sample in samples {
        writer.write_sample(sample).unwrap();
    }
    writer.finalize().unwrap();
}

#[test]
fn silence_asks_and_answers_with_nothing_real() {
    let running = open(&Devices { input: Source::Silence, output: Sink::Silence }, 0);
    assert_eq!(running.opened, Opened { microphone: false, speaker: false });
    wait(&running.played, 5);
    assert!(wait(&running.captured, 5).iter().all(|block| *block == [0; 160]));
}

#[test]
fn a_file_of_any_rate_and_channel_count_is_heard_again_and_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("visitor.wav");
    // 60 ms in stereo at 44.1 kHz, both channels at the same level.
    write(&path, 44_100, 2, &[8_000; 2 * 2_646]);
    let running = open(&Devices { input: Source::Wav(path), output: Sink::Silence }, 0);
    assert_eq!(running.opened, Opened { microphone: true, speaker: false });
    let blocks = wait(&running.captured, 12);
    // The clip's edges ring in the resampler's filter; its middle has the level.
    for round in blocks.chunks(3) {
        assert!(round[1].iter().all(|sample| (7_900..8_100).contains(sample)), "{:?}", round[1]);
    }
}

#[test]
fn what_is_played_is_in_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("loudspeaker.wav");
    let running = open(&Devices { input: Source::Silence, output: Sink::Wav(path.clone()) }, 16_384);
    assert_eq!(running.opened, Opened { microphone: false, speaker: true });
    wait(&running.played, 10);
    drop(running);
    let clip = Clip::open(&path).unwrap();
    assert_eq!(clip.rate(), 8_000);
    assert!(clip.samples().len() >= 10 * 160);
    let loud = clip.samples().iter().filter(|&&sample| sample == 0.5).count();
    assert!(loud >= 10 * 160, "{loud} samples");
}

#[test]
fn a_file_that_is_none_is_silent() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("not a sound.wav");
    std::fs::write(&path, "not a sound").unwrap();
    let nowhere = directory.path().join("no such folder").join("recording.wav");
    let running = open(&Devices { input: Source::Wav(path), output: Sink::Wav(nowhere) }, 0);
    assert_eq!(running.opened, Opened { microphone: false, speaker: false });
    wait(&running.played, 3);
    wait(&running.captured, 3);
}

#[test]
fn the_ringtone_rings_at_its_volume_until_it_is_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let tone = directory.path().join("tone.wav");
    write(&tone, 16_000, 1, &[16_384; 1_600]);
    let tone = Bytes::from(std::fs::read(tone).unwrap());
    let path = directory.path().join("heard.wav");

    let ringer = Ringer::start(tone, &Sink::Wav(path.clone()), 50);
    // The recording's header is written again and again: wait until it has more than two rounds of the tone.
    let deadline = std::time::Instant::now() + super::PATIENCE;
    while Clip::open(&path).map_or(0, |clip| clip.samples().len()) < 4_000 {
        assert!(std::time::Instant::now() < deadline, "it rings");
        std::thread::yield_now();
    }
    drop(ringer);

    let clip = Clip::open(&path).unwrap();
    assert_eq!(clip.rate(), 16_000, "a ringtone is not narrowed to the telephone's band");
    let loud = clip.samples().iter().filter(|&&sample| sample == 0.125).count();
    assert!(loud >= 4_000, "{loud} samples at a quarter of the tone's level");
}

#[test]
fn a_ringtone_that_is_none_is_silent() {
    let ringer = Ringer::start(Bytes::from_static(b"RIFF"), &Sink::Silence, 100);
    ringer.set_volume(10);
}
