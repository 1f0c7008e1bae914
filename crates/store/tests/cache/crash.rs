use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use vestibule_model::{CallId, CallStatus, Outcome, Timestamp};
use vestibule_store::{Key, Store};

use crate::{all, end, raw, ring};

const PATH: &str = "VESTIBULE_TEST_CACHE";
const KEY: &str = "VESTIBULE_TEST_KEY";

/// The other half of the test below, in a process of its own.
#[test]
#[ignore = "runs until it is killed; started by killed_while_it_writes"]
fn write_until_killed() {
    let key = Key::from_hex(std::env::var(KEY).unwrap().as_bytes()).unwrap();
    let store = Store::open(Path::new(&std::env::var(PATH).unwrap()), &key).unwrap();
    loop {
        let call = ring(&store, "Main entrance", 1);
        store.add_action(call, "Door", Timestamp(2), Outcome::Sent).unwrap();
        store.set_picture(call, &[7; 20_000]).unwrap();
        end(&store, call, CallStatus::Declined, 3);
        println!("\nwritten {}", call.0);
    }
}

#[test]
fn killed_while_it_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.db");
    let key = Key::generate().unwrap();
    let mut written = Vec::new();
    for rounds in [1, 2, 7, 30] {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::write_until_killed", "--ignored", "--nocapture"])
            .env(PATH, &path)
            .env(KEY, key.to_hex().as_str())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let ids =
            lines.filter_map(|line| line.strip_prefix("written ").map(|id| CallId(id.parse().unwrap())));
        written.extend(ids.take(rounds));
        writer.kill().unwrap();
        writer.wait().unwrap();

        let store = Store::open(&path, &key).unwrap();
        for call in &written {
            assert_eq!(store.picture(*call).unwrap().unwrap(), [7; 20_000]);
        }
        let entries = all(&store);
        for entry in entries.iter().filter(|entry| written.contains(&entry.id)) {
            assert_eq!((entry.status, entry.actions.len()), (CallStatus::Declined, 1));
        }
        assert!(store.close_unfinished().unwrap() <= 1, "only the call that was being written is unfinished");
        let check: String =
            raw(&path, &key).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }
    assert_eq!(written.len(), 40);
}
