use std::fs;

use vestibule_store::{OpenError, Store};

use crate::{Fixture, raw, ring};

#[test]
fn a_file_of_a_newer_version_is_left_as_it_is() {
    let fixture = Fixture::new();
    ring(&fixture.store, "Main entrance", 1);
    let (path, key, _dir) = fixture.close();
    raw(&path, &key).pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let Err(OpenError::Newer { found: 99, known: 3 }) = Store::open(&path, &key) else {
        panic!("it was opened");
    };
    assert!(fs::read(&path).unwrap() == before);
}

#[test]
fn so_is_the_journal_of_one_that_crashed() {
    let (path, key, dir) = Fixture::new().close();
    let newer = raw(&path, &key);
    newer.execute_batch("PRAGMA user_version = 99; CREATE TABLE tomorrow (x) STRICT").unwrap_err();
    newer.execute_batch("PRAGMA user_version = 99; CREATE TABLE tomorrow (x TEXT) STRICT").unwrap();
    // A copy of the files of an open database is what a crash leaves.
    let copy = dir.path().join("copy.db");
    let journal = dir.path().join("copy.db-wal");
    fs::copy(&path, &copy).unwrap();
    fs::copy(dir.path().join("cache.db-wal"), &journal).unwrap();
    let before = (fs::read(&copy).unwrap(), fs::read(&journal).unwrap());
    assert!(!before.1.is_empty());
    for _ in 0..2 {
        assert!(matches!(Store::open(&copy, &key), Err(OpenError::Newer { found: 99, known: 3 })));
        assert!((fs::read(&copy).unwrap(), fs::read(&journal).unwrap()) == before);
    }
}
