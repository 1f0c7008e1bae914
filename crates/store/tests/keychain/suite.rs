use std::thread;

use vestibule_store::{FileKeychain, Keychain, MemoryKeychain};

/// What every keychain does. It starts without secrets and ends without them.
pub(crate) fn keeps_secrets(keychain: &dyn Keychain) {
    assert_eq!(keychain.get("absent").unwrap(), None);
    keychain.delete("absent").unwrap();

    let binary: Vec<u8> = (0..=255).collect();
    let long = vec![b'x'; 10_000];
    for secret in [b"open sesame".as_slice(), "Çok gizli".as_bytes(), b"", &binary, &long, b"short again"] {
        keychain.set("sip-password", secret).unwrap();
        assert_eq!(keychain.get("sip-password").unwrap().as_deref(), Some(secret));
    }

    keychain.set("cache-key", b"another").unwrap();
    assert_eq!(keychain.get("sip-password").unwrap().as_deref(), Some(b"short again".as_slice()));
    keychain.delete("sip-password").unwrap();
    assert_eq!(keychain.get("sip-password").unwrap(), None);
    assert_eq!(keychain.get("cache-key").unwrap().as_deref(), Some(b"another".as_slice()));
    keychain.delete("cache-key").unwrap();
    keychain.delete("cache-key").unwrap();

    thread::scope(|scope| {
        for name in ["one", "two", "three", "four"] {
            scope.spawn(move || {
                keychain.set(name, name.as_bytes()).unwrap();
                assert_eq!(keychain.get(name).unwrap().as_deref(), Some(name.as_bytes()));
                keychain.delete(name).unwrap();
                assert_eq!(keychain.get(name).unwrap(), None);
            });
        }
    });
}

/// Two keychains over one place, for two profiles, do not see each other's secrets.
pub(crate) fn are_apart(one: &dyn Keychain, other: &dyn Keychain) {
    one.set("cache-key", b"one").unwrap();
    assert_eq!(other.get("cache-key").unwrap(), None);
    other.set("cache-key", b"other").unwrap();
    one.delete("cache-key").unwrap();
    assert_eq!(other.get("cache-key").unwrap().as_deref(), Some(b"other".as_slice()));
    other.delete("cache-key").unwrap();
}

#[test]
fn memory() {
    keeps_secrets(&MemoryKeychain::new());
    are_apart(&MemoryKeychain::new(), &MemoryKeychain::new());
}

#[test]
fn files() {
    let dir = tempfile::tempdir().unwrap();
    keeps_secrets(&FileKeychain::new(dir.path().join("a")).unwrap());
    let [one, other] = ["a", "b"].map(|name| FileKeychain::new(dir.path().join(name)).unwrap());
    are_apart(&one, &other);
    assert_eq!(std::fs::read_dir(dir.path().join("a")).unwrap().count(), 0, "nothing is left behind");
}
