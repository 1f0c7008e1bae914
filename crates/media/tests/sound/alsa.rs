//! ALSA devices as a configuration file makes them, so that no sound card is needed: pipes whose other end a thread
//! fills and empties like a device's clock, and devices that do not work.
//!
//! ALSA reads its configuration from the environment, so each test runs itself again in a process of its own.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use cpal::traits::{DeviceTrait, HostTrait};
use vestibule_media::audio::{self, Devices, Duplex, Opened, Sink, Source};

use super::{open, wait};

const DIRECTORY: &str = "VESTIBULE_TEST_SOUND";

/// Runs the test called `name` with `configuration` for ALSA, in which `DIR` stands for a folder of its own.
/// Returns that folder to the inner process, and nothing to the outer one, which has seen the test succeed.
fn with_alsa(name: &str, configuration: &str) -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return Some(directory.into());
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("asound.conf");
    let text = configuration.replace("DIR", directory.path().to_str().unwrap());
    std::fs::write(&path, text).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("alsa::{name}"), "--nocapture", "--test-threads=1"])
        .env("ALSA_CONFIG_PATH", &path)
        .env(DIRECTORY, directory.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}{errors}", String::from_utf8_lossy(&output.stdout));
    // But for what ALSA's own end of a pipe has to say about the other.
    let noise = errors.lines().find(|line| line.contains("ALSA lib") && !line.contains("pcm_file"));
    assert_eq!(noise, None, "ALSA writes to stderr");
    None
}

/// Two devices on pipes: the default one, and one with a name.
const PIPES: &str = r#"
pcm.null { type null }
pcm.speaker { type file slave.pcm "null" file "DIR/speaker" format "raw" }
pcm.microphone { type file slave.pcm "null" file "/dev/null" infile "DIR/microphone" format "raw" }
pcm.!default { type asym playback.pcm "speaker" capture.pcm "microphone" }
pcm.hall {
    type asym playback.pcm "speaker" capture.pcm "microphone"
    hint { show on description "Hall" }
}
"#;

/// The other ends of the pipes: take and bring samples as fast as a device with a clock.
struct Card {
    stop: Arc<AtomicBool>,
    frames: Arc<AtomicU64>,
    speaker: JoinHandle<Vec<f32>>,
    microphone: JoinHandle<()>,
}

/// What cpal makes of these devices, which accept everything.
const RATE: u64 = 48_000;
const CHANNELS: usize = 2;
const FRAME: usize = CHANNELS * size_of::<f32>();

/// Bytes in 10 ms: less than PIPE_BUF, so that a pipe takes them whole or not at all.
const PERIOD: usize = RATE as usize / 100 * FRAME;

impl Card {
    /// Plugs the card in. Its microphone hears a constant `level`.
    fn plug_in(directory: &Path, level: f32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let frames = Arc::new(AtomicU64::new(0));

        let mut pipe = open_pipe(&directory.join("speaker"));
        let (ended, count) = (Arc::clone(&stop), Arc::clone(&frames));
        let speaker = thread::spawn(move || {
            let mut played = Vec::new();
            let mut buffer = [0; PERIOD];
            tick(&ended, || {
                // An empty pipe: nobody plays.
                let read = pipe.read(&mut buffer).unwrap_or(0);
                played.extend_from_slice(&buffer[..read]);
                count.fetch_add((read / FRAME) as u64, Ordering::Relaxed);
            });
            played.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
        });

        let mut pipe = open_pipe(&directory.join("microphone"));
        let ended = Arc::clone(&stop);
        let microphone = thread::spawn(move || {
            let sound = level.to_le_bytes().repeat(PERIOD / size_of::<f32>());
            // A full pipe: nobody listens.
            tick(&ended, || drop(pipe.write(&sound)));
        });
        Self { stop, frames, speaker, microphone }
    }

    /// Frames that the loudspeaker has taken.
    fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    /// Unplugs the card and returns what its loudspeaker has played.
    fn unplug(self) -> Vec<f32> {
        self.stop.store(true, Ordering::Relaxed);
        self.microphone.join().unwrap();
        self.speaker.join().unwrap()
    }
}

/// A pipe that this end has open both ways, so that the other end's opening does not wait, and without blocking.
fn open_pipe(path: &Path) -> File {
    /// `O_NONBLOCK` of Linux.
    const NONBLOCKING: i32 = 0o4000;
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    OpenOptions::new().read(true).write(true).custom_flags(NONBLOCKING).open(path).unwrap()
}

