use vestibule_model::api::Access;
use vestibule_model::{AccessFilter, AccessId, AccessMethod, AccessResult, ApartmentId, Denial, Timestamp};
use vestibule_store::Store;

use crate::Fixture;
use crate::building::{line, snapshot, take};

const DENIED: AccessResult = AccessResult::Denied { why: Denial::Unknown };

fn ids(store: &Store, filter: AccessFilter) -> (Vec<i64>, bool) {
    let (entries, more) = store.access(&filter).unwrap();
    (entries.iter().map(|entry| entry.id.0).collect(), more)
}

fn log() -> Vec<Access> {
    vec![
        line(6, "Main entrance", "Straße", AccessResult::Allowed),
        line(5, "Main entrance", "", DENIED),
        line(4, "Garage", "ΌΔΟΣ", AccessResult::Allowed),
        line(3, "Garage", "Guest", DENIED),
        line(2, "Cellar", "Guest", AccessResult::Allowed),
        line(1, "Cellar", "Guest", AccessResult::Allowed),
    ]
}

#[test]
fn filters_find_what_they_say_newest_first() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), log());
    let all = AccessFilter::default;
    for (filter, wanted, more) in [
        (all(), vec![6, 5, 4, 3, 2, 1], false),
        (AccessFilter { limit: 2, ..all() }, vec![6, 5], true),
        (AccessFilter { limit: 2, before: Some(AccessId(3)), ..all() }, vec![2, 1], false),
        (AccessFilter { problems_only: true, ..all() }, vec![5, 3], false),
        (AccessFilter { method: Some(AccessMethod::Qr), ..all() }, vec![5, 3, 1], false),
        (AccessFilter { text: " gUEST ".into(), ..all() }, vec![3, 2, 1], false),
        (AccessFilter { text: "STRASSE".into(), ..all() }, vec![6], false),
        (AccessFilter { text: "όδος".into(), ..all() }, vec![4], false),
        (AccessFilter { text: "e".into(), limit: 3, ..all() }, vec![6, 5, 4], true),
        (AccessFilter { text: "entranceS".into(), ..all() }, vec![], false),
        (AccessFilter { text: "%".into(), ..all() }, vec![], false),
        (
            AccessFilter { text: "g".into(), problems_only: true, method: Some(AccessMethod::Qr), ..all() },
            vec![3],
            false,
        ),
    ] {
        assert_eq!(ids(store, filter.clone()), (wanted, more), "{filter:?}");
    }
}

#[test]
fn an_apartment_has_its_own_lines_and_those_of_the_house() {
    let Fixture { store, .. } = &Fixture::new();
    let of = |id, apartment: Option<i64>| Access {
        apartment: apartment.map(ApartmentId),
        ..line(id, "Main entrance", "Guest", AccessResult::Allowed)
    };
    take(store, &snapshot(Vec::new()), vec![of(4, Some(1)), of(3, None), of(2, Some(2)), of(1, Some(1))]);
    let only = |id| AccessFilter { apartment: Some(ApartmentId(id)), ..AccessFilter::default() };
    assert_eq!(ids(store, only(1)), (vec![4, 3, 1], false));
    assert_eq!(ids(store, AccessFilter { text: "guest".into(), limit: 1, ..only(2) }), (vec![3], true));
    assert_eq!(ids(store, AccessFilter { before: Some(AccessId(3)), ..only(2) }), (vec![2], false));
}

#[test]
fn old_lines_go_some_at_a_time() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), log());
    assert_eq!(store.prune_access(Timestamp(5_000), 3).unwrap(), 3);
    assert_eq!(ids(store, AccessFilter::default()).0, [6, 5, 4]);
    assert_eq!(store.prune_access(Timestamp(5_000), 3).unwrap(), 1);
    assert_eq!(store.prune_access(Timestamp(5_000), 3).unwrap(), 0);
    let gone = AccessFilter { text: "cellar".into(), ..AccessFilter::default() };
    assert!(ids(store, gone).0.is_empty());
}

#[test]
fn a_line_that_comes_twice_is_there_once() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), log());
    store.take_access(&log(), Some("1")).unwrap();
    assert_eq!(ids(store, AccessFilter::default()).0, [6, 5, 4, 3, 2, 1]);
    assert_eq!(store.membership().unwrap().unwrap().access_cursor.as_deref(), Some("1"));
}
