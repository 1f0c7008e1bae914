use vestibule_model::{DoorSwitch, Intercom, IntercomId, SwitchId, SwitchKind};
use vestibule_store::StoreError;

use crate::{Fixture, all, caller, raw};

fn switch(name: &str, code: &str) -> DoorSwitch {
    DoorSwitch { id: SwitchId(0), name: name.to_owned(), kind: SwitchKind::Door, code: code.parse().unwrap() }
}

fn intercom(name: &str, switches: Vec<DoorSwitch>) -> Intercom {
    Intercom {
        id: IntercomId(0),
        name: name.to_owned(),
        address: "door@[2001:db8::1]:5062".parse().unwrap(),
        direct: true,
        device: None,
        switches,
    }
}

#[test]
fn come_back_with_their_switches_in_order() {
    let fixture = Fixture::new();
    let wanted = intercom("Main entrance", vec![switch("Gate", "12#"), switch("Door", "00*")]);
    let id = fixture.store.save_intercom(&wanted).unwrap();
    let [saved] = fixture.store.intercoms().unwrap().try_into().unwrap();
    assert_eq!(saved.id, id);
    assert_eq!((&saved.name, &saved.address, saved.direct), (&wanted.name, &wanted.address, true));
    let names: Vec<_> =
        saved.switches.iter().map(|switch| (switch.name.as_str(), switch.code.reveal())).collect();
    assert_eq!(names, [("Gate", "12#"), ("Door", "00*")]);
}

#[test]
fn are_listed_by_name_without_regard_to_case() {
    let fixture = Fixture::new();
    for name in ["garage", "Énea", "Back door", "énea 2"] {
        fixture.store.save_intercom(&intercom(name, vec![])).unwrap();
    }
    let names: Vec<_> =
        fixture.store.intercoms().unwrap().into_iter().map(|intercom| intercom.name).collect();
    assert_eq!(names, ["Back door", "garage", "Énea", "énea 2"]);
}

#[test]
fn a_change_keeps_the_ids_of_the_switches_that_stay() {
    let fixture = Fixture::new();
    let new = intercom("Main entrance", vec![switch("A", "1"), switch("B", "2"), switch("C", "3")]);
    fixture.store.save_intercom(&new).unwrap();
    let [mut changed] = fixture.store.intercoms().unwrap().try_into().unwrap();
    changed.switches.remove(1);
    changed.switches.reverse();
    changed.switches.insert(1, switch("D", "4"));
    changed.name = "Side entrance".to_owned();
    assert_eq!(fixture.store.save_intercom(&changed).unwrap(), changed.id);

    let [mut saved] = fixture.store.intercoms().unwrap().try_into().unwrap();
    assert_eq!(saved.switches[0], changed.switches[0]);
    assert_eq!(saved.switches[2], changed.switches[2]);
    let ids: Vec<_> = saved.switches.iter().map(|switch| switch.id.0).collect();
    assert_eq!(ids, [3, 4, 1]);
    saved.switches[1].id = SwitchId(0);
    assert_eq!(saved, changed);
}

#[test]
fn nothing_changes_when_an_id_is_not_there() {
    let fixture = Fixture::new();
    let a = fixture.store.save_intercom(&intercom("A", vec![switch("Door", "1")])).unwrap();
    let b = fixture.store.save_intercom(&intercom("B", vec![])).unwrap();
    let before = fixture.store.intercoms().unwrap();

    let foreign = DoorSwitch { id: before[0].switches[0].id, ..switch("Taken over", "2") };
    let missing = DoorSwitch { id: SwitchId(77), ..switch("Nowhere", "2") };
    for wrong in [
        Intercom { id: IntercomId(a.0 + b.0 + 1), ..intercom("C", vec![]) },
        Intercom { id: b, ..intercom("B2", vec![switch("New", "5"), foreign]) },
        Intercom { id: a, ..intercom("A2", vec![missing]) },
        intercom("D", vec![DoorSwitch { id: SwitchId(1), ..switch("Door", "1") }]),
    ] {
        assert!(matches!(fixture.store.save_intercom(&wrong), Err(StoreError::NotFound)), "{wrong:?}");
        assert_eq!(fixture.store.intercoms().unwrap(), before);
    }
}

#[test]
fn a_removed_one_leaves_its_calls_and_its_id_behind() {
    let fixture = Fixture::new();
    let id = fixture.store.save_intercom(&intercom("Main entrance", vec![switch("Door", "1")])).unwrap();
    let caller = vestibule_model::Caller { intercom: Some(id), ..caller("Main entrance") };
    let call = vestibule_store::NewCall {
        caller: &caller,
        direction: vestibule_model::Direction::Incoming,
        started: vestibule_model::Timestamp(1),
    };
    fixture.store.begin_call(call).unwrap();
    fixture.store.delete_intercom(id).unwrap();
    assert!(matches!(fixture.store.delete_intercom(id), Err(StoreError::NotFound)));
    let [entry] = all(&fixture.store).try_into().unwrap();
    assert_eq!((entry.caller.intercom, entry.caller.name.as_str()), (None, "Main entrance"));
    assert_ne!(fixture.store.save_intercom(&intercom("Other", vec![])).unwrap(), id);
}

#[test]
fn one_that_cannot_be_read_is_left_out() {
    let fixture = Fixture::new();
    fixture.store.save_intercom(&intercom("A", vec![switch("Door", "1"), switch("Gate", "2")])).unwrap();
    fixture.store.save_intercom(&intercom("B", vec![])).unwrap();
    raw(&fixture.path, &fixture.key)
        .execute_batch(
            "UPDATE switch SET kind = 'portcullis' WHERE name = 'Door';
             UPDATE intercom SET address = 'nowhere' WHERE name = 'B';",
        )
        .unwrap();
    let [left] = fixture.store.intercoms().unwrap().try_into().unwrap();
    assert_eq!((left.name.as_str(), left.switches.len()), ("A", 1));
}
