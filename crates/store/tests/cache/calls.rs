use vestibule_model::{CallId, CallStatus, Direction, Outcome, Timestamp};
use vestibule_store::{ActionId, CallEnd, NewCall, StoreError};

use crate::{Fixture, all, caller, end, ring};

#[test]
fn one_is_in_the_history_from_its_first_ring_to_its_end() {
    let Fixture { store, .. } = &Fixture::new();
    let call = ring(store, "Main entrance", 1000);
    let [entry] = all(store).try_into().unwrap();
    assert_eq!((entry.id, entry.status, entry.started), (call, CallStatus::Ringing, Timestamp(1000)));
    assert_eq!((entry.answered, entry.ended, entry.failure, entry.has_picture), (None, None, None, false));
    assert_eq!((entry.caller, entry.direction), (caller("Main entrance"), Direction::Incoming));

    store.call_answered(call, Timestamp(2000)).unwrap();
    let failure = Some("the intercom vanished".to_owned());
    let end = CallEnd { status: CallStatus::Answered, ended: Timestamp(3000), failure: failure.clone() };
    store.end_call(call, &end).unwrap();
    let [entry] = all(store).try_into().unwrap();
    assert_eq!((entry.status, entry.answered), (CallStatus::Answered, Some(Timestamp(2000))));
    assert_eq!((entry.ended, entry.failure, entry.seen), (Some(Timestamp(3000)), failure, true));
}

#[test]
fn actions_stand_in_their_order_with_what_became_of_them() {
    let Fixture { store, .. } = &Fixture::new();
    let (other, call) = (ring(store, "Other", 1), ring(store, "Main entrance", 2));
    let door = store.add_action(call, "Door", Timestamp(20), Outcome::Sending).unwrap();
    store.add_action(other, "Light", Timestamp(21), Outcome::Sending).unwrap();
    store.add_action(call, "Gate", Timestamp(10), Outcome::NotSent).unwrap();
    store.set_outcome(door, Outcome::Sent).unwrap();
    let entries = all(store);
    let actions: Vec<_> =
        entries[0].actions.iter().map(|action| (action.switch_name.as_str(), action.outcome)).collect();
    assert_eq!(actions, [("Door", Outcome::Sent), ("Gate", Outcome::NotSent)]);
    assert_eq!(entries[1].actions.len(), 1);
}

#[test]
fn every_state_survives_the_file() {
    let Fixture { store, .. } = &Fixture::new();
    use CallStatus::{Answered, AnsweredElsewhere, Declined, Failed, Missed, Ringing};
    for status in [Ringing, Answered, Missed, Declined, AnsweredElsewhere, Failed] {
        end(store, ring(store, "Main entrance", 1), status, 2);
        assert_eq!(all(store)[0].status, status);
    }
    let call = ring(store, "Main entrance", 1);
    let action = store.add_action(call, "Door", Timestamp(1), Outcome::Sending).unwrap();
    for outcome in [Outcome::Sent, Outcome::Confirmed, Outcome::Refused, Outcome::NotSent, Outcome::Sending] {
        store.set_outcome(action, outcome).unwrap();
        assert_eq!(all(store)[0].actions[0].outcome, outcome);
    }
}

#[test]
fn missed_calls_count_until_they_are_seen() {
    let Fixture { store, .. } = &Fixture::new();
    let calls = [1, 2, 3, 4].map(|at| ring(store, "Main entrance", at));
    assert_eq!(store.unseen().unwrap(), 0);
    for (call, status) in calls.iter().zip([
        CallStatus::Missed,
        CallStatus::AnsweredElsewhere,
        CallStatus::Missed,
        CallStatus::Missed,
    ]) {
        end(store, *call, status, 9);
    }
    assert_eq!(store.unseen().unwrap(), 3);
    store.mark_seen(calls[2]).unwrap();
    assert_eq!(store.unseen().unwrap(), 1);
    let seen: Vec<_> = all(store).iter().map(|entry| entry.seen).collect();
    assert_eq!(seen, [false, true, true, true]);
    store.delete_call(calls[3]).unwrap();
    assert_eq!(store.unseen().unwrap(), 0);
}

#[test]
fn what_a_crash_left_open_is_closed() {
    let Fixture { store, .. } = &Fixture::new();
    let ringing = ring(store, "Ringing", 100);
    let answered = ring(store, "Answered", 200);
    store.call_answered(answered, Timestamp(250)).unwrap();
    let action = store.add_action(answered, "Door", Timestamp(260), Outcome::Sending).unwrap();
    let dialled =
        NewCall { caller: &caller("Dialled"), direction: Direction::Outgoing, started: Timestamp(300) };
    store.begin_call(dialled).unwrap();
    let ended = ring(store, "Ended", 400);
    end(store, ended, CallStatus::Declined, 450);

    assert_eq!(store.close_unfinished().unwrap(), 3);
    let rows: Vec<_> = all(store)
        .into_iter()
        .map(|entry| {
            (entry.caller.name, entry.status, entry.ended.unwrap().0, entry.failure.is_some(), entry.seen)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("Ended".to_owned(), CallStatus::Declined, 450, false, true),
            ("Dialled".to_owned(), CallStatus::Failed, 300, true, true),
            ("Answered".to_owned(), CallStatus::Answered, 250, false, true),
            ("Ringing".to_owned(), CallStatus::Missed, 100, false, false),
        ]
    );
    assert_eq!(all(store)[2].actions[0].outcome, Outcome::Sent);
    assert_eq!(store.unseen().unwrap(), 1);
    assert_eq!(store.close_unfinished().unwrap(), 0);
    store.set_outcome(action, Outcome::Confirmed).unwrap();
    store.delete_call(ringing).unwrap();
}

#[test]
fn a_row_that_is_not_there_is_said_so() {
    let Fixture { store, .. } = &Fixture::new();
    let gone = ring(store, "Main entrance", 1);
    store.add_action(gone, "Door", Timestamp(1), Outcome::Sent).unwrap();
    store.set_picture(gone, b"jpeg").unwrap();
    store.delete_call(gone).unwrap();
    let at = Timestamp(2);
    let end = CallEnd { status: CallStatus::Missed, ended: at, failure: None };
    for result in [
        store.call_answered(gone, at),
        store.end_call(gone, &end),
        store.delete_call(gone),
        store.add_action(gone, "Door", at, Outcome::Sent).map(drop),
        store.set_outcome(ActionId(1), Outcome::Sent),
        store.set_picture(gone, b"jpeg"),
        store.call_answered(CallId(0), at),
    ] {
        assert!(matches!(result, Err(StoreError::NotFound)), "{result:?}");
    }
    assert_eq!(store.picture(gone).unwrap(), None);
    // Its id is not given out again: a picture or a window of the old call must not become the new one's.
    assert_ne!(ring(store, "Main entrance", 3), gone);
}
