use std::fs;
use std::time::Duration;

use vestibule_model::{Settings, Timestamp};
use vestibule_store::{Keychain, KeychainError, OpenState, Opened, SystemKeychain, open_or_recover};

use crate::session::{Login, Session, with_dir};
use crate::suite;

const NOW: Timestamp = Timestamp(0);

fn keychain() -> SystemKeychain {
    SystemKeychain::with_patience("vestibule-test", Duration::from_secs(60))
}

#[test]
fn keeps_secrets_in_a_real_keyring() {
    let session = Session::new();
    session.run(Login::Unlocked, "system::in_an_unlocked_session");
    session.run(Login::Unlocked, "system::in_the_next_session");
}

#[test]
#[ignore = "runs in a session of its own; started by keeps_secrets_in_a_real_keyring"]
fn in_an_unlocked_session() {
    suite::keeps_secrets(&keychain());
    suite::are_apart(&keychain(), &SystemKeychain::new("vestibule-other"));
    with_dir(|dir| {
        let Opened { store, state } = open_or_recover(dir, &keychain(), NOW);
        assert_eq!(state, OpenState::Ready);
        store.unwrap().save_settings(&Settings { autostart: true, ..Settings::default() }).unwrap();
    });
}

#[test]
#[ignore = "runs in a session of its own; started by keeps_secrets_in_a_real_keyring"]
fn in_the_next_session() {
    with_dir(|dir| {
        let Opened { store, state } = open_or_recover(dir, &keychain(), NOW);
        assert_eq!(state, OpenState::Ready);
        assert!(store.unwrap().settings().unwrap().autostart);

        keychain().delete("cache-key").unwrap();
        let Opened { store, state } = open_or_recover(dir, &keychain(), NOW);
        assert!(matches!(state, OpenState::KeyLost { .. }), "{state:?}");
        assert!(!store.unwrap().settings().unwrap().autostart);
    });
}

#[test]
fn a_locked_keyring_is_told_from_a_missing_key() {
    let session = Session::new();
    session.run(Login::Unlocked, "system::in_an_unlocked_session");
    let log = session.run(Login::Locked, "system::in_a_locked_session");
    // Without a display no prompt can be shown, which counts as dismissed. One for the first call, one when told so.
    assert_eq!(log.matches("couldn't create system prompt").count(), 2, "{log}");
    session.run(Login::Unlocked, "system::in_the_next_session");
}

#[test]
#[ignore = "runs in a session of its own; started by a_locked_keyring_is_told_from_a_missing_key"]
fn in_a_locked_session() {
    let keychain = keychain();
    let locked = |result: Result<(), KeychainError>| {
        assert!(matches!(result, Err(KeychainError::Locked)), "{result:?}")
    };
    // What it holds, what it does not hold, and what it is to hold: all of it is behind the same lock.
    locked(keychain.get("cache-key").map(drop));
    locked(keychain.get("absent").map(drop));
    locked(keychain.set("sip-password", b"secret"));
    locked(keychain.delete("cache-key"));
    keychain.ask_again();
    locked(keychain.get("cache-key").map(drop));

    with_dir(|dir| {
        let before = fs::read(dir.join("cache.db")).unwrap();
        let Opened { store, state } = open_or_recover(dir, &keychain, NOW);
        assert!(store.is_none());
        assert_eq!(state, OpenState::KeychainLocked);
        assert!(fs::read(dir.join("cache.db")).unwrap() == before);
    });
}

#[test]
fn without_a_bus_there_is_none() {
    Session::new().run_without_bus("system::in_a_session_without_keychain");
}

#[test]
fn without_a_service_there_is_none() {
    Session::new().run_without_services("system::in_a_session_without_keychain");
}

#[test]
fn without_a_keyring_to_write_to_there_is_none() {
    Session::new().run(Login::Locked, "system::in_a_session_without_keychain");
}

#[test]
#[ignore = "runs in a session of its own; started by the three tests above"]
fn in_a_session_without_keychain() {
    let keychain = keychain();
    let absent = |result: Result<(), KeychainError>| {
        assert!(matches!(result, Err(KeychainError::Absent)), "{result:?}")
    };
    absent(keychain.get("cache-key").map(drop));
    absent(keychain.set("cache-key", b"secret"));
    with_dir(|dir| {
        let profile = dir.join("profile");
        let Opened { store, state } = open_or_recover(&profile, &keychain, NOW);
        assert!(store.is_none());
        assert_eq!(state, OpenState::NoKeychain);
        assert!(!profile.join("cache.db").exists());
    });
}
