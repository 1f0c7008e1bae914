//! What is heard on both sides.

use std::f32::consts::TAU;

use vestibule_sim::Setup;
use vestibule_sim::report::Report;
use vestibule_sim::sound::{Sound, TONES};

use crate::phone::{Talk, setup};

/// Samples in which the sound's tones have whole periods.
const WINDOW: usize = 400;

/// Share of a frequency in the power of a window, 0 to 1.
fn share(samples: &[f32], frequency: f32) -> f32 {
    let (mut real, mut imaginary, mut whole) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let angle = TAU * frequency * at as f32 / 8_000.0;
        real += sample * angle.cos();
        imaginary += sample * angle.sin();
        whole += sample * sample;
    }
    if whole > 0.0 {
        2.0 * (real * real + imaginary * imaginary) / (whole * samples.len() as f32)
    } else {
        0.0
    }
}

#[tokio::test]
async fn records_what_the_resident_says() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("heard.wav");
    let mut talk = Talk::begin(Setup { record: Some(record.clone()), ..setup() }).await;
    let said = Sound::write().unwrap();
    talk.ear.speak(said.path());
    // A second and a half of sound, by the phone's own count of what it sent; the pictures keep the time.
    while talk.ear.leg.stats().audio.packets_sent < 75 {
        talk.ear.see().await;
    }
    let Report::Ended { audio_received, .. } = talk.end().await else { panic!("no end") };
    assert!(audio_received > 50, "{audio_received}");

    let mut reader = hound::WavReader::open(&record).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (8_000, 1));
    let samples: Vec<f32> = reader.samples::<i16>().map(|sample| f32::from(sample.unwrap())).collect();
    // A busy machine loses some blocks, and each gap turns the phase: windows are looked at one by one.
    let clear = samples
        .chunks_exact(WINDOW)
        .filter(|window| TONES.iter().map(|tone| share(window, *tone)).sum::<f32>() > 0.9);
    assert!(clear.count() >= 10);
}
