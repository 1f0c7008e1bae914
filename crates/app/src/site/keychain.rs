use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use vestibule_cloud::{KeepError, Keeper, Kept};
use vestibule_ipc::{Error, ErrorCode};
use vestibule_model::Secret;
use vestibule_store::{Keychain, KeychainError};
use zeroize::Zeroizing;

use crate::storage::blocking;

/// Under which name the keychain keeps what the session at the site server needs, in JSON.
const NAME: &str = "site-session";

/// Keeps the session at the site server in the keychain.
#[derive(Clone)]
pub(crate) struct InKeychain {
    keychain: Arc<dyn Keychain>,
    /// Whether it was forgotten: what is still on its way must not come back after that.
    forgotten: Arc<Mutex<bool>>,
}

impl InKeychain {
    pub(crate) fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self { keychain, forgotten: Arc::default() }
    }

    /// What was kept, if it can be read.
    pub(crate) async fn read(&self) -> Result<Option<Kept>, Error> {
        let keychain = Arc::clone(&self.keychain);
        let bytes = blocking(move || keychain.get(NAME)).await?.map_err(failed)?.map(Zeroizing::new);
        let kept = bytes.as_ref().map(|bytes| parse(bytes));
        if kept.as_ref().is_some_and(Option::is_none) {
            tracing::warn!("the session in the keychain cannot be read");
        }
        Ok(kept.flatten())
    }

    /// Forgets it, for good.
    pub(crate) async fn forget(&self) -> Result<(), Error> {
        let this = self.clone();
        blocking(move || {
            let mut forgotten = this.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
            *forgotten = true;
            this.keychain.delete(NAME)
        })
        .await?
        .map_err(failed)
    }
}

impl Keeper for InKeychain {
    async fn keep(&self, kept: Kept) -> Result<(), KeepError> {
        let this = self.clone();
        let done = blocking(move || {
            let forgotten = this.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
            if *forgotten { Ok(()) } else { this.keychain.set(NAME, text(&kept).as_bytes()) }
        });
        match done.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(KeepError(error.into())),
            Err(error) => Err(KeepError(error.into())),
        }
    }
}

fn text(kept: &Kept) -> Zeroizing<String> {
    let Kept { device, access, refresh, refresh_key } = kept;
    let json = json!({
        "device": device.reveal(),
        "access": access.reveal(),
        "refresh": refresh.reveal(),
        "refresh_key": refresh_key.as_ref().map(Secret::reveal),
    });
    Zeroizing::new(json.to_string())
}

fn parse(bytes: &[u8]) -> Option<Kept> {
    let json: Value = serde_json::from_slice(bytes).ok()?;
    let secret = |name: &str| json.get(name).and_then(Value::as_str).map(Secret::new);
    Some(Kept {
        device: secret("device")?,
        access: secret("access")?,
        refresh: secret("refresh")?,
        refresh_key: secret("refresh_key"),
    })
}

fn failed(error: KeychainError) -> Error {
    Error::new(ErrorCode::Keychain, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for refresh_key in [None, Some(Secret::new("key"))] {
            let [device, access, refresh] = ["device", "access", "refresh"].map(Secret::new);
            let kept = Kept { device, access, refresh, refresh_key };
            assert_eq!(parse(text(&kept).as_bytes()), Some(kept));
        }
        for nonsense in ["", "{}", "[]", r#"{"device":"a","access":1,"refresh":"b"}"#] {
            assert_eq!(parse(nonsense.as_bytes()), None, "{nonsense}");
        }
    }
}
