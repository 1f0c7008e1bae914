use vestibule_model::api::{NewVisitor, VisitorChange};
use vestibule_model::{Delivery, Refusal, Ticket, Timestamp, Visitor, VisitorId};
use vestibule_store::{ItemKind, Outcome, Sending, Store};

use crate::Fixture;
use crate::building::{change, names, snapshot, take, tell, visitor};

fn wanted(id: i64, name: &str) -> Visitor {
    Visitor { id: VisitorId(id), codes: None, ..Visitor::from(visitor(0, 0, name)) }
}

fn save(store: &Store, id: i64, name: &str, key: &str) -> i64 {
    store.save_visitor(&wanted(id, name), key).unwrap().0
}

fn next(store: &Store) -> Sending {
    store.next_to_send().unwrap().expect("something waits")
}

fn is_empty(store: &Store) -> bool {
    store.next_to_send().unwrap().is_none()
}

/// The server has this visitor now.
fn deliver(store: &Store, sending: &Sending, id: i64, revision: i64, name: &str) {
    let now = Box::new(visitor(id, revision, name));
    store.delivered(sending.id, &Outcome::Visitor { now, led_to: revision }).unwrap();
}

fn one(store: &Store) -> Visitor {
    let [visitor] = store.visitors().unwrap().try_into().unwrap();
    visitor
}

fn name_of(sending: &Sending) -> String {
    serde_json::from_str::<NewVisitor>(&sending.body).unwrap().name
}

fn change_of(sending: &Sending) -> VisitorChange {
    serde_json::from_str(&sending.body).unwrap()
}

#[test]
fn a_visitor_made_offline_waits_without_codes_and_keeps_its_number() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 1, "Other")]), Vec::new());
    let id = save(store, 0, "Guest", "key-1");
    let made = store.visitors().unwrap().pop().unwrap();
    assert_eq!((made.id.0, made.codes, made.delivery), (id, None, Delivery::Waiting));
    let sending = next(store);
    assert_eq!((sending.kind, sending.key.as_str(), sending.tried), (ItemKind::Create, "key-1", false));
    deliver(store, &sending, 9, 1, "Guest");
    let made = store.visitors().unwrap().pop().unwrap();
    assert_eq!((made.id.0, made.delivery), (id, Delivery::Sent));
    assert!(made.codes.is_some());
    assert!(is_empty(store));
}

#[test]
fn edits_become_part_of_what_nobody_has_seen() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = save(store, 0, "Gest", "key-1");
    save(store, id, "Guest", "key-2");
    store.renew_pin(VisitorId(id), "key-3").unwrap();
    let sending = next(store);
    assert_eq!((name_of(&sending).as_str(), sending.key.as_str()), ("Guest", "key-1"));
    deliver(store, &sending, 9, 1, "Guest");
    assert!(is_empty(store));
}

#[test]
fn what_was_tried_is_sent_again_as_it_was_and_edits_follow_it() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = save(store, 0, "Guest", "key-1");
    let first = next(store);
    save(store, id, "Courier", "key-2");
    store.revoke_visitor(VisitorId(id), "key-3").unwrap();
    assert!(one(store).revoked);
    let again = next(store);
    assert_eq!(again, Sending { tried: true, ..first });
    deliver(store, &again, 9, 4, "Guest");
    let second = next(store);
    assert_eq!(
        (second.kind, second.server, second.key.as_str()),
        (ItemKind::Change, Some(VisitorId(9)), "key-2")
    );
    assert_eq!((change_of(&second).name.as_str(), change_of(&second).revision), ("Courier", 4));
    deliver(store, &second, 9, 5, "Courier");
    assert_eq!(next(store).kind, ItemKind::Revoke);
}

#[test]
fn an_edit_is_upon_what_the_resident_saw() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 3, "Guest")]), Vec::new());
    save(store, 1, "Mine", "key-1");
    tell(store, vec![change(7, Some(visitor(7, 4, "Theirs")))]);
    assert_eq!(one(store).name, "Mine");
    let sending = next(store);
    assert_eq!(change_of(&sending).revision, 3);
    store.refused(sending.id, Refusal::ChangedElsewhere).unwrap();
    let seen = one(store);
    assert_eq!(seen.name, "Theirs");
    assert_eq!(seen.delivery, Delivery::Refused { why: Refusal::ChangedElsewhere });
    save(store, 1, "Mine", "key-2");
    assert_eq!(change_of(&next(store)).revision, 4);
}

#[test]
fn a_visitor_that_was_never_sent_goes_with_all_that_was_to_be_done() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = VisitorId(save(store, 0, "Guest", "key-1"));
    store.revoke_visitor(id, "key-2").unwrap();
    store.delete_visitor(id, "key-3").unwrap();
    assert!(names(store).is_empty() && is_empty(store));
    assert!(store.delete_visitor(id, "key-4").is_err());
}

#[test]
fn one_that_may_have_been_made_is_removed_at_the_server_as_well() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = VisitorId(save(store, 0, "Guest", "key-1"));
    let create = next(store);
    store.delete_visitor(id, "key-2").unwrap();
    assert!(names(store).is_empty());
    assert!(store.renew_pin(id, "key-3").is_err());
    deliver(store, &create, 9, 1, "Guest");
    let delete = next(store);
    assert_eq!((delete.kind, delete.server), (ItemKind::Delete, Some(VisitorId(9))));
    store.delivered(delete.id, &Outcome::Gone).unwrap();
    assert!(names(store).is_empty() && is_empty(store));
}

