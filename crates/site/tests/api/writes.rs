use reqwest::Method;
use serde_json::json;

use crate::{Answer, House, body};

#[tokio::test]
async fn a_replay_gives_the_first_answer_and_makes_nothing() {
    let mut house = House::new().await;
    let client = house.client("resident").await;
    let wanted = body(house.flat, json!({}));
    let first = client.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(201);
    let path = format!("/v1/visitors/{}", first["id"]);
    client.put(&path, json!({ "revision": 1, "name": "Plumber" })).await.expect(200);
    // Also after the server was started again.
    house.stop().await;
    house.start(vestibule_site::Config::default()).await;
    let client = house.client("resident").await;
    let again = client.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(201);
    assert_eq!(again, first);
    assert_eq!(client.get("/v1/visitors").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_user() {
    let house = House::new().await;
    let (resident, housemate) = (house.client("resident").await, house.client("housemate").await);
    let wanted = body(house.flat, json!({}));
    let first = resident.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(201);
    let other = body(house.flat, json!({ "name": "Plumber" }));
    let reused = resident.send_once(Method::POST, "/v1/visitors", Some(&other), "one").await;
    assert_eq!(reused.problem(), (422, "idempotency_key_reused".into()));
    let theirs = housemate.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(201);
    assert_ne!(theirs["id"], first["id"]);
}

#[tokio::test]
async fn what_was_refused_is_judged_anew() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let wanted = body(house.flat, json!({ "until": "2026-03-23T12:00:00Z" }));
    client.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(422);
    house.set("2026-03-23T11:59:00Z");
    client.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await.expect(201);
}

#[tokio::test]
async fn a_write_without_a_key_is_refused() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for key in [None, Some(""), Some("two words"), Some(&*"x".repeat(129))] {
        let mut request = client.request(Method::POST, "/v1/visitors").json(&body(house.flat, json!({})));
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.json["field"], "Idempotency-Key");
        assert_eq!(answer.problem(), (400, "header_invalid".into()));
    }
}

#[tokio::test]
async fn the_same_request_at_the_same_time_makes_one_visitor() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let wanted = body(house.flat, json!({}));
    let tries = (0..8).map(|_| {
        let (client, wanted) = (client.clone(), wanted.clone());
        tokio::spawn(
            async move { client.send_once(Method::POST, "/v1/visitors", Some(&wanted), "one").await },
        )
    });
    let mut ids = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        ids.push(one.await.unwrap().expect(201)["id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
}
