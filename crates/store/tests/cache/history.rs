use vestibule_model::{CallStatus, Caller, Direction, HistoryFilter, Outcome, Timestamp};
use vestibule_store::{NewCall, Store};

use crate::{Fixture, all, end, raw, ring};

fn names(store: &Store, text: &str) -> Vec<String> {
    let filter = HistoryFilter { text: text.to_owned(), ..HistoryFilter::default() };
    store.history(&filter).unwrap().0.into_iter().map(|entry| entry.caller.name).collect()
}

#[test]
fn comes_in_pages_without_gaps_or_repeats() {
    let Fixture { store, .. } = &Fixture::new();
    for at in 0..130 {
        let call = ring(store, "Main entrance", at);
        store.add_action(call, &format!("Door {at}"), Timestamp(at), Outcome::Sent).unwrap();
    }
    for (limit, sizes) in [(0, vec![50, 50, 30]), (65, vec![65, 65]), (130, vec![130]), (1000, vec![130])] {
        let mut filter = HistoryFilter { limit, ..HistoryFilter::default() };
        let mut started = Vec::new();
        for (page, size) in sizes.iter().enumerate() {
            let (entries, more) = store.history(&filter).unwrap();
            assert_eq!((entries.len(), more), (*size, page + 1 < sizes.len()), "limit {limit}, page {page}");
            filter.before = entries.last().map(|entry| entry.id);
            for entry in entries {
                assert_eq!(entry.actions.len(), 1);
                assert_eq!(entry.actions[0].switch_name, format!("Door {}", entry.started.0));
                started.push(entry.started.0);
            }
        }
        assert_eq!(started, (0..130).rev().collect::<Vec<_>>());
        assert_eq!(store.history(&filter).unwrap(), (vec![], false));
    }
}

#[test]
fn is_searched_without_regard_to_case_in_any_script() {
    let Fixture { store, .. } = &Fixture::new();
    for name in ["Straße 7", "ΟΔΟΣ", "Čakovec", "Подъезд 2", "100% Café_1"] {
        ring(store, name, 1);
    }
    for (text, found) in [
        ("strasse", "Straße 7"),
        ("STRASSE", "Straße 7"),
        ("ßE", "Straße 7"),
        ("οδος", "ΟΔΟΣ"),
        ("δοσ", "ΟΔΟΣ"),
        ("čAK", "Čakovec"),
        ("ПОДЪЕЗД", "Подъезд 2"),
        ("  café ", "100% Café_1"),
        ("0%", "100% Café_1"),
        ("é_", "100% Café_1"),
    ] {
        assert_eq!(names(store, text), [found], "{text}");
    }
    assert_eq!(names(store, "DOOR@example.org").len(), 5, "the address is searched as well");
    for nothing in ["c_f", "100%C", "' OR 1=1 --", "\\"] {
        assert_eq!(names(store, nothing), Vec::<String>::new(), "{nothing}");
    }
    assert_eq!(names(store, "   ").len(), 5);
}

#[test]
fn can_be_missed_calls_only() {
    let Fixture { store, .. } = &Fixture::new();
    for at in 0..10 {
        let status = if at % 2 == 0 { CallStatus::Missed } else { CallStatus::Declined };
        end(store, ring(store, if at < 5 { "Gate" } else { "Door" }, at), status, at);
    }
    let mut filter = HistoryFilter { missed_only: true, limit: 2, ..HistoryFilter::default() };
    let (entries, more) = store.history(&filter).unwrap();
    assert_eq!((entries.iter().map(|entry| entry.started.0).collect::<Vec<_>>(), more), (vec![8, 6], true));
    filter.text = "gate".to_owned();
    filter.before = Some(entries[1].id);
    let (entries, more) = store.history(&filter).unwrap();
    assert_eq!((entries.iter().map(|entry| entry.started.0).collect::<Vec<_>>(), more), (vec![4, 2], true));
}

#[test]
fn keeps_what_the_caller_said_of_itself() {
    let Fixture { store, .. } = &Fixture::new();
    let caller = Caller {
        intercom: None,
        name: "\u{202e}Guest\0' \u{1f514}".to_owned(),
        address: "guest@[2001:db8::7]".to_owned(),
    };
    let call = NewCall { caller: &caller, direction: Direction::Outgoing, started: Timestamp(i64::MIN) };
    store.begin_call(call).unwrap();
    assert_eq!(all(store)[0].caller, caller);
    assert_eq!(names(store, "guest@[2001").len(), 1);
}

#[test]
fn leaves_out_what_a_later_version_wrote_and_this_one_cannot_read() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    for at in 0..4 {
        let call = ring(store, "Main entrance", at);
        store.add_action(call, "Door", Timestamp(at), Outcome::Sent).unwrap();
    }
    raw(&fixture.path, &fixture.key)
        .execute_batch(
            "UPDATE call SET status = 'forwarded' WHERE started = 2;
             UPDATE door_action SET outcome = 'jammed' WHERE at = 1;",
        )
        .unwrap();
    let (entries, more) = store.history(&HistoryFilter { limit: 3, ..HistoryFilter::default() }).unwrap();
    let rows: Vec<_> = entries.iter().map(|entry| (entry.started.0, entry.actions.len())).collect();
    assert_eq!((rows, more), (vec![(3, 1), (1, 0)], true));
}
