use serde_json::json;
use vestibule_model::{AccessFilter, AccessMethod, AccessResult, Denial, Uses, Visitor};
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::{Resident, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_does_at_the_door_stands_in_the_log() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let wanted = Visitor { uses: Some(Uses { allowed: 9, used: 0 }), ..visitor(building.flat, "Guest") };
    let id = resident.save(wanted).await.unwrap();
    let codes = resident.until_sent(id).await.codes.unwrap();
    let (pin, qr) = (codes.pin.reveal(), codes.qr.as_ref().unwrap().reveal());
    assert_eq!(building.at_the_door(json!({ "pin": pin }), "door-1").await, "allowed");
    assert_eq!(building.at_the_door(json!({ "qr": qr }), "door-2").await, "allowed");
    let used = |visitor: &Visitor| visitor.uses == Some(Uses { allowed: 9, used: 2 });
    resident.until_visitor("both uses are counted", id, used).await;
    resident.revoke(id).await.unwrap();
    resident.until_visitor("it is revoked", id, |visitor| visitor.delivery == Default::default()).await;
    assert_eq!(building.at_the_door(json!({ "pin": pin }), "door-3").await, "revoked");

    let all = AccessFilter::default();
    wait_until("three lines", async || resident.access(all.clone()).await.entries.len() == 3).await;
    // Everything is answered without a network.
    resident.wire.cut();
    resident.until_offline().await;
    let lines = resident.access(all).await.entries;
    let told: Vec<_> = lines.iter().map(|line| (line.method, line.result)).collect();
    let denied = AccessResult::Denied { why: Denial::Revoked };
    assert_eq!(
        told,
        [
            (AccessMethod::Pin, denied),
            (AccessMethod::Qr, AccessResult::Allowed),
            (AccessMethod::Pin, AccessResult::Allowed)
        ]
    );
    assert!(lines.iter().all(|line| line.door == "Main entrance" && line.person == "Guest"));
    let filter = AccessFilter { problems_only: true, text: "gUe".to_owned(), ..AccessFilter::default() };
    assert_eq!(resident.access(filter).await.entries, [lines[0].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_from_before_the_sign_in_is_read_to_its_end() {
    let building = Building::new().await;
    let first = Resident::signed_in(&building, "resident").await;
    let id = first.invite(building.flat, "Guest").await;
    let pin = first.until_sent(id).await.codes.unwrap().pin;
    for number in 0..620 {
        // A door is asked so often at most.
        if number % 20 == 0 {
            building.pass(1);
        }
        let key = format!("door-{number}");
        assert_eq!(building.at_the_door(json!({ "pin": pin.reveal() }), &key).await, "allowed");
    }
    let late = Resident::signed_in(&building, "housemate").await;
    let page = || AccessFilter { limit: 500, ..AccessFilter::default() };
    wait_until("the whole log", async || {
        let newest = late.access(page()).await;
        let Some(last) = newest.entries.last() else { return false };
        let older = late.access(AccessFilter { before: Some(last.id), ..page() }).await;
        newest.entries.len() + older.entries.len() == 620 && !older.more
    })
    .await;
}
