use serde_json::json;
use vestibule_ipc::{ErrorCode, RenewPin};
use vestibule_model::{Delivery, Refusal, Uses, Visitor, VisitorId};

use crate::building::Building;
use crate::resident::{Resident, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn one_made_offline_waits_without_a_pin_and_gets_it_when_the_server_is_back() {
    let mut building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    building.stop().await;
    resident.wire.cut();
    resident.until_offline().await;
    let id = resident.invite(building.flat, "Guest").await;
    let waiting = resident.find(id).await.unwrap();
    assert_eq!((waiting.delivery, waiting.codes), (Delivery::Waiting, None));
    resident.restart().await;
    assert_eq!(resident.find(id).await.unwrap().delivery, Delivery::Waiting);
    building.start().await;
    resident.wire.mend(building.address);
    let sent = resident.until_sent(id).await;
    let codes = sent.codes.unwrap();
    assert_eq!(codes.pin.reveal().len(), 5);
    assert!(codes.qr.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_apps_see_what_each_other_does() {
    let building = Building::new().await;
    let one = Resident::signed_in(&building, "resident").await;
    let other = Resident::signed_in(&building, "housemate").await;
    let id = one.invite(building.flat, "Guest").await;
    other.until_names(&["Guest"]).await;
    let seen = other.visitors().await.remove(0);
    other.rename(seen.id, "Courier").await;
    let renamed = one.until_visitor("it has its other name", id, |visitor| visitor.name == "Courier").await;
    one.app.renew_pin(RenewPin { visitor: id }).await.unwrap();
    let pin = renamed.codes.unwrap().pin;
    let another = |visitor: &Visitor| visitor.codes.as_ref().is_some_and(|codes| codes.pin != pin);
    other.until_visitor("it has another PIN", seen.id, another).await;
    one.revoke(id).await.unwrap();
    other.until_visitor("it is revoked", seen.id, |visitor| visitor.revoked).await;
    other.delete(seen.id).await.unwrap();
    one.until_names(&[]).await;
    assert_eq!(one.delete(id).await.unwrap_err().code, ErrorCode::BadValue);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_edits_of_the_same_visitor_the_first_at_the_server_stands() {
    let building = Building::new().await;
    let one = Resident::signed_in(&building, "resident").await;
    let other = Resident::signed_in(&building, "housemate").await;
    let id = one.invite(building.flat, "Guest").await;
    one.until_sent(id).await;
    other.until_names(&["Guest"]).await;
    one.wire.cut();
    one.until_offline().await;
    one.rename(id, "Mine").await;
    other.rename(other.visitors().await[0].id, "Theirs").await;
    other.until_sent(other.visitors().await[0].id).await;
    assert_eq!(one.find(id).await.unwrap().name, "Mine");
    one.wire.mend(building.address);
    let refused = Delivery::Refused { why: Refusal::ChangedElsewhere };
    let theirs = |visitor: &Visitor| visitor.delivery == refused && visitor.name == "Theirs";
    one.until_visitor("it is refused, and the other's is shown", id, theirs).await;
    one.rename(id, "Mine").await;
    one.until_sent(id).await;
    other.until_names(&["Mine"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_one_that_was_removed_elsewhere_is_kept_to_be_made_anew() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let id = resident.invite(building.flat, "Guest").await;
    resident.until_sent(id).await;
    resident.wire.cut();
    resident.until_offline().await;
    resident.rename(id, "Mine").await;
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    let server = somebody.visitors().await[0]["id"].as_i64().unwrap();
    somebody.ask("DELETE", &format!("visitors/{server}"), None).await;
    resident.wire.mend(building.address);
    let refused = Delivery::Refused { why: Refusal::ChangedElsewhere };
    let seen = resident.until_visitor("it is refused", id, |visitor| visitor.delivery == refused).await;
    assert_eq!((seen.name.as_str(), seen.codes), ("Mine", None));
    resident.rename(id, "Mine").await;
    assert!(resident.until_sent(id).await.codes.is_some());
    assert_eq!(somebody.visitors().await[0]["name"], "Mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_site_does_not_allow_is_said_at_once_or_when_it_is_known() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let good = || visitor(building.flat, "Guest");
    let at = |millis| Some(vestibule_model::Timestamp(millis));
    for bad in [
        Visitor { name: " ".to_owned(), ..good() },
        Visitor { name: "x".repeat(101), ..good() },
        Visitor { from: at(2), until: at(2), ..good() },
        Visitor { uses: Some(Uses { allowed: 0, used: 0 }), ..good() },
        Visitor { apartment: vestibule_model::ApartmentId(99), ..good() },
        Visitor { apartment_door: true, ..good() },
        Visitor { id: VisitorId(99), ..good() },
    ] {
        assert_eq!(resident.save(bad.clone()).await.unwrap_err().code, ErrorCode::BadValue, "{bad:?}");
    }
    let id = resident.save(Visitor { until: at(1_000), ..good() }).await.unwrap();
    let refused = Delivery::Refused { why: Refusal::BadValue };
    resident.until_visitor("it is over already", id, |visitor| visitor.delivery == refused).await;
    let known = resident.find(id).await.unwrap();
    resident.save(Visitor { until: None, ..known }).await.unwrap();
    resident.until_sent(id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wait_until_the_server_takes_them() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let mut last = VisitorId(0);
    for number in 0..22 {
        last = resident.invite(building.flat, &format!("Guest {number}")).await;
    }
    let waits = |visitor: &Visitor| visitor.delivery == Delivery::Waiting;
    vestibule_tests::wait_until("20 are sent", async || {
        resident.visitors().await.iter().filter(|visitor| !waits(visitor)).count() == 20
    })
    .await;
    // What others do is seen all the same.
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    let flat = building.flat;
    somebody.ask("POST", "visitors", Some(json!({ "name": "Courier", "apartment": flat }))).await;
    vestibule_tests::wait_until("another's is seen", async || {
        resident.visitors().await.iter().any(|visitor| visitor.name == "Courier")
    })
    .await;
    assert!(waits(&resident.find(last).await.unwrap()));
    assert!(resident.site().await.unwrap().online);
}
