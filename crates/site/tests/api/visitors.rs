use std::collections::HashSet;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{House, body};

#[tokio::test]
async fn one_is_made_with_a_pin_of_the_sites_length() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let made = client.visitor(house.flat, json!({})).await;
    let pin = made["codes"]["pin"].as_str().unwrap();
    assert!(pin.len() == 5 && pin.bytes().all(|byte| byte.is_ascii_digit()), "{pin}");
    assert_eq!(made["codes"]["qr"], Value::Null);
    assert_eq!(
        (&made["state"], &made["zone"], &made["revision"]),
        (&json!("active"), &json!("Europe/Prague"), &json!(1))
    );
    let again = client.get(&format!("/v1/visitors/{}", made["id"])).await.expect(200);
    assert_eq!(again, made);
    let housemate = house.client("housemate").await;
    assert_eq!(housemate.get("/v1/visitors").await.expect(200)["items"], json!([made]));
    house.admin.set_codes(house.site, 8, false).unwrap();
    let longer = client.visitor(house.flat, json!({})).await;
    assert_eq!(longer["codes"]["pin"].as_str().unwrap().len(), 8);
}

#[tokio::test]
async fn qr_codes_are_for_visitors_made_after_they_were_switched_on() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let before = client.visitor(house.flat, json!({})).await;
    house.admin.set_codes(house.site, 5, true).unwrap();
    let after = client.visitor(house.flat, json!({})).await;
    assert!(after["codes"]["qr"].as_str().unwrap().starts_with("vsq_"));
    let renewed = client.post(&format!("/v1/visitors/{}/pin", before["id"]), json!({})).await.expect(200);
    assert_eq!(renewed["codes"]["qr"], Value::Null);
    let renewed = client.post(&format!("/v1/visitors/{}/pin", after["id"]), json!({})).await.expect(200);
    assert_eq!(renewed["codes"]["qr"], after["codes"]["qr"]);
    assert_ne!(renewed["codes"]["pin"], after["codes"]["pin"]);
}

/// Of four digits, 300 that were drawn anew would hold two that are equal with a chance of 99 %.
#[tokio::test]
async fn pins_are_one_of_a_kind_in_the_site() {
    let house = House::new().await;
    house.admin.set_codes(house.site, 4, false).unwrap();
    let mut pins = HashSet::new();
    for _ in 0..15 {
        // Whose limit is reached waits an hour, and the token is over by then.
        for (who, flat) in [("resident", house.flat), ("neighbour", house.other_flat)] {
            let client = house.client(who).await;
            for _ in 0..10 {
                let made = client.visitor(flat, json!({})).await;
                assert!(pins.insert(made["codes"]["pin"].as_str().unwrap().to_owned()));
            }
        }
        house.pass(60);
    }
    assert_eq!(pins.len(), 300);
}

#[tokio::test]
async fn what_the_site_does_not_allow_is_refused_by_its_field() {
    let house = House::new().await;
    let resident = house.client("resident").await;
    let neighbour = house.client("neighbour").await;
    let monday = |from: u16, until: u16| json!([{ "days": [1], "from": from, "until": until }]);
    for (wrong, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "x".repeat(101) }), "name"),
        (json!({ "name": "a\nb" }), "name"),
        (json!({ "until": "2026-03-23T11:59:59Z" }), "until"),
        (json!({ "from": "2026-04-01T00:00:00Z", "until": "2026-04-01T00:00:00Z" }), "until"),
        (json!({ "schedule": monday(600, 600) }), "schedule[0].until"),
        (json!({ "schedule": [{ "days": [8], "from": 0, "until": 1 }] }), "schedule[0].days"),
        (json!({ "uses": 0 }), "uses"),
        (json!({ "uses": 1001 }), "uses"),
    ] {
        let answer = resident.post("/v1/visitors", body(house.flat, wrong.clone())).await;
        assert_eq!(answer.json["field"], field, "{wrong}");
        assert_eq!(answer.problem(), (422, "value_invalid".into()));
    }
    // Nobody can be let through a door that has no reader.
    let door = json!({ "apartment_door": true });
    let answer = neighbour.post("/v1/visitors", body(house.other_flat, door.clone())).await;
    assert_eq!((&answer.json["field"], answer.status.as_u16()), (&json!("apartment_door"), 422));
    resident.post("/v1/visitors", body(house.flat, door)).await.expect(201);
    assert_eq!(resident.get("/v1/visitors").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn one_is_changed_as_it_was_read_and_not_over_another_change() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let made = client.visitor(house.flat, json!({ "uses": 3, "until": "2026-03-25T00:00:00Z" })).await;
    let path = format!("/v1/visitors/{}", made["id"]);
    let wanted = json!({ "revision": 1, "name": "Plumber", "from": "2026-03-24T07:00:00+01:00" });
    let changed = client.put(&path, wanted.clone()).await.expect(200);
    assert_eq!((&changed["name"], &changed["from"]), (&json!("Plumber"), &json!("2026-03-24T06:00:00.000Z")));
    assert_eq!(
        (&changed["uses"], &changed["until"], &changed["state"]),
        (&Value::Null, &Value::Null, &json!("upcoming"))
    );
    assert_eq!((&changed["codes"], &changed["revision"]), (&made["codes"], &json!(2)));
    let housemate = house.client("housemate").await;
    assert_eq!(housemate.put(&path, wanted).await.problem(), (409, "revision_outdated".into()));
    assert_eq!(client.get(&path).await.expect(200), changed);
}

