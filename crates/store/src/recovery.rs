use std::error::Error;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use vestibule_model::Timestamp;

use crate::error::OpenError;
use crate::key::Key;
use crate::keychain::{Keychain, KeychainError};
use crate::{Store, private, store};

/// The cache's file in the directory of the profile.
const FILE: &str = "cache.db";
/// The name of the cache's key in the keychain.
const KEY: &str = "cache-key";

/// The cache, as far as it could be opened.
pub struct Opened {
    /// The open cache; `None` in the states that say why there is none.
    pub store: Option<Store>,
    /// How it went.
    pub state: OpenState,
}

/// How it went with the cache and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// Open, with its key in the keychain. A profile without a cache got both.
    Ready,
    /// The file was damaged, or written with another key than the one in the keychain. A new cache was begun.
    Damaged {
        /// Where the old file is kept.
        kept_as: PathBuf,
    },
    /// The key is no longer in the keychain. A new cache was begun, with a new key.
    KeyLost {
        /// Where the old file is kept.
        kept_as: PathBuf,
    },
    /// The cache comes from a newer version of the program. It was left as it is and is not open.
    Newer {
        /// Version of its tables.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The keychain is locked. Nothing was changed and nothing is open; try again.
    KeychainLocked,
    /// There is no keychain. Nothing was changed and nothing is open.
    NoKeychain,
    /// The cache or the keychain fails in another way. Nothing is open.
    Unusable {
        /// English, for people who look into it.
        message: String,
    },
}

/// Opens the cache in `dir`, which is made if needed, with the key in `keychain`, and starts anew where the cache
/// cannot be read. Of two programs that do this at once, one waits for the other.
pub fn open_or_recover(dir: &Path, keychain: &dyn Keychain, now: Timestamp) -> Opened {
    let path = dir.join(FILE);
    match open(&path, keychain, now) {
        Ok((store, state)) => Opened { store: Some(store), state },
        Err(failure) => Opened { store: None, state: failure.into_state() },
    }
}

enum Failure {
    Keychain(KeychainError),
    Open(OpenError),
}

impl Failure {
    fn into_state(self) -> OpenState {
        match self {
            Self::Keychain(KeychainError::Locked) => OpenState::KeychainLocked,
            Self::Keychain(KeychainError::Absent) => OpenState::NoKeychain,
            Self::Keychain(error) => OpenState::Unusable { message: with_sources(&error) },
            Self::Open(OpenError::Newer { found, known }) => OpenState::Newer { found, known },
            Self::Open(error) => OpenState::Unusable { message: with_sources(&error) },
        }
    }
}

fn with_sources(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<KeychainError> for Failure {
    fn from(error: KeychainError) -> Self {
        Self::Keychain(error)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Open(OpenError::Io(error))
    }
}

fn open(path: &Path, keychain: &dyn Keychain, now: Timestamp) -> Result<(Store, OpenState), Failure> {
    if let Some(dir) = path.parent() {
        private::create_dir(dir)?;
    }
    // Else two programs could each make a key, and the cache of the one would be lost to the key of the other.
    let lock = store::lock(path)?;
    let Some(key) = stored_key(keychain)? else {
        // Only a keychain that takes the new key gives a reason to move the old cache away.
        let key = new_key(keychain)?;
        if is_empty(path)? {
            return Ok((Store::open_locked(path, &key, &lock)?, OpenState::Ready));
        }
        let kept_as = set_aside(path, now)?;
        return Ok((Store::open_locked(path, &key, &lock)?, OpenState::KeyLost { kept_as }));
    };
    match Store::open_locked(path, &key, &lock) {
        Err(OpenError::Unreadable(error)) => {
            tracing::warn!(%error, "the cache cannot be read");
            let kept_as = set_aside(path, now)?;
            // The key stays the same: it may yet open what was kept aside.
            Ok((Store::open_locked(path, &key, &lock)?, OpenState::Damaged { kept_as }))
        }
        opened => Ok((opened?, OpenState::Ready)),
    }
}

/// A file without a byte is what a program leaves that was stopped as it began one.
fn is_empty(path: &Path) -> io::Result<bool> {
    match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        metadata => Ok(metadata?.len() == 0),
    }
}

/// A key that cannot be one is as good as none.
fn stored_key(keychain: &dyn Keychain) -> Result<Option<Key>, KeychainError> {
    let Some(text) = keychain.get(KEY)?.map(zeroize::Zeroizing::new) else {
        return Ok(None);
    };
    match Key::from_hex(&text) {
        Ok(key) => Ok(Some(key)),
        Err(error) => {
            tracing::warn!(%error, "the keychain holds something else than the key of the cache");
            Ok(None)
        }
    }
}

/// Makes a key and puts it into the keychain, before anything is encrypted with it.
fn new_key(keychain: &dyn Keychain) -> Result<Key, KeychainError> {
    let key = Key::generate().map_err(|error| KeychainError::Other(error.into()))?;
    keychain.set(KEY, key.to_hex().as_bytes())?;
    Ok(key)
}

fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let kept_as = Store::set_aside(path, now)?;
    tracing::warn!(kept_as = %kept_as.display(), "the cache was kept aside");
    Ok(kept_as)
}
