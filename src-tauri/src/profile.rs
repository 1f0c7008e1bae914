//! Where a resident's things are kept, and the names under which the system knows this copy of the app.
//!
//! Two profiles never meet: each has its own folder, its own entries in the keychain, and its own name on the bus,
//! so that a demo runs beside the app that the resident uses every day.

use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::platform;

/// Name of the environment variable that holds the folder of another profile than the resident's own.
pub(crate) const PROFILE: &str = "VESTIBULE_PROFILE";
/// Name of the environment variable that holds the address and port to listen on for calls.
pub(crate) const LISTEN: &str = "VESTIBULE_LISTEN";

/// The port at which a device calls that was told nothing else (RFC 3261 section 19.1.2).
const SIP_PORT: u16 = 5060;

/// The folder of a profile, and what tells it from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The folder that holds the cache, the logs and what the windows keep.
    pub(crate) dir: PathBuf,
    /// Names this copy of the app on the bus.
    pub(crate) identifier: String,
    /// Whether this is the profile that the resident uses every day.
    pub(crate) everyday: bool,
}

impl Place {
    /// Takes the folder from [`PROFILE`], else the user's own, and makes it where it lacks.
    pub(crate) fn open(app: &str) -> anyhow::Result<Self> {
        let asked = std::env::var_os(PROFILE).filter(|dir| !dir.is_empty());
        let place = Self::choose(app, asked, vestibule_app::default_profile_dir())?;
        platform::private_folder(&place.dir).with_context(|| format!("making {}", place.dir.display()))?;
        Ok(place)
    }

    fn choose(app: &str, asked: Option<OsString>, everyday: Option<PathBuf>) -> anyhow::Result<Self> {
        let dir = match asked {
            Some(asked) => Some(std::path::absolute(asked).context("reading the folder of the profile")?),
            None => everyday.clone(),
        };
        let dir = dir.context("this system names no folder for the data of applications")?;
        let everyday = everyday.is_some_and(|everyday| everyday == dir);
        let identifier = if everyday { app.to_owned() } else { format!("{app}.p{:016x}", fingerprint(&dir)) };
        Ok(Self { dir, identifier, everyday })
    }

    /// Where the logs are.
    pub(crate) fn logs(&self) -> PathBuf {
        self.dir.join("logs")
    }

    /// Where the windows keep what a browser keeps.
    pub(crate) fn webview(&self) -> PathBuf {
        self.dir.join("webview")
    }
}

/// Where to listen for calls: at [`LISTEN`], else at the port that intercoms expect, else, where another program has
/// that one, at any: calls through a registrar come to every port.
pub(crate) fn listen() -> anyhow::Result<SocketAddr> {
    if let Ok(asked) = std::env::var(LISTEN) {
        return asked.parse().with_context(|| format!("{LISTEN}={asked} is no address with a port"));
    }
    let usual = SocketAddr::from((Ipv4Addr::UNSPECIFIED, SIP_PORT));
    Ok(if is_free(usual) { usual } else { SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)) })
}

fn is_free(address: SocketAddr) -> bool {
    let bound: io::Result<_> =
        UdpSocket::bind(address).and_then(|udp| Ok((udp, std::net::TcpListener::bind(address)?)));
    bound.is_ok()
}

/// FNV-1a of the path, 64 bits (draft-eastlake-fnv): two versions of the app have to agree on it to find each other,
/// which the hasher of the standard library does not promise.
fn fingerprint(dir: &Path) -> u64 {
    dir.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "org.vestibule.app";

    fn own() -> Option<PathBuf> {
        Some("/home/data".into())
    }

    #[test]
    fn the_everyday_profile_has_the_apps_own_name() {
        for asked in [None, Some("/home/data".into())] {
            let place = Place::choose(APP, asked, own()).unwrap();
            assert_eq!(place.dir, Path::new("/home/data"));
            assert_eq!((place.identifier.as_str(), place.everyday), (APP, true));
        }
    }

    #[test]
    fn two_profiles_share_no_name() {
        let place = |dir: &str| Place::choose(APP, Some(dir.into()), own()).unwrap();
        assert_ne!(place("/a").identifier, place("/b").identifier);
        assert!(!place("/a").everyday);
    }

    #[test]
    fn the_fingerprint_is_the_published_one() {
        assert_eq!(fingerprint(Path::new("foobar")), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_name_is_one_that_the_bus_takes() {
        let name = Place::choose(APP, Some("/0".into()), None).unwrap().identifier;
        assert!(
            name.split('.').all(|part| part.starts_with(|first: char| first.is_ascii_alphabetic())),
            "{name}"
        );
    }

    #[test]
    fn without_any_folder_it_is_said() {
        assert!(Place::choose(APP, None, None).is_err());
    }
}
