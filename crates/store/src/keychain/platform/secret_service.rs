use std::sync::Arc;

use keyring_core::{CredentialStore, Error as KeyringError, Result};
use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error as ServiceError};
use zbus_secret_service_keyring_store::Store;

use crate::keychain::KeychainError;

/// Name of an entry that is written and removed again to have the keyring unlocked.
const PROBE: &str = "unlock-probe";

pub(in crate::keychain) fn store() -> Result<Arc<CredentialStore>> {
    Store::new().map(|store| store as Arc<CredentialStore>)
}

/// Makes sure that a secret that was not found is not there.
///
/// Some services (KDE's, KeePassXC's) find nothing while they are locked, instead of saying that they are. A write
/// makes them ask for the password. Where there is no collection to write to, that comes out here as well.
pub(in crate::keychain) fn unlock(store: &CredentialStore, service: &str) -> Result<()> {
    let probe = store.build(service, PROBE, None)?;
    probe.set_secret(b"probe")?;
    probe.delete_credential()
}

/// Whether the default collection is locked, without a prompt. What cannot be told counts as not locked.
pub(in crate::keychain) fn is_locked() -> bool {
    SecretService::connect(EncryptionType::Plain)
        .and_then(|service| service.get_default_collection()?.is_locked())
        .unwrap_or(false)
}

/// Tells a locked keychain and an absent one from other failures, by the errors of the Secret Service and of D-Bus.
pub(in crate::keychain) fn classify(error: KeyringError) -> KeychainError {
    let source = match error {
        KeyringError::NoStorageAccess(source) | KeyringError::PlatformFailure(source) => source,
        // These hold what was read, which is nobody's business in a log.
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => "the secret is malformed".into(),
        other => other.into(),
    };
    match source.downcast_ref::<ServiceError>() {
        Some(ServiceError::Locked | ServiceError::Prompt) => KeychainError::Locked,
        Some(ServiceError::NoResult | ServiceError::Unavailable | ServiceError::PromptDisconnected) => {
            KeychainError::Absent
        }
        Some(ServiceError::Zbus(error)) if is_absent(error) => KeychainError::Absent,
        Some(ServiceError::Zbus(zbus::Error::MethodError(name, ..)))
            if name.as_str() == "org.freedesktop.Secret.Error.IsLocked" =>
        {
            KeychainError::Locked
        }
        _ => KeychainError::Other(source),
    }
}

/// No bus, or nobody on it who keeps secrets and could be started.
fn is_absent(error: &zbus::Error) -> bool {
    match error {
        zbus::Error::Address(_)
        | zbus::Error::Connection(..)
        | zbus::Error::InputOutput(_)
        | zbus::Error::Handshake(_) => true,
        zbus::Error::MethodError(name, ..) => {
            let name = name.as_str().strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default();
            matches!(name, "ServiceUnknown" | "NameHasNoOwner" | "Disconnected" | "NoReply")
                || name.starts_with("Spawn.")
        }
        _ => false,
    }
}
