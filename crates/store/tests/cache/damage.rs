use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use vestibule_model::{HistoryFilter, Outcome, Timestamp};
use vestibule_store::{Key, OpenError, Store, StoreError};

use crate::{Fixture, ring};

/// SQLCipher's page size.
const PAGE: usize = 4096;

/// A closed cache with something in every table, on a good number of pages.
fn filled() -> (PathBuf, Key, tempfile::TempDir) {
    let fixture = Fixture::new();
    let store = &fixture.store;
    store.save_settings(&vestibule_model::Settings::default()).unwrap();
    for at in 0..100 {
        let call = ring(store, "Main entrance", at);
        store.add_action(call, "Door", Timestamp(at), Outcome::Sent).unwrap();
        store.set_picture(call, &[7; 1000]).unwrap();
    }
    fixture.close()
}

/// Everything that can be read.
fn read(store: &Store) -> Result<String, StoreError> {
    let filter = HistoryFilter { limit: 500, ..HistoryFilter::default() };
    let history = store.history(&filter)?;
    let missed = store.history(&HistoryFilter { missed_only: true, ..filter })?;
    let pictures = history.0.iter().map(|entry| store.picture(entry.id)).collect::<Result<Vec<_>, _>>()?;
    Ok(format!("{:?} {history:?} {missed:?} {pictures:?} {}", store.settings()?, store.unseen()?))
}

#[derive(Debug)]
enum Unread {
    AtOpening,
    Later,
}

fn read_all(path: &Path, key: &Key) -> Result<String, Unread> {
    match Store::open(path, key) {
        Ok(store) => match read(&store) {
            Ok(all) => Ok(all),
            Err(StoreError::Damaged(_)) => Err(Unread::Later),
            Err(other) => panic!("{other:?}"),
        },
        Err(OpenError::Unreadable(_)) => Err(Unread::AtOpening),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_flipped_bit_on_any_page_is_found_and_never_read_as_data() {
    let (path, key, _dir) = filled();
    let whole = read_all(&path, &key).unwrap();
    let bytes = fs::read(&path).unwrap();
    let (mut unreadable, mut damaged, mut unused) = (0, 0, 0);
    for page in 0..bytes.len() / PAGE {
        fs::write(&path, &bytes).unwrap();
        let at = page * PAGE + 1000;
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all_at(&[bytes[at] ^ 1], at as u64).unwrap();
        match read_all(&path, &key) {
            // No query needs every index and every page of the free list.
            Ok(all) => {
                assert!(all == whole, "page {page}");
                unused += 1;
            }
            Err(Unread::AtOpening) => unreadable += 1,
            Err(Unread::Later) => damaged += 1,
        }
    }
    assert!(
        unreadable > 0 && damaged > unused,
        "{unreadable} unreadable, {damaged} damaged, {unused} unused"
    );
}

#[test]
fn a_flipped_bit_in_the_header_makes_it_unreadable() {
    let (path, key, _dir) = filled();
    let bytes = fs::read(&path).unwrap();
    for at in [0, 15, 16, 24, 99, 1000, PAGE - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x80;
        fs::write(&path, &damaged).unwrap();
        assert!(matches!(Store::open(&path, &key), Err(OpenError::Unreadable(_))), "byte {at}");
        assert!(fs::read(&path).unwrap() == damaged, "byte {at}");
    }
}

#[test]
fn a_file_that_was_cut_short_is_unreadable() {
    let (path, key, _dir) = filled();
    let bytes = fs::read(&path).unwrap();
    for len in [1, 15, 100, PAGE - 1, PAGE, PAGE + 1, bytes.len() / 2, bytes.len() - PAGE] {
        fs::write(&path, &bytes[..len]).unwrap();
        assert!(matches!(Store::open(&path, &key), Err(OpenError::Unreadable(_))), "{len} bytes");
        assert!(fs::read(&path).unwrap() == bytes[..len], "{len} bytes");
    }
}

#[test]
fn one_whose_last_page_is_cut_opens_for_the_journal_may_hold_that_page() {
    let (path, key, _dir) = filled();
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert!(matches!(read_all(&path, &key), Err(Unread::Later)));
}

#[test]
fn the_wrong_key_and_what_is_no_cache_are_unreadable() {
    let (path, _, dir) = filled();
    let wrong = Key::generate().unwrap();
    assert!(matches!(Store::open(&path, &wrong), Err(OpenError::Unreadable(_))));

    let plain = dir.path().join("plain.db");
    rusqlite::Connection::open(&plain).unwrap().execute_batch("CREATE TABLE a (x)").unwrap();
    let text = dir.path().join("text.db");
    fs::write(&text, "not a database, but long enough to be looked at\n".repeat(200)).unwrap();
    for path in [plain, text] {
        assert!(matches!(Store::open(&path, &wrong), Err(OpenError::Unreadable(_))), "{path:?}");
    }
}

#[test]
fn nothing_in_the_files_can_be_read_without_the_key() {
    let fixture = Fixture::new();
    ring(&fixture.store, "A very telling name", 1);
    let journal = fixture.path.with_extension("db-wal");
    for path in [&fixture.path, &journal] {
        let bytes = fs::read(path).unwrap();
        assert!(!bytes.windows(4).any(|part| part == b"tell"), "{path:?}");
        assert!(!bytes.windows(13).any(|part| part == b"SQLite format"), "{path:?}");
    }
    let mode =
        |path: &Path| std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions());
    assert_eq!([mode(&fixture.path) & 0o777, mode(&journal) & 0o777], [0o600; 2]);
}
