//! The cache and the keychain: opened once, waited for, and asked off the runtime's threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use vestibule_ipc::{AllowKeyFile, Error, ErrorCode, StartedAnew, StorageState, UnlockKeychain};
use vestibule_model::{Secret, Timestamp};
use vestibule_store::{FileKeychain, Keychain, OpenState, Store, StoreError, open_or_recover};

use crate::{App, Profile, Role, clock};

/// How often a locked keychain is asked again.
const KEYCHAIN_POLL: Duration = Duration::from_secs(3);
/// How long the picture of a visitor is kept: as long as a site keeps its access log, 90 days.
const PICTURES_KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Old pictures that go at each start: a year's worth must not hold it up.
const PRUNED_AT_ONCE: u32 = 200;
/// Under which name the keychain keeps the password of the SIP account.
const SIP_PASSWORD: &str = "sip-password";

pub(crate) struct Storage {
    dir: PathBuf,
    open: Mutex<Option<Open>>,
    /// The resident does not want to wait for [`KEYCHAIN_POLL`].
    asked: Notify,
}

#[derive(Clone)]
struct Open {
    store: Store,
    keychain: Arc<dyn Keychain>,
}

impl Storage {
    pub(crate) fn new(profile: &Profile) -> Self {
        Self { dir: profile.dir.clone(), open: Mutex::new(None), asked: Notify::new() }
    }

    pub(crate) fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Asks or changes the cache.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let open = self.get()?;
        blocking(move || work(&open.store)).await?.map_err(storage_error)
    }

    pub(crate) async fn sip_password(&self) -> Result<Option<Secret>, Error> {
        let open = self.get()?;
        let bytes = blocking(move || open.keychain.get(SIP_PASSWORD)).await?.map_err(keychain_error)?;
        bytes
            .map(|bytes| String::from_utf8(bytes).map(Secret::new))
            .transpose()
            .map_err(|_| Error::new(ErrorCode::Keychain, "the password in the keychain is not text"))
    }

    /// Keeps the password, or forgets it.
    pub(crate) async fn set_sip_password(&self, password: Option<Secret>) -> Result<(), Error> {
        let open = self.get()?;
        blocking(move || match password {
            Some(password) => open.keychain.set(SIP_PASSWORD, password.reveal().as_bytes()),
            None => open.keychain.delete(SIP_PASSWORD),
        })
        .await?
        .map_err(keychain_error)
    }

    /// Where secrets are kept.
    pub(crate) fn keychain(&self) -> Result<Arc<dyn Keychain>, Error> {
        Ok(self.get()?.keychain)
    }

    fn get(&self) -> Result<Open, Error> {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| Error::new(ErrorCode::Storage, "the cache is not open"))
    }

    fn put(&self, open: Open) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(open);
    }

    /// Whether the resident agreed to a key in a file: the folder is made only then.
    fn key_folder(&self) -> PathBuf {
        self.dir.join("keys")
    }
}

