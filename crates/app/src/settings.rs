//! Settings of this device, apart from the account.

use vestibule_ipc::{AudioDevices, Error, ErrorCode, ListAudioDevices, SaveSettings, TestRingtone};
use vestibule_media::audio;
use vestibule_model::Settings;

use crate::App;
use crate::storage::blocking;

impl App {
    /// See [`SaveSettings`].
    pub async fn save_settings(&self, ask: SaveSettings) -> Result<(), Error> {
        let audio = &ask.settings.audio;
        if audio.volume > 100 || audio.ring_volume > 100 {
            return Err(Error::new(ErrorCode::BadValue, "a level is from 0 to 100"));
        }
        if !ask.settings.quiet_hours.is_valid() {
            return Err(Error::new(ErrorCode::BadValue, "quiet hours are minutes of days from 1 to 7"));
        }
        let account = self.inner.hub.settings().account;
        self.keep_settings(Settings { account, ..ask.settings }).await?;
        self.update_ringtone();
        Ok(())
    }

    /// See [`ListAudioDevices`].
    pub async fn list_audio_devices(&self, _: ListAudioDevices) -> Result<AudioDevices, Error> {
        let names = blocking(audio::list).await?;
        Ok(AudioDevices { inputs: names.inputs, outputs: names.outputs })
    }

    /// See [`TestRingtone`].
    pub async fn test_ringtone(&self, _: TestRingtone) -> Result<(), Error> {
        self.inner.ring.test(&self.inner.hub.settings().audio).await
    }

    pub(crate) async fn keep_settings(&self, settings: Settings) -> Result<(), Error> {
        let kept = settings.clone();
        self.inner.storage.with(move |store| store.save_settings(&kept)).await?;
        self.inner.hub.set_settings(settings);
        Ok(())
    }
}