#[tokio::test]
async fn what_is_revoked_stays_so_and_what_is_deleted_is_gone() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let made = client.visitor(house.flat, json!({})).await;
    let path = format!("/v1/visitors/{}", made["id"]);
    let revoked = client.post(&format!("{path}/revoke"), json!({})).await.expect(200);
    assert_eq!((&revoked["revoked"], &revoked["state"]), (&json!(true), &json!("revoked")));
    let again = client.post(&format!("{path}/revoke"), json!({})).await.expect(200);
    assert_eq!(again, revoked);
    assert_eq!(client.post(&format!("{path}/pin"), json!({})).await.problem(), (403, "forbidden".into()));
    client.delete(&path).await.expect(204);
    for answer in [client.get(&path).await, client.delete(&path).await] {
        assert_eq!(answer.problem(), (404, "not_found".into()));
    }
}

#[tokio::test]
async fn pins_are_made_so_often_and_then_once_in_a_while() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for _ in 0..19 {
        client.visitor(house.flat, json!({})).await;
    }
    let last = client.visitor(house.flat, json!({})).await;
    let late = client.post("/v1/visitors", body(house.flat, json!({}))).await;
    assert_eq!(late.headers["retry-after"], "180");
    assert_eq!(late.problem(), (429, "too_many".into()));
    client.post(&format!("/v1/visitors/{}/pin", last["id"]), json!({})).await.expect(429);
    house.client("housemate").await.visitor(house.flat, json!({})).await;
    house.pass(3);
    client.visitor(house.flat, json!({})).await;
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(client.visitor(house.flat, json!({})).await);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/visitors?limit=2{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, made);
}

/// PIN and QR token are nowhere on the disk in clear.
#[tokio::test]
async fn codes_are_sealed_in_the_database() {
    let mut house = House::new().await;
    house.admin.set_codes(house.site, 12, true).unwrap();
    let client = house.client("resident").await;
    let made = client.visitor(house.flat, json!({ "name": "A name that is there" })).await;
    let check = json!({ "pin": made["codes"]["pin"] });
    assert_eq!(house.entrance.check(check.clone()).await, "allowed");
    house.stop().await;
    let mut all = Vec::new();
    for file in ["site.db", "site.db-wal"] {
        all.extend(std::fs::read(house.dir.path().join("data").join(file)).unwrap_or_default());
    }
    let there = |text: &str| all.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(there("A name that is there"));
    for secret in [&made["codes"]["pin"], &made["codes"]["qr"], &json!(client.token), &json!(client.device)] {
        assert!(!there(secret.as_str().unwrap()));
    }
    // Of five digits, a bare digest gives the PIN away as well.
    let request = format!("POST\0/v1/door-checks\0{check}");
    for guess in [request.as_str(), made["codes"]["pin"].as_str().unwrap()] {
        let digest = Sha256::digest(guess);
        assert!(!all.windows(digest.len()).any(|bytes| bytes == digest.as_slice()));
    }
}
