//! A cache that cannot be used: said, kept aside, never overwritten.

use vestibule_ipc::{GetState, StartedAnew, StorageState};
use vestibule_tests::{Phone, PhoneOptions, intercom};

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
