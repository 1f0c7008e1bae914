use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use super::{Keychain, KeychainError};
use crate::private;

/// Keeps each secret in a file of its own that only this user can read, for sessions without a keychain.
///
/// It protects from other users of the machine and from nothing else.
pub struct FileKeychain {
    dir: PathBuf,
}

impl FileKeychain {
    /// Keeps its files in `dir`, which is made if needed, for this user alone. One that others can write to is refused.
    pub fn new(dir: impl Into<PathBuf>) -> Result<Self, KeychainError> {
        let dir = dir.into();
        private::create_dir(&dir)?;
        if private::writable_by_others(&dir.metadata()?) {
            return Err(denied(
                "the directory of the secrets can be written to by others; it must have mode 0700",
            ));
        }
        Ok(Self { dir })
    }

    /// A name is taken for a file name as it is, so it may hold nothing that leads elsewhere.
    fn path(&self, name: &str) -> Result<PathBuf, KeychainError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(plain) {
            let message = "the name of a secret holds only a-z, 0-9, - and _";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message).into());
        }
        Ok(self.dir.join(name))
    }
}

impl Keychain for FileKeychain {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        let mut file = match File::open(self.path(name)?) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        // A secret that others could read or replace is none: say so, and let a person look into it.
        if private::exposed(&file.metadata()?) {
            return Err(denied("the file of the secret is open to others; it must have mode 0600"));
        }
        let mut secret = Vec::new();
        file.read_to_end(&mut secret)?;
        Ok(Some(secret))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let path = self.path(name)?;
        // tempfile gives its files the mode 0600; the dot keeps the name apart from those of secrets.
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.dir)?;
        file.write_all(secret)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        private::sync_dir(&self.dir)?;
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        match fs::remove_file(self.path(name)?) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => Ok(result.and_then(|()| private::sync_dir(&self.dir))?),
        }
    }
}

fn denied(message: &str) -> KeychainError {
    io::Error::new(io::ErrorKind::PermissionDenied, message).into()
}

impl From<io::Error> for KeychainError {
    fn from(error: io::Error) -> Self {
        Self::Other(error.into())
    }
}
