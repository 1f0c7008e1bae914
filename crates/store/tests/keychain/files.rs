use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use vestibule_store::{FileKeychain, Keychain, KeychainError};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn are_for_this_user_alone() {
    let dir = tempfile::tempdir().unwrap();
    let keys = dir.path().join("deep").join("keys");
    let keychain = FileKeychain::new(&keys).unwrap();
    keychain.set("cache-key", b"secret").unwrap();
    keychain.set("cache-key", b"other").unwrap();
    assert_eq!((mode(&keys), mode(&keys.join("cache-key"))), (0o700, 0o600));
    assert_eq!(fs::read_dir(&keys).unwrap().count(), 1, "nothing is left of the way a file is written");
}

#[test]
fn a_directory_that_others_can_write_to_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    for shared in [0o777, 0o702, 0o770] {
        fs::set_permissions(dir.path(), Permissions::from_mode(shared)).unwrap();
        assert!(matches!(FileKeychain::new(dir.path()), Err(KeychainError::Other(_))), "{shared:o}");
        assert_eq!(mode(dir.path()), shared);
    }
}

#[test]
fn one_that_others_could_read_or_write_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let keychain = FileKeychain::new(dir.path()).unwrap();
    for mode in [0o644, 0o640, 0o602, 0o610] {
        keychain.set("cache-key", b"secret").unwrap();
        fs::set_permissions(dir.path().join("cache-key"), Permissions::from_mode(mode)).unwrap();
        assert!(matches!(keychain.get("cache-key"), Err(KeychainError::Other(_))), "{mode:o}");
    }
    keychain.set("cache-key", b"anew").unwrap();
    assert_eq!(keychain.get("cache-key").unwrap().as_deref(), Some(b"anew".as_slice()));
}

#[test]
fn no_name_leads_out_of_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let keychain = FileKeychain::new(dir.path().join("keys")).unwrap();
    for name in ["", ".", "..", "../key", "a/b", "/key", "Key", "k y", "k\0", ".hidden", "schlüssel"] {
        assert!(matches!(keychain.set(name, b"x"), Err(KeychainError::Other(_))), "{name}");
        assert!(matches!(keychain.get(name), Err(KeychainError::Other(_))), "{name}");
        assert!(matches!(keychain.delete(name), Err(KeychainError::Other(_))), "{name}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}
