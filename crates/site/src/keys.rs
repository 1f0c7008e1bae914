use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use thiserror::Error;
use vestibule_model::Secret;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::private;

/// Bytes of XChaCha20's nonce; so long that a random one never comes twice.
const NONCE: usize = 24;

/// The two keys of a server: one seals what must be shown again (PINs), the other makes it possible to look for it
/// without opening it.
///
/// They lie in a file beside the database, in no backup of it: who has only the one learns nothing.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Keys {
    seal: [u8; 32],
    mac: [u8; 32],
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeysError {
    /// The file could not be read or written.
    #[error("the file of keys could not be used")]
    Io(#[from] io::Error),
    /// Others may read the file.
    #[error("others may read the file of keys: chmod 600 it, and consider what was sealed as known")]
    Exposed,
    /// The file is not what [`Keys::create`] wrote.
    #[error("the file of keys is damaged")]
    Damaged,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
}

/// Something sealed that does not open: another key, another place, or somebody changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("what was sealed does not open with this key")]
pub(crate) struct Unsealed;

impl Keys {
    /// Makes new keys and writes them to a file that must not be there yet, mode 0600.
    pub fn create(path: &Path) -> Result<Self, KeysError> {
        let keys = Self::generate()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private::restrict(&mut options);
        let mut file = options.open(path)?;
        let text = Zeroizing::new(format!(
            "{}\n{}\n",
            STANDARD_NO_PAD.encode(keys.seal),
            STANDARD_NO_PAD.encode(keys.mac)
        ));
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(keys)
    }

    /// Reads the keys, unless others may read them too.
    pub fn read(path: &Path) -> Result<Self, KeysError> {
        if private::exposed(&fs::metadata(path)?) {
            return Err(KeysError::Exposed);
        }
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let mut lines = text.lines().map(|line| {
            let bytes = Zeroizing::new(STANDARD_NO_PAD.decode(line).map_err(|_| KeysError::Damaged)?);
            <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeysError::Damaged)
        });
        let mut next = || lines.next().unwrap_or(Err(KeysError::Damaged));
        Ok(Self { seal: next()?, mac: next()? })
    }

    fn generate() -> Result<Self, getrandom::Error> {
        let mut keys = Self { seal: [0; 32], mac: [0; 32] };
        getrandom::fill(&mut keys.seal)?;
        getrandom::fill(&mut keys.mac)?;
        Ok(keys)
    }

    /// Encrypts; `place` is where it will stand, and it opens nowhere else. The nonce comes first, 24 bytes.
    pub(crate) fn seal(&self, place: &[u8], secret: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let payload = Payload { msg: secret, aad: place };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::TooLong)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Self::seal`] gave for the same place.
    pub(crate) fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealed> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Unsealed)?;
        let payload = Payload { msg: sealed, aad: place };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| Unsealed)
    }

    /// The same, for a text.
    pub(crate) fn open_text(&self, place: &[u8], sealed: &[u8]) -> Result<Secret, Unsealed> {
        let bytes = self.open(place, sealed)?;
        std::str::from_utf8(&bytes).map(Secret::new).map_err(|_| Unsealed)
    }

    /// HMAC-SHA-256 over `place` and the secret: equal secrets of one place are equal here, and nothing more is said.
    pub(crate) fn mac(&self, place: &str, secret: &[u8]) -> [u8; 32] {
        // Any length of key is good for HMAC, so this never fails; the empty one is not reached.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.mac) else { return [0; 32] };
        // The length keeps what stands in the place from flowing into the secret.
        mac.update(&(place.len() as u64).to_be_bytes());
        mac.update(place.as_bytes());
        mac.update(secret);
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.seal.into())
    }
}

/// Why something could not be sealed.
#[derive(Clone, Copy, Debug, Error)]
pub(crate) enum SealError {
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    #[error("it is too long")]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_where_it_was_sealed_and_unchanged() {
        let keys = Keys::generate().unwrap();
        let sealed = keys.seal(b"pin 1", b"12345").unwrap();
        assert_eq!(keys.open_text(b"pin 1", &sealed).unwrap().reveal(), "12345");
        assert_ne!(sealed, keys.seal(b"pin 1", b"12345").unwrap());
        assert_eq!(keys.open(b"pin 2", &sealed).unwrap_err(), Unsealed);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(keys.open(b"pin 1", &changed).unwrap_err(), Unsealed, "{at}");
        }
        assert_eq!(keys.open(b"pin 1", b"short").unwrap_err(), Unsealed);
        assert_eq!(Keys::generate().unwrap().open(b"pin 1", &sealed).unwrap_err(), Unsealed);
    }

    #[test]
    fn a_file_of_keys_is_made_once_and_for_this_user_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys");
        let keys = Keys::create(&path).unwrap();
        assert_eq!(Keys::read(&path).unwrap().mac("a", b"b"), keys.mac("a", b"b"));
        assert_ne!(keys.mac("a", b"bc"), keys.mac("ab", b"c"));
        assert!(matches!(Keys::create(&path), Err(KeysError::Io(_))));
        fs::write(&path, "AAAA\n").unwrap();
        assert!(matches!(Keys::read(&path), Err(KeysError::Damaged)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(Keys::read(&path), Err(KeysError::Exposed)));
        }
    }
}