impl App {
    /// Opens the cache; with a locked keychain it goes on trying until the resident unlocks it.
    pub(crate) async fn open_storage(&self) {
        if self.try_open_storage().await == StorageState::KeychainLocked {
            let app = self.clone();
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        () = tokio::time::sleep(KEYCHAIN_POLL) => (),
                        () = app.inner.storage.asked.notified() => (),
                    }
                    if app.try_open_storage().await != StorageState::KeychainLocked {
                        return;
                    }
                }
            });
        }
    }

    /// See [`AllowKeyFile`].
    pub async fn allow_key_file(&self, _: AllowKeyFile) -> Result<(), Error> {
        if self.inner.hub.snapshot().storage != StorageState::NoKeychain {
            return Err(Error::new(ErrorCode::WrongPhase, "there is a keychain; the key stays in it"));
        }
        let folder = self.inner.storage.key_folder();
        FileKeychain::new(&folder).map_err(keychain_error)?;
        self.open_storage().await;
        Ok(())
    }

    /// See [`UnlockKeychain`].
    pub async fn unlock_keychain(&self, _: UnlockKeychain) -> Result<(), Error> {
        if self.inner.hub.snapshot().storage != StorageState::KeychainLocked {
            return Err(Error::new(ErrorCode::WrongPhase, "the keychain is not locked"));
        }
        self.inner.profile.keychain.ask_again();
        self.inner.storage.asked.notify_one();
        Ok(())
    }

    async fn try_open_storage(&self) -> StorageState {
        let dir = self.inner.profile.dir.clone();
        let folder = self.inner.storage.key_folder();
        let system = self.inner.profile.keychain.clone();
        let opened = blocking(move || open(&dir, &folder, system)).await.and_then(|opened| opened);
        let state = match opened {
            Ok((open, state)) => {
                if let Some(open) = open {
                    self.inner.storage.put(open);
                }
                state
            }
            Err(error) => StorageState::Unusable { message: error.message },
        };
        if !matches!(state, StorageState::Ready | StorageState::KeyInFile) {
            tracing::warn!(?state, "the cache");
        }
        if self.inner.storage.get().is_ok() {
            self.load().await;
        }
        self.inner.hub.set_storage(state.clone());
        state
    }

    /// Reads what the windows show first, and registers.
    async fn load(&self) {
        let hub = &self.inner.hub;
        let role = self.inner.profile.role;
        let read = self
            .inner
            .storage
            .with(move |store| {
                if role == Role::Phone {
                    store.close_unfinished()?;
                    store.prune_pictures(Timestamp(clock::now().0 - PICTURES_KEPT_MS), PRUNED_AT_ONCE)?;
                }
                Ok((store.settings()?, store.intercoms()?, store.unseen()?))
            })
            .await;
        match read {
            Ok((settings, intercoms, unseen)) => {
                hub.set_settings(settings);
                hub.set_intercoms(intercoms);
                hub.history_changed(unseen);
                self.show_site().await;
                self.connect().await;
                self.open_site().await;
            }
            Err(error) => {
                tracing::error!(%error, "the cache cannot be read");
                hub.set_storage(StorageState::Unusable { message: error.message });
            }
        }
    }
}

fn open(
    dir: &Path,
    key_folder: &Path,
    system: Arc<dyn Keychain>,
) -> Result<(Option<Open>, StorageState), Error> {
    let in_file = key_folder.is_dir();
    let keychain: Arc<dyn Keychain> =
        if in_file { Arc::new(FileKeychain::new(key_folder).map_err(keychain_error)?) } else { system };
    let opened = open_or_recover(dir, keychain.as_ref(), clock::now());
    let kept = |path: &Path| path.display().to_string();
    let state = match &opened.state {
        OpenState::Ready if in_file => StorageState::KeyInFile,
        OpenState::Ready => StorageState::Ready,
        OpenState::Damaged { kept_as } => {
            StorageState::StartedAnew { kept_as: kept(kept_as), why: StartedAnew::Damaged }
        }
        OpenState::KeyLost { kept_as } => {
            StorageState::StartedAnew { kept_as: kept(kept_as), why: StartedAnew::KeyLost }
        }
        OpenState::Newer { found, known } => StorageState::FromNewerVersion { found: *found, known: *known },
        OpenState::KeychainLocked => StorageState::KeychainLocked,
        OpenState::NoKeychain => StorageState::NoKeychain,
        OpenState::Unusable { message } => StorageState::Unusable { message: message.clone() },
    };
    Ok((opened.store.map(|store| Open { store, keychain }), state))
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, format!("a task ended early: {error}")))
}

fn storage_error(error: StoreError) -> Error {
    Error::new(ErrorCode::Storage, error.to_string())
}

fn keychain_error(error: vestibule_store::KeychainError) -> Error {
    Error::new(ErrorCode::Keychain, error.to_string())
}
