//! The sound of a call through files and through ALSA.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, also in what its functions share"
)]

#[cfg(target_os = "linux")]
mod alsa;
mod files;

use std::{sync::mpsc, time::Duration};

use vestibule_media::audio::{Block, Devices, Duplex, Opened};

/// Long enough for any machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A duplex that plays a constant and hands on what happens.
struct Running {
    duplex: Duplex,
    opened: Opened,
    played: mpsc::Receiver<()>,
    captured: mpsc::Receiver<Block>,
}

fn open(devices: &Devices, level: i16) -> Running {
    let (asked, played) = mpsc::channel();
    let (heard, captured) = mpsc::channel();
    let (duplex, opened) = Duplex::open(
        devices,
        move |block| {
            block.fill(level);
            let _ = asked.send(());
        },
        move |block| {
            let _ = heard.send(*block);
        },
    );
    Running { duplex, opened, played, captured }
}

/// Waits for `count` events.
fn wait<T>(events: &mpsc::Receiver<T>, count: usize) -> Vec<T> {
    (0..count).map(|_| events.recv_timeout(PATIENCE).expect("the stream goes on")).collect()
}
