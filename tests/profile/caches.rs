//! A cache that cannot be used: said, kept aside, never overwritten.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vestibule_app::{App, Profile, Role};
use vestibule_ipc::{GetState, StartedAnew, StorageState, UnlockKeychain};
use vestibule_store::{Keychain, KeychainError, MemoryKeychain};
use vestibule_tests::{Phone, PhoneOptions, intercom, wait_until};

async fn storage(phone: &Phone) -> StorageState {
    phone.app.get_state(GetState {}).await.unwrap().storage
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_is_there_after_a_restart() {
    let options = PhoneOptions { intercoms: vec![intercom("door@site.test")], ..PhoneOptions::default() };
    let mut phone = Phone::start(options).await;
    phone.restart().await;
    assert_eq!(storage(&phone).await, StorageState::Ready);
    let intercoms = phone.app.get_state(GetState {}).await.unwrap().intercoms;
    assert_eq!(intercoms.len(), 1);
    assert_eq!(intercoms[0].switches.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_one_is_kept_aside_and_a_new_one_begun() {
    let mut phone = Phone::start(PhoneOptions::default()).await;
    phone.app.shut_down().await;
    let damaged = vec![7; 8192];
    std::fs::write(phone.cache(), &damaged).unwrap();
    phone.restart().await;
    let StorageState::StartedAnew { kept_as, why } = storage(&phone).await else {
        panic!("{:?}", storage(&phone).await);
    };
    assert_eq!(why, StartedAnew::Damaged);
    assert_eq!(std::fs::read(kept_as).unwrap(), damaged);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whose_key_is_lost_is_kept_aside_and_a_new_one_begun() {
    let mut phone = Phone::start(PhoneOptions::default()).await;
    phone.forget_keys();
    phone.restart().await;
    let StorageState::StartedAnew { kept_as, why } = storage(&phone).await else {
        panic!("{:?}", storage(&phone).await);
    };
    assert_eq!(why, StartedAnew::KeyLost);
    assert!(std::path::Path::new(&kept_as).exists());
}

/// Locked until somebody wants to be asked again; what a real one does then is seen in the tests of the cache.
#[derive(Default)]
struct PutOff {
    keychain: MemoryKeychain,
    unlocked: AtomicBool,
}

impl PutOff {
    fn keychain(&self) -> Result<&MemoryKeychain, KeychainError> {
        if self.unlocked.load(Ordering::Relaxed) { Ok(&self.keychain) } else { Err(KeychainError::Locked) }
    }
}

impl Keychain for PutOff {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.keychain()?.get(name)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.keychain()?.set(name, secret)
    }

    fn delete(&self, name: &str) -> Result<(), KeychainError> {
        self.keychain()?.delete(name)
    }

    fn ask_again(&self) {
        self.unlocked.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_who_put_the_keychain_off_can_be_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile {
        role: Role::Desk,
        dir: folder.path().to_owned(),
        keychain: Arc::new(PutOff::default()),
        listen: ([127, 0, 0, 1], 0).into(),
        media_address: None,
        audio: None,
        ringtone: None,
    };
    let app = App::start(profile).await.unwrap();
    let storage = async || app.get_state(GetState {}).await.unwrap().storage;
    assert_eq!(storage().await, StorageState::KeychainLocked);
    app.unlock_keychain(UnlockKeychain {}).await.unwrap();
    wait_until("the cache is open", async || storage().await == StorageState::Ready).await;
    assert!(app.unlock_keychain(UnlockKeychain {}).await.is_err(), "there is nothing to unlock");
}
