//! What the site server says, and fixtures of it.

use vestibule_model::api::{
    Access, Apartment, Change, Changes, Licence, Page, Role, Site, SiteId, SiteKind, Snapshot, User, UserId,
    Utc, Visitor,
};
use vestibule_model::{
    AccessId, AccessMethod, AccessResult, ApartmentId, Language, Secret, Timestamp, VisitorCodes, VisitorId,
    VisitorState,
};
use vestibule_store::{Anew, Store};

use crate::{Fixture, raw};

pub(crate) fn snapshot(visitors: Vec<Visitor>) -> Snapshot {
    let site = SiteId(1);
    Snapshot {
        cursor: "1.1".to_owned(),
        user: User {
            id: UserId(5),
            site,
            name: "Resident".to_owned(),
            email: "resident@site.example".to_owned(),
            role: Role::SiteUser,
            language: Language::En,
            apartments: vec![ApartmentId(12)],
        },
        sites: vec![Site {
            id: site,
            name: "Sample house".to_owned(),
            kind: SiteKind::Residential,
            language: Language::En,
            zone: "Europe/Prague".to_owned(),
            address: String::new(),
            pin_length: 5,
            qr_codes: false,
            licence: Licence::Ready,
        }],
        apartments: [12, 13].map(apartment).to_vec(),
        devices: Vec::new(),
        contacts: Vec::new(),
        visitors,
        tickets: Vec::new(),
    }
}

fn apartment(id: i64) -> Apartment {
    let (number, name) = (id.to_string(), format!("Flat {id}"));
    Apartment { id: ApartmentId(id), site: SiteId(1), floor: 1, number, name, has_access_unit: false }
}

pub(crate) fn visitor(id: i64, revision: i64, name: &str) -> Visitor {
    Visitor {
        id: VisitorId(id),
        revision,
        name: name.to_owned(),
        apartment: ApartmentId(12),
        from: None,
        until: None,
        schedule: Vec::new(),
        uses: None,
        apartment_door: false,
        codes: VisitorCodes { pin: Secret::new(format!("8642{id}")), qr: None },
        revoked: false,
        state: VisitorState::Active,
        zone: "Europe/Prague".to_owned(),
    }
}

pub(crate) fn line(id: i64, door: &str, person: &str, result: AccessResult) -> Access {
    Access {
        id: AccessId(id),
        at: Utc(Timestamp(id * 1_000)),
        device: None,
        door: door.to_owned(),
        apartment: Some(ApartmentId(12)),
        person: person.to_owned(),
        method: if id % 2 == 0 { AccessMethod::Pin } else { AccessMethod::Qr },
        result,
    }
}

pub(crate) fn take(store: &Store, snapshot: &Snapshot, lines: Vec<Access>) {
    let access = Page { items: lines, next: None };
    let server = "https://site.example";
    store.take_snapshot(Anew { server, snapshot, access: &access, at: Timestamp(1) }).unwrap();
}

pub(crate) fn change(id: i64, now: Option<Visitor>) -> Change {
    Change::Visitor { id: VisitorId(id), now }
}

pub(crate) fn tell(store: &Store, items: Vec<Change>) {
    let changes = Changes { items, cursor: "1.9".to_owned(), more: false };
    store.take_changes(&changes, Timestamp(2)).unwrap();
}

/// Names with the local ids.
pub(crate) fn names(store: &Store) -> Vec<(i64, String)> {
    store.visitors().unwrap().into_iter().map(|visitor| (visitor.id.0, visitor.name)).collect()
}

#[test]
fn nobody_is_signed_in_at_first() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.building().unwrap(), None);
    assert_eq!(fixture.store.contacts().unwrap(), []);
    assert_eq!(fixture.store.visitors().unwrap(), []);
}

#[test]
fn a_snapshot_takes_the_place_of_what_was_there() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 1, "Guest"), visitor(8, 1, "Courier")]), Vec::new());
    let building = store.building().unwrap().unwrap();
    assert_eq!(building.site.name, "Sample house");
    assert_eq!(building.apartments, [apartment(12)], "their own alone");
    assert_eq!(building.membership.cursor, "1.1");
    take(store, &snapshot(vec![visitor(8, 2, "Postman")]), Vec::new());
    assert_eq!(names(store), [(2, "Postman".to_owned())], "it keeps its own number");
}

#[test]
fn changes_and_their_cursor_are_taken_together() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 1, "Guest")]), Vec::new());
    tell(
        store,
        vec![change(7, None), change(9, Some(visitor(9, 1, "Courier"))), Change::Unknown, change(3, None)],
    );
    assert_eq!(names(store), [(2, "Courier".to_owned())]);
    let membership = store.membership().unwrap().unwrap();
    assert_eq!((membership.cursor.as_str(), membership.read_at), ("1.9", Timestamp(2)));
}

#[test]
fn nothing_is_left_of_a_building_that_is_forgotten_and_no_pin_lies_open() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    take(
        store,
        &snapshot(vec![visitor(7, 1, "Guest")]),
        vec![line(1, "Door", "Guest", AccessResult::Allowed)],
    );
    for file in std::fs::read_dir(fixture.path.parent().unwrap()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"86427"), "it is encrypted");
    }
    store.forget_building().unwrap();
    let (path, key, _dir) = fixture.close();
    let raw = raw(&path, &key);
    for table in ["membership", "place", "visitor", "access", "access_name", "ticket", "outbox"] {
        let left: i64 =
            raw.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
}
