use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, House};

async fn calls(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/call-records{query}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn missed(house: &House) -> Value {
    json!({ "apartment": house.flat, "started": "2026-03-23T11:59:30Z", "status": "missed" })
}

#[tokio::test]
async fn a_call_is_for_those_who_live_where_it_rang() {
    let house = House::new().await;
    let (resident, housemate) = (house.client("resident").await, house.client("housemate").await);
    let cursor = resident.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned();
    let key = "call-of-today";
    let (path, body) = ("/v1/call-reports", missed(&house));
    let made = house.entrance.send_once(Method::POST, path, Some(&body), key).await.expect(201);
    assert_eq!(house.entrance.send_once(Method::POST, path, Some(&body), key).await.expect(201), made);
    let wanted = json!({ "id": made["id"], "device": made["device"], "caller": "Main entrance",
        "apartment": house.flat, "started": "2026-03-23T11:59:30.000Z", "seconds": 0, "status": "missed",
        "answered_by": null, "answered": "" });
    assert_eq!(made, wanted);
    for client in [&resident, &housemate] {
        assert_eq!(calls(client, "").await, std::slice::from_ref(&wanted));
    }
    let told = resident.get(&format!("/v1/changes?since={cursor}")).await.expect(200);
    assert_eq!(told["items"], json!([{ "kind": "call_record", "id": made["id"], "now": wanted }]));
    for name in ["neighbour", "office", "payer", "company", "stranger"] {
        let client = house.client(name).await;
        assert_eq!(calls(&client, "").await, Vec::<Value>::new(), "{name}");
        let told = client.get(&format!("/v1/changes?since={cursor}")).await.expect(200);
        assert_eq!(told["items"], json!([]), "{name}");
    }
    house.pass(90 * 24 * 60);
    assert_eq!(calls(&house.client("resident").await, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn who_answered_is_named_and_what_cannot_have_been_is_refused() {
    let house = House::new().await;
    let neighbour = house.client("neighbour").await;
    let devices = neighbour.get("/v1/devices").await.expect(200);
    let of = |name: &str| {
        let mut devices = devices["items"].as_array().unwrap().iter();
        devices.find(|device| device["name"] == name).unwrap()["id"].clone()
    };
    let call = |more: Value| {
        let mut call = json!({ "apartment": house.other_flat, "started": "2026-03-23T12:00:00Z",
            "seconds": 42, "status": "answered", "answered_by": of("Flat 13 screen") });
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    let made = house.entrance.post("/v1/call-reports", call(json!({}))).await.expect(201);
    assert_eq!((&made["answered"], &made["seconds"]), (&json!("Flat 13 screen"), &json!(42)));
    for (more, field) in [
        (json!({ "apartment": 999 }), "apartment"),
        (json!({ "started": "2026-03-23T12:05:01Z" }), "started"),
        (json!({ "started": "2025-12-23T12:00:00Z" }), "started"),
        (json!({ "seconds": 86_401 }), "seconds"),
        (json!({ "status": "missed" }), "seconds"),
        (json!({ "status": "missed", "seconds": 0 }), "answered_by"),
        (json!({ "answered_by": of("Main entrance") }), "answered_by"),
        (json!({ "answered_by": 999 }), "answered_by"),
    ] {
        let refused = house.entrance.post("/v1/call-reports", call(more.clone())).await;
        assert_eq!(refused.json["field"], field, "{more}");
        assert_eq!(refused.problem(), (422, "value_invalid".into()), "{more}");
    }
    // The door of flat 12 does not ring in flat 13.
    let elsewhere = house.flat_door.post("/v1/call-reports", call(json!({}))).await;
    assert_eq!(elsewhere.problem(), (422, "value_invalid".into()));
    // It is searched by both names; what was removed keeps its name.
    for (query, count) in [
        ("?text=MAIN", 1),
        ("?text=screen", 1),
        ("?text=cellar", 0),
        ("?status=answered", 1),
        ("?status=missed", 0),
    ] {
        assert_eq!(calls(&neighbour, query).await.len(), count, "{query}");
    }
    let office = house.client("office").await;
    office.delete(&format!("/v1/devices/{}", of("Flat 13 screen"))).await.expect(204);
    let kept = calls(&neighbour, "").await;
    assert_eq!((&kept[0]["answered_by"], &kept[0]["answered"]), (&Value::Null, &json!("Flat 13 screen")));
}

#[tokio::test]
async fn calls_come_in_pages() {
    let house = House::new().await;
    for _ in 0..5 {
        house.entrance.post("/v1/call-reports", missed(&house)).await.expect(201);
    }
    let resident = house.client("resident").await;
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = resident.get(&format!("/v1/call-records?limit=2{cursor}")).await.expect(200);
        ids.extend(page["items"].as_array().unwrap().iter().map(|call| call["id"].as_i64().unwrap()));
        // What is reported meanwhile is newer, and moves no page.
        house.entrance.post("/v1/call-reports", missed(&house)).await.expect(201);
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids, [5, 4, 3, 2, 1]);
}