#[test]
fn a_visitor_of_which_the_feed_tells_first_is_there_once() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = save(store, 0, "Guest", "key-1");
    let create = next(store);
    assert!(store.awaits_answer().unwrap());
    tell(store, vec![change(9, Some(visitor(9, 1, "Guest")))]);
    store.revoke_visitor(VisitorId(id + 1), "key-2").unwrap();
    deliver(store, &create, 9, 1, "Guest");
    assert_eq!(names(store), [(id, "Guest".to_owned())]);
    assert_eq!((next(store).kind, one(store).revoked), (ItemKind::Revoke, true));
}

#[test]
fn an_edit_of_a_visitor_that_is_gone_can_be_made_anew() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 1, "Guest")]), Vec::new());
    save(store, 1, "Mine", "key-1");
    tell(store, vec![change(7, None)]);
    let seen = one(store);
    assert_eq!((seen.name.as_str(), seen.codes), ("Mine", None));
    assert_eq!(seen.delivery, Delivery::Refused { why: Refusal::ChangedElsewhere });
    assert!(is_empty(store));
    assert_eq!(save(store, 1, "Mine again", "key-2"), 1);
    let sending = next(store);
    assert_eq!((sending.kind, name_of(&sending).as_str()), (ItemKind::Create, "Mine again"));
    // What was to be done to it and is no edit goes with it.
    deliver(store, &sending, 8, 1, "Mine again");
    store.renew_pin(VisitorId(1), "key-3").unwrap();
    tell(store, vec![change(8, None)]);
    assert!(names(store).is_empty() && is_empty(store));
}

#[test]
fn so_can_one_that_finds_nothing_to_edit() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 1, "Guest")]), Vec::new());
    save(store, 1, "Mine", "key-1");
    store.delivered(next(store).id, &Outcome::Gone).unwrap();
    assert_eq!(one(store).delivery, Delivery::Refused { why: Refusal::ChangedElsewhere });
    save(store, 1, "Mine again", "key-2");
    assert_eq!(next(store).kind, ItemKind::Create);
}

#[test]
fn what_is_refused_stays_with_its_reason_until_it_is_done_again_or_undone() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = save(store, 0, "Guest", "key-1");
    let sending = next(store);
    store.refused(sending.id, Refusal::TooMany).unwrap();
    assert_eq!(one(store).delivery, Delivery::Refused { why: Refusal::TooMany });
    assert!(is_empty(store));
    assert!(store.revoke_visitor(VisitorId(id), "key-2").is_err());
    save(store, id, "Guest", "key-3");
    assert_eq!((one(store).delivery, next(store).key.as_str()), (Delivery::Waiting, "key-3"));
    store.refused(next(store).id, Refusal::BadValue).unwrap();
    store.delete_visitor(VisitorId(id), "key-4").unwrap();
    assert!(names(store).is_empty() && is_empty(store));
}

#[test]
fn a_later_edit_is_tried_in_place_of_one_that_is_refused() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let id = save(store, 0, "Wrong", "key-1");
    let first = next(store);
    save(store, id, "Right", "key-2");
    store.refused(first.id, Refusal::BadValue).unwrap();
    let second = next(store);
    assert_eq!(
        (second.kind, second.key.as_str(), name_of(&second).as_str()),
        (ItemKind::Create, "key-2", "Right")
    );
}

#[test]
fn a_snapshot_leaves_what_waits() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(vec![visitor(7, 5, "Guest"), visitor(8, 1, "Courier")]), Vec::new());
    save(store, 0, "New", "key-1");
    store.revoke_visitor(VisitorId(1), "key-2").unwrap();
    save(store, 2, "Changed", "key-3");
    // The server was restored: 7 is what it was long ago, and 8 is somebody else's number by now.
    let other = visitor(8, 1, "Somebody");
    let other = vestibule_model::api::Visitor {
        codes: vestibule_model::VisitorCodes { pin: vestibule_model::Secret::new("1"), qr: None },
        ..other
    };
    take(store, &snapshot(vec![visitor(7, 2, "Gest"), other]), Vec::new());
    let seen = store.visitors().unwrap();
    let refused = Delivery::Refused { why: Refusal::ChangedElsewhere };
    let seen: Vec<_> = seen.iter().map(|v| (v.name.as_str(), v.revoked, v.delivery)).collect();
    assert_eq!(
        seen,
        [("Gest", false, refused), ("Somebody", false, refused), ("New", false, Delivery::Waiting)]
    );
    assert_eq!(next(store).key, "key-1");
}

#[test]
fn a_report_waits_and_gets_its_number() {
    let Fixture { store, .. } = &Fixture::new();
    take(store, &snapshot(Vec::new()), Vec::new());
    let report = Ticket {
        at: Timestamp(5),
        description: "The door sticks".to_owned(),
        email: "resident@site.example".to_owned(),
        diagnostics: vec!["Version 1".to_owned()],
        number: None,
        delivery: Delivery::Waiting,
    };
    store.add_ticket(&report, "key-1").unwrap();
    assert_eq!(store.tickets().unwrap()[0].1, report);
    let sending = next(store);
    let took = vestibule_model::api::Ticket {
        id: vestibule_model::api::TicketId(3),
        number: "1-000003".to_owned(),
        at: vestibule_model::api::Utc(Timestamp(6)),
        description: report.description.clone(),
        email: report.email.clone(),
        diagnostics: report.diagnostics.clone(),
    };
    store.delivered(sending.id, &Outcome::Ticket(Box::new(took))).unwrap();
    let [(_, ticket)] = store.tickets().unwrap().try_into().unwrap();
    assert_eq!((ticket.number.as_deref(), ticket.delivery), (Some("1-000003"), Delivery::Sent));
    assert!(is_empty(store));
    assert_eq!(store.waiting().unwrap(), 0);
}
