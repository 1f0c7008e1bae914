use std::sync::Barrier;
use std::thread;

use vestibule_store::{Key, Store};

use crate::{Fixture, all, ring};

#[test]
fn two_that_open_a_new_cache_at_once_share_it() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let key = Key::generate().unwrap();
        let barrier = Barrier::new(4);
        let stores: Vec<Store> = thread::scope(|scope| {
            let open = || {
                barrier.wait();
                let store = Store::open(&path, &key).unwrap();
                for at in 0..5 {
                    ring(&store, "Main entrance", at);
                }
                store
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for store in &stores {
            assert_eq!(all(store).len(), 20);
        }
    }
}

#[test]
fn threads_write_through_clones_of_one_store() {
    let Fixture { store, .. } = &Fixture::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            let store = store.clone();
            scope.spawn(move || {
                for at in 0..10 {
                    let call = ring(&store, "Main entrance", at);
                    assert!(all(&store).iter().any(|entry| entry.id == call), "a writer sees what it wrote");
                }
            });
        }
    });
    assert_eq!(all(store).len(), 40);
}