/// Calls `period` for every 10 ms of the card's clock.
fn tick(stop: &AtomicBool, mut period: impl FnMut()) {
    let mut due = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        period();
        due += Duration::from_millis(10);
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

const BOTH: Opened = Opened { microphone: true, speaker: true };
const NONE: Opened = Opened { microphone: false, speaker: false };

fn defaults() -> Devices {
    Devices { input: Source::Default, output: Sink::Default }
}

#[test]
fn the_default_devices_carry_sound_both_ways_at_their_own_pace() {
    let Some(directory) = with_alsa("the_default_devices_carry_sound_both_ways_at_their_own_pace", PIPES)
    else {
        return;
    };
    let card = Card::plug_in(&directory, 0.25);
    let config = cpal::default_host().default_output_device().unwrap().default_output_config().unwrap();
    assert_eq!(
        (u64::from(config.sample_rate()), usize::from(config.channels()), config.sample_format()),
        (RATE, CHANNELS, cpal::SampleFormat::F32)
    );

    let running = open(&defaults(), 16_384);
    assert_eq!(running.opened, BOTH);

    let captured = wait(&running.captured, 100);
    let heard = captured.last().unwrap();
    assert!(heard.iter().all(|sample| (8_100..8_300).contains(sample)), "0.25 of full scale: {heard:?}");

    // Half a second of rings and pipes more than the card has taken, at most.
    let mut asked = running.played.try_iter().count() as u64 * 20;
    let taken = card.frames() * 1_000 / RATE;
    assert!(asked <= taken + 500, "{asked} ms asked for, {taken} ms taken");

    let sound = card.unplug();
    let loud = sound.iter().filter(|sample| (0.49..0.51).contains(*sample)).count();
    // And no less than it has played. What it plays while a busy machine is late is silence, and nobody's.
    asked += running.played.try_iter().count() as u64 * 20;
    let played = (loud / CHANNELS) as u64 * 1_000 / RATE;
    assert!(asked >= played, "{asked} ms asked for, {played} ms played");
    assert!(loud * 10 >= sound.len() * 8, "{loud} of {} samples have the level", sound.len());
}

#[test]
fn a_device_is_found_by_its_name_and_a_missing_one_is_silent() {
    let Some(directory) = with_alsa("a_device_is_found_by_its_name_and_a_missing_one_is_silent", PIPES)
    else {
        return;
    };
    let card = Card::plug_in(&directory, 0.5);
    let names = audio::list();
    assert_eq!((names.inputs, names.outputs), (vec!["Hall".to_owned()], vec!["Hall".to_owned()]));

    let hall =
        Devices { input: Source::Named("Hall".to_owned()), output: Sink::Named("No such device".to_owned()) };
    let running = open(&hall, 0);
    assert_eq!(running.opened, Opened { microphone: true, speaker: false });
    wait(&running.played, 10);
    assert!(wait(&running.captured, 50).last().unwrap().iter().all(|sample| *sample > 16_000));

    // The same device again, as after a change in the settings.
    drop(running);
    let swapped = Devices { input: Source::Silence, output: Sink::Named("Hall".to_owned()) };
    assert_eq!(open(&swapped, 0).opened, Opened { microphone: false, speaker: true });
    card.unplug();
}

#[test]
fn without_a_sound_card_the_call_is_silent_and_so_is_alsa() {
    let configuration = r#"
        pcm.hw { @args [ CARD ] @args.CARD { type string } type hw card $CARD }
        pcm.!default { type hw card 31 }
    "#;
    if with_alsa("without_a_sound_card_the_call_is_silent_and_so_is_alsa", configuration).is_none() {
        return;
    }
    let running = open(&defaults(), 0);
    assert_eq!(running.opened, NONE);
    wait(&running.played, 3);
    assert_eq!(wait(&running.captured, 3), [[0; 160]; 3]);
    let names = audio::list();
    assert!(!names.inputs.contains(&"No such device".to_owned()));
}

#[test]
fn a_device_without_a_clock_is_given_up_and_the_call_goes_on() {
    let configuration = "pcm.!default { type null }";
    if with_alsa("a_device_without_a_clock_is_given_up_and_the_call_goes_on", configuration).is_none() {
        return;
    }
    let running = open(&defaults(), 0);
    until(&running.duplex, NONE);
    // What came so far may still be the device's; what comes after that is the silence's.
    let _ = (running.played.try_iter().count(), running.captured.try_iter().count());
    wait(&running.played, 5);
    wait(&running.captured, 5);
}

#[test]
fn a_card_that_is_unplugged_leaves_silence_behind() {
    let Some(directory) = with_alsa("a_card_that_is_unplugged_leaves_silence_behind", PIPES) else {
        return;
    };
    let card = Card::plug_in(&directory, 0.25);
    let running = open(&defaults(), 0);
    assert_eq!(running.opened, BOTH);
    wait(&running.captured, 10);
    card.unplug();
    until(&running.duplex, NONE);
    assert!(wait(&running.captured, 100).last().unwrap().iter().all(|sample| *sample == 0));
    wait(&running.played, 10);
}

/// Waits until `duplex` has what is `wanted`.
fn until(duplex: &Duplex, wanted: Opened) {
    let deadline = Instant::now() + super::PATIENCE;
    while duplex.opened() != wanted {
        assert!(Instant::now() < deadline, "{:?}", duplex.opened());
        thread::yield_now();
    }
}
