//! Which profile: the user's own, one in a folder, or none that outlives the command.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use vestibule_app::audio::{Devices, Sink, Source};
use vestibule_app::{App, FileKeychain, Keychain, Profile, Role, SystemKeychain};
use vestibule_ipc::{GetState, StorageState};

#[derive(Args)]
pub(crate) struct ProfileArguments {
    /// Folder of the profile; the user's own when it is not given.
    #[arg(long, env = "VESTIBULE_PROFILE", global = true)]
    pub(crate) profile: Option<PathBuf>,
    /// Keep secrets in files that only this user can read, instead of the system's keychain.
    #[arg(long, global = true)]
    pub(crate) key_files: bool,
    /// Where SIP is listened for; port 0 takes any that is free.
    #[arg(long, default_value = "0.0.0.0:0", global = true)]
    listen: SocketAddr,
    /// Address for sound and pictures, where the one that leads to the server is not right.
    #[arg(long, global = true)]
    media_address: Option<IpAddr>,
    /// Speak from this WAV file instead of the microphone.
    #[arg(long, global = true)]
    speak: Option<PathBuf>,
    /// Record what is heard into this WAV file instead of the loudspeaker.
    #[arg(long, global = true)]
    record: Option<PathBuf>,
}

impl ProfileArguments {
    pub(crate) fn dir(&self) -> anyhow::Result<PathBuf> {
        match &self.profile {
            Some(dir) => Ok(dir.clone()),
            None => vestibule_app::default_profile_dir().context("this user has no home folder"),
        }
    }

    pub(crate) fn keychain(&self) -> anyhow::Result<Arc<dyn Keychain>> {
        let dir = self.dir()?;
        if self.key_files {
            return Ok(Arc::new(FileKeychain::new(dir.join("keys"))?));
        }
        let service = vestibule_app::keychain_service(&dir);
        Ok(Arc::new(SystemKeychain::new(service)))
    }

    /// Opens the profile, and fails when its cache cannot be used.
    pub(crate) async fn open(&self, role: Role) -> anyhow::Result<App> {
        let profile = Profile {
            role,
            dir: self.dir()?,
            keychain: self.keychain()?,
            listen: self.listen,
            media_address: self.media_address,
            audio: self.devices(),
            ringtone: None,
        };
        let app = App::start(profile).await?;
        match app.get_state(GetState {}).await?.storage {
            StorageState::Ready | StorageState::KeyInFile => Ok(app),
            StorageState::StartedAnew { kept_as, why } => {
                eprintln!("vestibule: the cache could not be used ({why:?}); it is kept as {kept_as}");
                Ok(app)
            }
            StorageState::KeychainLocked => bail!("the keychain is locked: unlock it, then try again"),
            StorageState::NoKeychain => {
                bail!("there is no keychain: start one, or keep secrets in files with --key-files")
            }
            StorageState::FromNewerVersion { found, known } => {
                bail!(
                    "the cache comes from a newer version (tables {found}, known {known}): update Vestibule"
                )
            }
            StorageState::Unusable { message } => bail!("the cache cannot be used: {message}"),
        }
    }

    fn devices(&self) -> Option<Devices> {
        if self.speak.is_none() && self.record.is_none() {
            return None;
        }
        Some(Devices {
            input: self.speak.clone().map_or(Source::Silence, Source::Wav),
            output: self.record.clone().map_or(Sink::Silence, Sink::Wav),
        })
    }
}
