use reqwest::Method;
use serde_json::json;

use crate::House;

#[tokio::test]
async fn a_pin_opens_the_doors_of_the_house_and_the_own_one_if_it_may() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    assert_eq!(house.flat_door.check(pin).await, "no_right");
    let friend = client.visitor(house.flat, json!({ "apartment_door": true })).await;
    let pin = json!({ "pin": friend["codes"]["pin"] });
    assert_eq!(house.flat_door.check(pin).await, "allowed");
    // Neighbours' visitors are let into the house and no further.
    let neighbours = house.client("neighbour").await.visitor(house.other_flat, json!({})).await;
    let pin = json!({ "pin": neighbours["codes"]["pin"] });
    assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    assert_eq!(house.flat_door.check(pin).await, "no_right");
}

#[tokio::test]
async fn a_qr_code_opens_too_and_neither_is_taken_for_the_other() {
    let house = House::new().await;
    house.admin.set_codes(house.site, 5, true).unwrap();
    let guest = house.client("resident").await.visitor(house.flat, json!({})).await;
    let (pin, qr) = (&guest["codes"]["pin"], &guest["codes"]["qr"]);
    assert_eq!(house.entrance.check(json!({ "qr": qr })).await, "allowed");
    assert_eq!(house.entrance.check(json!({ "pin": pin })).await, "allowed");
    assert_eq!(house.entrance.check(json!({ "qr": pin })).await, "unknown");
    assert_eq!(house.entrance.check(json!({ "pin": qr })).await, "unknown");
    for both in [json!({}), json!({ "pin": pin, "qr": qr })] {
        house.entrance.post("/v1/door-checks", both).await.expect(422);
    }
}

#[tokio::test]
async fn codes_work_in_their_time_and_as_often_as_they_may() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let window = json!({ "from": "2026-03-23T13:00:00Z", "until": "2026-03-23T14:00:00Z", "uses": 2 });
    let guest = client.visitor(house.flat, window).await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    house.set("2026-03-23T12:59:59.999Z");
    assert_eq!(house.entrance.check(pin.clone()).await, "outside_time");
    house.set("2026-03-23T13:00:00Z");
    assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    house.set("2026-03-23T13:59:59.999Z");
    assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    assert_eq!(house.entrance.check(pin.clone()).await, "used_up");
    let client = house.client("resident").await;
    let seen = client.get(&format!("/v1/visitors/{}", guest["id"])).await.expect(200);
    assert_eq!((&seen["uses"], &seen["state"]), (&json!({ "allowed": 2, "used": 2 }), &json!("used_up")));
    // The resident extends it: those that were used count.
    let more = json!({ "revision": seen["revision"], "name": "Guest", "uses": 3 });
    client.put(&format!("/v1/visitors/{}", guest["id"]), more).await.expect(200);
    house.set("2026-03-23T14:00:00Z");
    assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    assert_eq!(house.entrance.check(pin).await, "used_up");
}

#[tokio::test]
async fn a_window_ends_with_its_last_moment() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({ "until": "2026-03-23T14:00:00Z" })).await;
    house.set("2026-03-23T14:00:00Z");
    assert_eq!(house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await, "outside_time");
}

#[tokio::test]
async fn what_was_taken_back_renewed_or_deleted_opens_nothing() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    let path = format!("/v1/visitors/{}", guest["id"]);
    let old = json!({ "pin": guest["codes"]["pin"] });
    let renewed = client.post(&format!("{path}/pin"), json!({})).await.expect(200);
    let new = json!({ "pin": renewed["codes"]["pin"] });
    assert_eq!(house.entrance.check(old).await, "unknown");
    assert_eq!(house.entrance.check(new.clone()).await, "allowed");
    client.post(&format!("{path}/revoke"), json!({})).await.expect(200);
    assert_eq!(house.entrance.check(new.clone()).await, "revoked");
    client.delete(&path).await.expect(204);
    assert_eq!(house.entrance.check(new).await, "unknown");
}

#[tokio::test]
async fn asking_again_with_the_same_key_counts_nothing() {
    let house = House::new().await;
    let guest = house.client("resident").await.visitor(house.flat, json!({ "uses": 1 })).await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    for _ in 0..3 {
        let answer = house.entrance.send_once(Method::POST, "/v1/door-checks", Some(&pin), "one").await;
        assert_eq!(answer.expect(200), json!({ "result": "allowed", "at": "2026-03-23T12:00:00.000Z" }));
    }
    assert_eq!(house.entrance.check(pin).await, "used_up");
}

#[tokio::test]
async fn one_use_at_two_doors_at_once_is_one_use() {
    let house = House::new().await;
    let guest = house
        .client("resident")
        .await
        .visitor(house.flat, json!({ "uses": 1, "apartment_door": true }))
        .await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    let (first, second) = tokio::join!(house.entrance.check(pin.clone()), house.flat_door.check(pin.clone()));
    let mut said = [first, second];
    said.sort();
    assert_eq!(said, ["allowed", "used_up"]);
}

#[tokio::test]
async fn guessing_is_slowed_down_at_its_door() {
    let house = House::new().await;
    let guest = house.client("resident").await.visitor(house.flat, json!({})).await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    for _ in 0..20 {
        assert_eq!(house.entrance.check(pin.clone()).await, "allowed");
    }
    for _ in 0..5 {
        assert_eq!(house.entrance.check(json!({ "pin": "no digits" })).await, "unknown");
    }
    let late = house.entrance.post("/v1/door-checks", pin.clone()).await;
    assert_eq!(late.headers["retry-after"], "180");
    assert_eq!(late.problem(), (429, "too_many".into()));
    assert_eq!(house.flat_door.check(pin.clone()).await, "no_right");
    house.pass(3);
    assert_eq!(house.entrance.check(pin).await, "allowed");
}

#[tokio::test]
async fn codes_of_another_house_are_unknown_here() {
    let house = House::new().await;
    let stranger = house.client("stranger").await;
    let flats = stranger.get("/v1/apartments").await.expect(200);
    let elsewhere = vestibule_model::ApartmentId(flats["items"][0]["id"].as_i64().unwrap());
    let guest = stranger.visitor(elsewhere, json!({})).await;
    assert_eq!(house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await, "unknown");
}
