//! The ringtone: it sounds while somebody rings and nobody silenced it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use vestibule_ipc::Error;
use vestibule_media::audio::{Ringer, Sink};
use vestibule_model::AudioSettings;

use crate::App;
use crate::storage::blocking;

/// How long a test of the ringtone is heard.
const TEST: Duration = Duration::from_secs(3);

pub(crate) struct Ring {
    tone: Option<&'static [u8]>,
    sounding: Mutex<Sounding>,
}

/// Opening a loudspeaker takes a while, so the wish may change while it is being done.
#[derive(Default)]
struct Sounding {
    wanted: bool,
    opening: bool,
    ringer: Option<Ringer>,
}

impl Ring {
    pub(crate) fn new(tone: Option<&'static [u8]>) -> Self {
        Self { tone, sounding: Mutex::default() }
    }

    pub(crate) async fn test(&self, audio: &AudioSettings) -> Result<(), Error> {
        let Some(tone) = self.tone else { return Ok(()) };
        let (sink, volume) = (sink(audio), audio.ring_volume);
        blocking(move || {
            let ringer = Ringer::start(Bytes::from_static(tone), &sink, volume);
            std::thread::sleep(TEST);
            drop(ringer);
        })
        .await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Sounding> {
        self.sounding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Starts or stops the ringtone, as the calls and the settings are now.
    pub(crate) fn update_ringtone(&self) {
        let Some(tone) = self.inner.ring.tone else { return };
        let audio = self.inner.hub.settings().audio;
        let wanted = self.inner.hub.wants_ringtone();
        let mut sounding = self.inner.ring.lock();
        sounding.wanted = wanted;
        if !wanted {
            // Closing a device may take a moment: not under the lock, and not here.
            let ringer = sounding.ringer.take();
            drop(sounding);
            tokio::task::spawn_blocking(move || drop(ringer));
            return;
        }
        if let Some(ringer) = &sounding.ringer {
            return ringer.set_volume(audio.ring_volume);
        }
        if std::mem::replace(&mut sounding.opening, true) {
            return;
        }
        drop(sounding);
        let app = self.clone();
        tokio::task::spawn_blocking(move || {
            let ringer = Ringer::start(Bytes::from_static(tone), &sink(&audio), audio.ring_volume);
            let mut sounding = app.inner.ring.lock();
            sounding.opening = false;
            // Answered while the device was being opened: it must not begin to ring now.
            let too_late = if sounding.wanted { sounding.ringer.replace(ringer) } else { Some(ringer) };
            drop(sounding);
            drop(too_late);
        });
    }
}

fn sink(audio: &AudioSettings) -> Sink {
    audio.ringer.clone().map_or(Sink::Default, Sink::Named)
}
