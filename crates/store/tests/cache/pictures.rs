use std::fs;

use vestibule_model::Timestamp;

use crate::{Fixture, all, raw, ring};

#[test]
fn belong_to_their_calls() {
    let Fixture { store, .. } = &Fixture::new();
    let call = ring(store, "Main entrance", 1);
    assert_eq!(store.picture(call).unwrap(), None);
    store.set_picture(call, b"first").unwrap();
    store.set_picture(call, b"second").unwrap();
    assert_eq!(store.picture(call).unwrap().as_deref(), Some(b"second".as_slice()));
    assert!(all(store)[0].has_picture);
    store.delete_call(call).unwrap();
    assert_eq!(store.picture(call).unwrap(), None);
}

#[test]
fn old_ones_go_bit_by_bit_and_give_their_room_back() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let calls: Vec<_> = (0..10).map(|at| ring(store, "Main entrance", at)).collect();
    for call in &calls {
        store.set_picture(*call, &vec![7; 100_000]).unwrap();
    }
    assert_eq!(store.prune_pictures(Timestamp(0), 10).unwrap(), 0);
    assert_eq!(store.prune_pictures(Timestamp(7), 4).unwrap(), 4);
    let left: Vec<_> = calls.iter().map(|call| store.picture(*call).unwrap().is_some()).collect();
    assert_eq!(left, [false, false, false, false, true, true, true, true, true, true]);
    assert_eq!(store.prune_pictures(Timestamp(7), 4).unwrap(), 3);
    assert_eq!(store.prune_pictures(Timestamp(7), 4).unwrap(), 0);
    assert_eq!(all(store).len(), 10, "the calls stay");

    let (path, _, _dir) = fixture.close();
    let size = fs::metadata(path).unwrap().len();
    assert!(size < 500_000, "three pictures of 100 kB are left, not {size} bytes");
}

#[test]
fn forgotten_calls_take_their_pictures_along_and_give_the_room_back() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    for at in 0..10 {
        store.set_picture(ring(store, "Main entrance", at), &vec![7; 100_000]).unwrap();
    }
    store.forget_calls().unwrap();
    assert!(all(store).is_empty());
    assert_eq!(store.unseen().unwrap(), 0);
    let (path, key, _dir) = fixture.close();
    assert!(fs::metadata(&path).unwrap().len() < 300_000);
    let left: i64 = raw(&path, &key).query_row("SELECT count(*) FROM picture", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
