use serde_json::{Value, json};
use vestibule_site::Config;

use crate::{Client, House};

/// The devices that the feed tells of, as they are, and the next cursor.
async fn changed(client: &Client, cursor: &mut String) -> Vec<(Value, Value)> {
    let changes = client.get(&format!("/v1/changes?since={cursor}")).await.expect(200);
    changes["cursor"].as_str().unwrap().clone_into(cursor);
    let items = changes["items"].as_array().unwrap();
    let devices = items.iter().filter(|item| item["kind"] == "device");
    devices.map(|item| (item["now"]["name"].clone(), item["now"]["status"].clone())).collect()
}

#[tokio::test]
async fn a_device_says_how_it_stands_and_those_who_see_it_are_told_once() {
    let house = House::new().await;
    let (resident, neighbour) = (house.client("resident").await, house.client("neighbour").await);
    let mut cursor = resident.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned();
    let mut other = cursor.clone();
    let say = async |client: &Client, presence| {
        client.put("/v1/presence", json!({ "presence": presence })).await.expect(204);
    };
    for presence in ["registered", "ready", "not_registered", "needs_configuration", "online"] {
        say(&house.flat_door, presence).await;
        assert_eq!(changed(&resident, &mut cursor).await, [(json!("Flat 12 door"), json!(presence))]);
        say(&house.flat_door, presence).await;
        assert_eq!(changed(&resident, &mut cursor).await, []);
    }
    assert_eq!(changed(&neighbour, &mut other).await, []);
    say(&house.entrance, "ready").await;
    assert_eq!(changed(&neighbour, &mut other).await, [(json!("Main entrance"), json!("ready"))]);
}

#[tokio::test]
async fn a_device_that_falls_silent_is_offline_and_one_never_heard_of_is_not() {
    let mut house = House::new().await;
    house.entrance.put("/v1/presence", json!({ "presence": "registered" })).await.expect(204);
    let resident = house.client("resident").await;
    let mut cursor = resident.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned();
    house.stop().await;
    house.pass(4);
    // A server that starts looks at once.
    house.start(Config::default()).await;
    let resident = Client { base: house.base.clone(), ..resident };
    let mut told = changed(&resident, &mut cursor).await;
    while told.is_empty() {
        tokio::task::yield_now().await;
        told = changed(&resident, &mut cursor).await;
    }
    assert_eq!(told, [(json!("Main entrance"), json!("offline"))]);
    house.entrance.put("/v1/presence", json!({ "presence": "ready" })).await.expect(204);
    assert_eq!(changed(&resident, &mut cursor).await, [(json!("Main entrance"), json!("ready"))]);
}

#[tokio::test]
async fn a_device_cannot_say_that_it_is_offline() {
    let house = House::new().await;
    let refused = house.entrance.put("/v1/presence", json!({ "presence": "offline" })).await;
    assert_eq!(refused.problem(), (400, "body_invalid".into()));
}
