use std::sync::Arc;

use keyring_core::{CredentialStore, Error, Result};
use windows_native_keyring_store::Store;

use crate::keychain::KeychainError;

pub(in crate::keychain) fn store() -> Result<Arc<CredentialStore>> {
    Store::new().map(|store| store as Arc<CredentialStore>)
}

/// It says that it is locked, instead of finding nothing.
pub(in crate::keychain) fn unlock(_: &CredentialStore, _: &str) -> Result<()> {
    Ok(())
}

/// It decides by itself whether to ask again.
pub(in crate::keychain) fn is_locked() -> bool {
    false
}

pub(in crate::keychain) fn classify(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::NoDefaultStore => KeychainError::Absent,
        // These hold what was read, which is nobody's business in a log.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeychainError::Other("the secret is malformed".into())
        }
        other => KeychainError::Other(other.into()),
    }
}
