use std::time::Duration;

use vestibule_media::Sending;
use vestibule_media::audio::wav::Clip;
use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_media::picture::Decoder;
use vestibule_media::sdp::VideoStream;

use crate::pair::{Camera, agreed, connected, until};

#[tokio::test(flavor = "multi_thread")]
async fn every_picture_arrives_and_decodes_in_both_packetization_modes() {
    for mode in [0, 1] {
        let (mut intercom, mut resident) = agreed().await;
        for side in [&mut intercom, &mut resident] {
            let video = side.session.video.take().expect("video was agreed");
            side.session.video = Some(VideoStream { packetization_mode: mode, ..video });
            side.leg.apply(side.session.clone());
        }
        let mut camera = Camera::new((mode == 0).then_some(1_100));
        let mut decoder = Decoder::new().expect("a decoder");
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        for index in 0..50_u32 {
            ticks.tick().await;
            let sent = camera.picture();
            intercom.leg.send_video(sent.clone());
            let seen = resident.picture().await;
            assert_eq!((seen.key, seen.timestamp), (sent.key, sent.timestamp), "picture {index}");
            assert_eq!(seen.timestamp, Duration::from_millis(40) * index);
            assert_eq!(seen.data, sent.data);
            let picture = decoder.decode(&seen.data).expect("it decodes").expect("at once");
            assert_eq!((picture.width(), picture.height()), (320, 240));
        }
        let stats = resident.leg.stats();
        assert_eq!((stats.frames, stats.keyframes, stats.frames_broken), (50, 1, 0));
        assert_eq!((stats.video.lost, stats.video.malformed, stats.video.strangers), (0, 0, 0));
        assert_eq!(stats.video.packets, intercom.leg.stats().video.packets_sent);
        intercom.leg.close().await;
        resident.leg.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hears_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let (intercom, resident) = connected().await;
    let tones = [440.0, 1_000.0];
    let mut files = Vec::new();
    for (side, tone) in [&intercom, &resident].into_iter().zip(tones) {
        let (spoken, heard) =
            (folder.path().join(format!("{tone}.wav")), folder.path().join(format!("not-{tone}.wav")));
        write_tone(&spoken, tone);
        let devices = Devices { input: Source::Wav(spoken), output: Sink::Wav(heard.clone()) };
        let leg = &side.leg;
        tokio::task::block_in_place(|| leg.open_audio(&devices));
        files.push(heard);
    }
    until(|| resident.leg.stats().audio_delay == Duration::ZERO).await;
    assert_eq!(resident.leg.stats().audio.packets, 0, "nothing is sent before the answer");
    intercom.leg.set_sending(Sending::Microphone);
    resident.leg.set_sending(Sending::Microphone);
    until(|| [&intercom, &resident].iter().all(|side| side.leg.stats().audio.packets > 100)).await;
    resident.leg.set_sending(Sending::Silence);
    let muted_at = intercom.leg.stats().audio.packets;
    until(|| intercom.leg.stats().audio.packets > muted_at + 20).await;
    let stats = resident.leg.stats();
    assert_eq!((stats.audio.lost, stats.audio.malformed, stats.audio.strangers), (0, 0, 0));
    intercom.leg.close().await;
    resident.leg.close().await;
    for (file, expected) in files.iter().zip(tones.iter().rev()) {
        let heard = Clip::open(file).expect("a recording");
        let [share_of_it, share_of_other] = [*expected, if *expected == 440.0 { 1_000.0 } else { 440.0 }]
            .map(|frequency| share(heard.samples(), heard.rate(), frequency));
        assert!(share_of_it > 0.5 && share_of_other < 0.05, "{expected} Hz: {share_of_it} {share_of_other}");
    }
}

fn write_tone(path: &std::path::Path, frequency: f64) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).expect("a file");
    for index in 0..8_000 {
        let phase = std::f64::consts::TAU * frequency * f64::from(index) / 8_000.0;
        writer.write_sample((8_000.0 * phase.sin()) as i16).expect("a sample");
    }
    writer.finalize().expect("a whole file");
}

/// Which part of a sound's power is of one frequency, over its loudest half second.
fn share(samples: &[f32], rate: u32, frequency: f64) -> f64 {
    let power = |window: &[f32]| window.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    let window = samples
        .chunks(rate as usize / 2)
        .max_by(|a, b| power(a).total_cmp(&power(b)))
        .expect("something was recorded");
    let (mut real, mut imaginary) = (0.0, 0.0);
    for (index, sample) in window.iter().enumerate() {
        let phase = std::f64::consts::TAU * frequency * index as f64 / f64::from(rate);
        real += f64::from(*sample) * phase.cos();
        imaginary += f64::from(*sample) * phase.sin();
    }
    (real.powi(2) + imaginary.powi(2)) * 2.0 / window.len() as f64 / power(window)
}
