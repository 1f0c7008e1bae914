use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use vestibule_model::Timestamp;

use crate::error::OpenError;
use crate::key::Key;
use crate::keychain::{Keychain, KeychainError};
use crate::{Store, private};

/// The cache's file in the directory of the profile.
const FILE: &str = "cache.db";
/// Whoever opens the cache holds a lock on this file meanwhile.
const LOCK: &str = "cache.lock";
/// The name of the cache's key in the keychain.
const KEY: &str = "cache-key";

/// How it went with the cache and its key.
pub enum Opened {
    /// There was none; a new one was begun, with its key in the keychain.
    Fresh(Store),
    /// The cache is open.
    Ready(Store),
    /// The cache could not be read. It was kept aside, and a new one was begun.
    StartedAnew {
        /// The new one.
        store: Store,
        /// Where the old one is kept.
        kept_as: PathBuf,
        /// Why it could not be read.
        why: StartedAnew,
    },
    /// The keychain is locked. Nothing was changed; try again.
    KeychainLocked,
    /// There is no keychain. Nothing was changed.
    NoKeychain,
    /// The cache comes from a newer version of the program. It was left as it is.
    FromNewerVersion {
        /// Version of its tables.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The cache or the keychain fails in another way. Nothing was changed.
    Unusable(Box<dyn Error + Send + Sync>),
}

/// Why a new cache was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartedAnew {
    /// The file is damaged, or the key in the keychain is not the one that it was written with.
    Damaged,
    /// Its key is no longer in the keychain.
    KeyLost,
}

/// Opens the cache in `dir`, which is made if needed, with the key in `keychain`, and starts anew where the cache
/// cannot be read. Of two programs that do this at once, one waits for the other.
pub fn open_or_recover(dir: &Path, keychain: &dyn Keychain, now: Timestamp) -> Opened {
    let path = dir.join(FILE);
    match lock(dir)
        .map_err(Failure::from)
        .and_then(|_lock| open(&path, keychain, now))
    {
        Ok(opened) => opened,
        Err(Failure::Keychain(KeychainError::Locked)) => Opened::KeychainLocked,
        Err(Failure::Keychain(KeychainError::Absent)) => Opened::NoKeychain,
        Err(Failure::Keychain(error)) => Opened::Unusable(error.into()),
        Err(Failure::Open(OpenError::Newer { found, known })) => Opened::FromNewerVersion { found, known },
        Err(Failure::Open(error)) => Opened::Unusable(error.into()),
    }
}

enum Failure {
    Keychain(KeychainError),
    Open(OpenError),
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

/// Without it, two programs could each make a key, and the cache of the one would be lost to the key of the other.
fn lock(dir: &Path) -> io::Result<File> {
    private::create_dir(dir)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private::restrict(&mut options);
    let file = options.open(dir.join(LOCK))?;
    file.lock()?;
    Ok(file)
}

fn open(path: &Path, keychain: &dyn Keychain, now: Timestamp) -> Result<Opened, Failure> {
    // A file without a byte is what a program leaves that was stopped as it began one.
    let exists = match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        metadata => metadata?.len() > 0,
    };
    let Some(key) = stored_key(keychain)? else {
        // Only a keychain that takes the new key gives a reason to move the old cache away.
        let key = new_key(keychain)?;
        if !exists {
            return Ok(Opened::Fresh(Store::open(path, &key)?));
        }
        return start_anew(path, &key, now, StartedAnew::KeyLost);
    };
    match Store::open(path, &key) {
        Ok(store) if exists => Ok(Opened::Ready(store)),
        Ok(store) => Ok(Opened::Fresh(store)),
        Err(OpenError::Unreadable(error)) => {
            tracing::warn!(%error, "the cache cannot be read");
            // The key stays the same: it may yet open what was kept aside.
            start_anew(path, &key, now, StartedAnew::Damaged)
        }
        Err(error) => Err(error.into()),
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

fn start_anew(path: &Path, key: &Key, now: Timestamp, why: StartedAnew) -> Result<Opened, Failure> {
    let kept_as = Store::set_aside(path, now)?;
    tracing::warn!(kept_as = %kept_as.display(), ?why, "the cache was kept aside");
    Ok(Opened::StartedAnew {
        store: Store::open(path, key)?,
        kept_as,
        why,
    })
}
