//! Where an app lives.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vestibule_media::audio;
use vestibule_store::Keychain;

/// What an app is there for. Two may share a profile, but only one is the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Registers, rings, and tidies up after a crash.
    Phone,
    /// Registers beside the phone, as another installation, to see whether it works.
    Check,
    /// Reads and writes the cache, and stays off the network.
    Desk,
}

/// Where an app lives, and with what.
pub struct Profile {
    /// What it is there for.
    pub role: Role,
    /// Folder of the cache. Made when it is missing.
    pub dir: PathBuf,
    /// Where the key of the cache and the SIP password are kept.
    pub keychain: Arc<dyn Keychain>,
    /// Where SIP is listened for, UDP and TCP; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Address for sound and pictures; `None` takes the one that leads to the server.
    pub media_address: Option<IpAddr>,
    /// Sound devices of calls; `None` takes those of the settings.
    pub audio: Option<audio::Devices>,
    /// A WAV file that rings; `None` never makes a sound.
    pub ringtone: Option<&'static [u8]>,
}

/// The folder of the user's own profile; `None` when the system knows no home folder.
pub fn default_profile_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("org", "vestibule", "Vestibule").map(|dirs| dirs.data_dir().to_owned())
}

/// Under which name a profile's secrets lie in the system's keychain: two profiles never share one.
pub fn keychain_service(dir: &Path) -> String {
    match default_profile_dir() {
        Some(own) if own == dir => "org.vestibule.app".to_owned(),
        _ => {
            let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
            format!("org.vestibule.app {}", whole.display())
        }
    }
}
