use std::fs;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use vestibule_model::Timestamp;
use vestibule_store::{
    FileKeychain, Key, Keychain, MemoryKeychain, OpenState, Opened, Store, open_or_recover,
};

use crate::{all, raw, ring};

/// 2026-11-22T06:15:00Z.
const NOW: Timestamp = Timestamp(1_795_328_100_999);
const KEPT: &str = "cache.2026-11-22T061500Z.db";

fn open(dir: &Path, keychain: &dyn Keychain) -> (Option<Store>, OpenState) {
    let Opened { store, state } = open_or_recover(dir, keychain, NOW);
    (store, state)
}

fn stored_key(keychain: &dyn Keychain) -> Key {
    Key::from_hex(&keychain.get("cache-key").unwrap().unwrap()).unwrap()
}

/// A profile with one call in its cache.
fn profile() -> (tempfile::TempDir, MemoryKeychain) {
    let dir = tempfile::tempdir().unwrap();
    let keychain = MemoryKeychain::new();
    let (store, state) = open(dir.path(), &keychain);
    assert_eq!(state, OpenState::Ready);
    ring(&store.unwrap(), "Main entrance", 1);
    (dir, keychain)
}

#[test]
fn a_new_profile_gets_a_key_and_a_cache_and_keeps_both() {
    let (dir, keychain) = profile();
    let key = stored_key(&keychain);
    let (store, state) = open(dir.path(), &keychain);
    assert_eq!((all(&store.unwrap()).len(), state), (1, OpenState::Ready));
    assert_eq!(stored_key(&keychain), key);
}

#[test]
fn a_lost_key_costs_nothing_but_the_reading() {
    let (dir, keychain) = profile();
    let old_key = stored_key(&keychain);
    let before = fs::read(dir.path().join("cache.db")).unwrap();
    keychain.delete("cache-key").unwrap();

    let (store, state) = open(dir.path(), &keychain);
    let kept_as = dir.path().join(KEPT);
    assert_eq!(state, OpenState::KeyLost { kept_as: kept_as.clone() });
    assert_eq!(all(&store.unwrap()).len(), 0);
    assert!(fs::read(&kept_as).unwrap() == before);
    assert_ne!(stored_key(&keychain), old_key);
    assert_eq!(all(&Store::open(&kept_as, &old_key).unwrap()).len(), 1, "should the key turn up again");
    assert_eq!(open(dir.path(), &keychain).1, OpenState::Ready);
}

#[test]
fn what_is_no_key_counts_as_a_lost_one() {
    for text in ["", "zz", "0123"] {
        let (dir, keychain) = profile();
        keychain.set("cache-key", text.as_bytes()).unwrap();
        assert!(matches!(open(dir.path(), &keychain).1, OpenState::KeyLost { .. }), "{text}");
    }
}

#[test]
fn a_damaged_cache_is_kept_aside_and_its_key_stays() {
    let (dir, keychain) = profile();
    let key = stored_key(&keychain);
    let path = dir.path().join("cache.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[2000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (store, state) = open(dir.path(), &keychain);
    assert_eq!(state, OpenState::Damaged { kept_as: dir.path().join(KEPT) });
    assert_eq!(all(&store.unwrap()).len(), 0);
    assert!(fs::read(dir.path().join(KEPT)).unwrap() == bytes);
    assert_eq!(stored_key(&keychain), key);
}

#[test]
fn damage_where_the_settings_are_is_found_at_once() {
    let (dir, keychain) = profile();
    let path = dir.path().join("cache.db");
    let page: u32 = raw(&path, &stored_key(&keychain))
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'settings'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[(page as usize - 1) * 4096 + 1000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(open(dir.path(), &keychain).1, OpenState::Damaged { .. }));
}

#[test]
fn a_newer_cache_is_not_touched() {
    let (dir, keychain) = profile();
    let path = dir.path().join("cache.db");
    raw(&path, &stored_key(&keychain)).pragma_update(None, "user_version", 7).unwrap();
    let before = fs::read(&path).unwrap();
    let (store, state) = open(dir.path(), &keychain);
    assert!(store.is_none());
    assert_eq!(state, OpenState::Newer { found: 7, known: 3 });
    assert!(fs::read(&path).unwrap() == before);
    assert!(!dir.path().join(KEPT).exists());
}

#[test]
fn a_cache_that_was_stopped_before_its_first_byte_is_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("cache.db"), "").unwrap();
    assert_eq!(open(dir.path(), &MemoryKeychain::new()).1, OpenState::Ready);
}

#[test]
fn a_key_file_that_others_can_read_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("keys");
    let keychain = FileKeychain::new(&keys).unwrap();
    drop(open(dir.path(), &keychain));
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(keys.join("cache-key"), everybody).unwrap();
    let (store, state) = open(dir.path(), &keychain);
    assert!(store.is_none());
    let OpenState::Unusable { message } = state else { panic!("{state:?}") };
    assert!(message.contains("0600"), "{message}");
    assert!(!dir.path().join(KEPT).exists());
}

#[test]
fn a_place_that_cannot_be_written_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let (store, state) = open(&file.join("profile"), &MemoryKeychain::new());
    assert!(store.is_none());
    assert!(matches!(state, OpenState::Unusable { .. }), "{state:?}");
}

#[test]
fn two_that_start_at_once_agree_on_one_key() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let keychain = MemoryKeychain::new();
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    barrier.wait();
                    let (store, state) = open(dir.path(), &keychain);
                    assert_eq!(state, OpenState::Ready);
                    ring(&store.unwrap(), "Main entrance", 1);
                });
            }
        });
        assert_eq!(all(&open(dir.path(), &keychain).0.unwrap()).len(), 3);
    }
}

#[test]
fn setting_aside_takes_the_journal_along_and_overwrites_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.db");
    let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    let get = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    put("cache.2026-11-22T061500Z.db", "older");
    put("cache.2026-11-22T061500Z-2.db-wal", "a journal alone");
    put("cache.db", "main");
    put("cache.db-wal", "journal");

    let kept_as = Store::set_aside(&path, NOW).unwrap();
    assert_eq!(kept_as, dir.path().join("cache.2026-11-22T061500Z-3.db"));
    assert_eq!(get("cache.2026-11-22T061500Z-3.db"), "main");
    assert_eq!(get("cache.2026-11-22T061500Z-3.db-wal"), "journal");
    assert_eq!(get("cache.2026-11-22T061500Z.db"), "older");
    assert_eq!(get("cache.2026-11-22T061500Z-2.db-wal"), "a journal alone");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4, "no name is left behind that was only tried");
}
