use serde_json::{Value, json};
use vestibule_model::api::{Device, DeviceId};
use vestibule_model::{DeviceKind, DeviceStatus};

use crate::{Client, House};

async fn log(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("/v1/access{query}")).await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn says_door_person_method_and_result_newest_first() {
    let house = House::new().await;
    house.admin.set_codes(house.site, 5, true).unwrap();
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    house.pass(1);
    house.flat_door.check(json!({ "qr": guest["codes"]["qr"] })).await;
    let lines = log(&client, "").await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["door"], "Flat 12 door");
    assert_eq!((&lines[0]["method"], &lines[0]["at"]), (&json!("qr"), &json!("2026-03-23T12:01:00.000Z")));
    assert_eq!(lines[0]["result"], json!({ "denied": { "why": "no_right" } }));
    assert_eq!((&lines[1]["door"], &lines[1]["person"]), (&json!("Main entrance"), &json!("Guest")));
    assert_eq!((&lines[1]["method"], &lines[1]["result"]), (&json!("pin"), &json!("allowed")));
}

#[tokio::test]
async fn is_filtered_and_comes_in_pages() {
    let house = House::new().await;
    house.admin.set_codes(house.site, 5, true).unwrap();
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({ "name": "Čeněk 100%" })).await;
    for _ in 0..3 {
        house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
        house.entrance.check(json!({ "qr": guest["codes"]["qr"] })).await;
        house.flat_door.check(json!({ "pin": guest["codes"]["pin"] })).await;
    }
    let (office, company) = (house.client("office").await, house.client("company").await);
    for (query, count) in [
        ("", 9),
        ("?method=qr", 3),
        ("?problems=true", 3),
        ("?problems=true&method=qr", 0),
        ("?text=flat%2012", 3),
        ("?text=%C4%8CEN%C4%9AK", 9),
        ("?text=100%25", 9),
        ("?text=nobody", 0),
        ("?limit=4", 4),
    ] {
        for client in [&client, &office, &company] {
            assert_eq!(log(client, query).await.len(), count, "{query}");
        }
    }
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/access?limit=2&method=pin{cursor}")).await.expect(200);
        ids.extend(page["items"].as_array().unwrap().iter().map(|line| line["id"].as_i64().unwrap()));
        // What happens meanwhile is newer, and moves no page.
        house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids.len(), 6);
    assert!(ids.is_sorted_by(|one, other| one > other));
}

#[tokio::test]
async fn is_seen_by_those_whose_it_is() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    house.entrance.check(json!({ "pin": "nobody's" })).await;
    house.flat_door.check(json!({ "pin": "nobody's" })).await;
    for (who, count) in [
        ("resident", 2),
        ("housemate", 2),
        ("household", 2),
        ("neighbour", 0),
        ("stranger", 0),
        ("office", 3),
        ("company", 3),
    ] {
        assert_eq!(log(&house.client(who).await, "").await.len(), count, "{who}");
    }
}

#[tokio::test]
async fn goes_back_ninety_days_and_outlives_the_visitor() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    client.delete(&format!("/v1/visitors/{}", guest["id"])).await.expect(204);
    assert_eq!(log(&client, "").await[0]["person"], "Guest");
    house.pass(90 * 24 * 60 - 1);
    assert_eq!(log(&house.client("resident").await, "").await.len(), 1);
    house.pass(1);
    assert_eq!(log(&house.client("resident").await, "").await.len(), 0);
}

#[tokio::test]
async fn says_nothing_of_a_device_whose_logging_is_off() {
    let house = House::new().await;
    let quiet = Device {
        id: DeviceId(0),
        site: house.site,
        name: "Quiet gate".into(),
        kind: DeviceKind::Intercom,
        status: DeviceStatus::Online,
        apartment: None,
        logging: false,
        hardware: vestibule_model::api::Hardware::default(),
        licence: vestibule_model::api::Licence::Ready,
    };
    let token = house.admin.add_device(&quiet).unwrap().1;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({ "uses": 1 })).await;
    let gate = Client::new(&house.base, token.reveal(), "");
    assert_eq!(gate.check(json!({ "pin": guest["codes"]["pin"] })).await, "allowed");
    assert_eq!(gate.check(json!({ "pin": guest["codes"]["pin"] })).await, "used_up");
    assert_eq!(log(&client, "").await, Vec::<Value>::new());
}
