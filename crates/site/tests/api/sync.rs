use serde_json::{Value, json};
use vestibule_site::{Config, Lives};

use crate::{Client, House};

async fn cursor(client: &Client) -> String {
    client.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned()
}

async fn since(client: &Client, cursor: &Value) -> Value {
    client.get(&format!("/v1/changes?since={}", cursor.as_str().unwrap())).await.expect(200)
}

/// Kind, id and whether it is there, of each change.
fn told(changes: &Value) -> Vec<(String, i64, bool)> {
    let one = |item: &Value| {
        (item["kind"].as_str().unwrap().to_owned(), item["id"].as_i64().unwrap(), !item["now"].is_null())
    };
    changes["items"].as_array().unwrap().iter().map(one).collect()
}

#[tokio::test]
async fn a_snapshot_has_all_that_the_lists_have() {
    let house = House::new().await;
    let client = house.client("resident").await;
    client.visitor(house.flat, json!({})).await;
    let snapshot = client.get("/v1/snapshot").await.expect(200);
    for list in ["sites", "apartments", "devices", "contacts", "visitors", "tickets"] {
        assert_eq!(snapshot[list], client.get(&format!("/v1/{list}")).await.expect(200)["items"], "{list}");
    }
    assert_eq!(snapshot["user"], client.get("/v1/me").await.expect(200));
}

#[tokio::test]
async fn changes_are_what_the_snapshot_lacks() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let kept = client.visitor(house.flat, json!({ "uses": 5 })).await;
    let start = json!(cursor(&client).await);
    let none = since(&client, &start).await;
    assert_eq!((told(&none), &none["more"]), (vec![], &json!(false)));

    let gone = client.visitor(house.flat, json!({})).await;
    client.delete(&format!("/v1/visitors/{}", gone["id"])).await.expect(204);
    house.entrance.check(json!({ "pin": kept["codes"]["pin"] })).await;
    let report = json!({ "description": "No sound", "email": "a@site.example" });
    client.post("/v1/tickets", report).await.expect(201);
    house.admin.set_codes(house.site, 6, false).unwrap();

    let changes = since(&client, &none["cursor"]).await;
    let id = |visitor: &Value| visitor["id"].as_i64().unwrap();
    let wanted = [
        ("visitor", id(&gone), false),
        ("visitor", id(&kept), true),
        ("access", 1, true),
        ("ticket", 1, true),
        ("site", 1, true),
    ];
    let wanted: Vec<_> = wanted.into_iter().map(|(kind, id, there)| (kind.to_owned(), id, there)).collect();
    assert_eq!(told(&changes), wanted);
    assert_eq!(changes["items"][1]["now"]["uses"], json!({ "allowed": 5, "used": 1 }));
    assert_eq!(changes["items"][4]["now"]["pin_length"], 6);
    assert_eq!(told(&since(&client, &changes["cursor"]).await), vec![]);
}

#[tokio::test]
async fn nobody_is_told_what_is_not_theirs() {
    let house = House::new().await;
    let mut others = Vec::new();
    for who in ["housemate", "neighbour", "stranger", "office"] {
        let client = house.client(who).await;
        let cursor = json!(cursor(&client).await);
        others.push((who, client, cursor));
    }
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    house.entrance.check(json!({ "pin": "nobody's" })).await;
    client.delete(&format!("/v1/visitors/{}", guest["id"])).await.expect(204);
    let report = json!({ "description": "No sound", "email": "a@site.example" });
    client.post("/v1/tickets", report).await.expect(201);
    for (who, client, cursor) in others {
        let kinds: Vec<String> =
            told(&since(&client, &cursor).await).into_iter().map(|(kind, ..)| kind).collect();
        let wanted: &[&str] = match who {
            "housemate" => &["visitor", "access"],
            "office" => &["access", "access"],
            _ => &[],
        };
        assert_eq!(kinds, wanted, "{who}");
    }
}

#[tokio::test]
async fn changes_come_in_pages() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let guest = client.visitor(house.flat, json!({})).await;
    let mut at = json!(cursor(&client).await);
    for _ in 0..250 {
        house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
        house.pass_seconds(1);
    }
    let mut seen = Vec::new();
    loop {
        let page = since(&client, &at).await;
        seen.extend(told(&page).into_iter().map(|(_, id, _)| id));
        at = page["cursor"].clone();
        if page["more"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, (1..=250).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_that_is_none_is_lost() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let cursor = cursor(&client).await;
    let (epoch, seq) = cursor.split_once('.').unwrap();
    let newer = format!("{epoch}.{}", seq.parse::<i64>().unwrap() + 1);
    for lost in ["", "x", "1.", &newer, &format!("7.{seq}")] {
        let answer = client.get(&format!("/v1/changes?since={lost}")).await;
        assert_eq!(answer.problem(), (410, "cursor_lost".into()), "{lost}");
    }
}

#[tokio::test]
async fn who_moves_begins_anew() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let cursor = cursor(&client).await;
    let resident = "resident@site.example";
    house.admin.set_resident(resident, house.other_flat, Lives::There).unwrap();
    house.admin.set_resident(resident, house.flat, Lives::Elsewhere).unwrap();
    client.get(&format!("/v1/changes?since={cursor}")).await.expect(410);
    let snapshot = client.get("/v1/snapshot").await.expect(200);
    assert_eq!(snapshot["apartments"][0]["name"], "Flat 13");
    client.get(&format!("/v1/changes?since={}", snapshot["cursor"].as_str().unwrap())).await.expect(200);
}

#[tokio::test]
async fn a_cursor_is_good_for_ninety_days() {
    let mut house = House::new().await;
    let old = cursor(&house.client("resident").await).await;
    house.client("resident").await.visitor(house.flat, json!({})).await;
    house.pass(91 * 24 * 60);
    house.stop().await;
    house.start(Config::default()).await;
    let client = house.client("resident").await;
    // The server forgets soon after it began; each answer shows how far that is.
    let mut status = 200;
    for _ in 0..1_000 {
        status = client.get(&format!("/v1/changes?since={old}")).await.status.as_u16();
        if status == 410 {
            break;
        }
    }
    assert_eq!(status, 410);
    let new = cursor(&client).await;
    client.get(&format!("/v1/changes?since={new}")).await.expect(200);
}
