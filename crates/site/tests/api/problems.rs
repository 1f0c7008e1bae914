use reqwest::Method;
use serde_json::json;

use crate::{Answer, House, body};

#[tokio::test]
async fn everything_that_goes_wrong_is_a_problem_document() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for (answer, problem) in [
        (client.get("/v1/nothing").await, (404, "not_found")),
        (client.get("/").await, (404, "not_found")),
        (client.put("/v1/me", json!({})).await, (405, "method_not_allowed")),
        (client.get("/v1/visitors/one").await, (404, "not_found")),
        (client.get("/v1/visitors?colour=blue").await, (400, "query_invalid")),
        (client.get("/v1/access?limit=many").await, (400, "query_invalid")),
        (client.get("/v1/changes").await, (400, "query_invalid")),
        (client.post("/v1/visitors", json!([])).await, (400, "body_invalid")),
    ] {
        let said = answer.problem();
        assert_eq!((said.0, said.1.as_str()), problem);
    }
}

#[tokio::test]
async fn fields_that_the_server_does_not_know_are_refused() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let nested = json!({ "schedule": [{ "days": [1], "from": 0, "until": 60, "zone": "x" }] });
    for (more, field) in [(json!({ "pin": "12345" }), "pin"), (nested, "schedule.0.zone")] {
        let answer = client.post("/v1/visitors", body(house.flat, more)).await;
        assert_eq!(answer.json["field"], field);
        assert_eq!(answer.problem(), (400, "body_invalid".into()));
    }
}

#[tokio::test]
async fn a_body_has_an_end() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let answer = client.post("/v1/tickets", json!({ "description": "x".repeat(1 << 20) })).await;
    assert_eq!(answer.problem(), (413, "body_too_large".into()));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_never_quoted() {
    let house = House::new().await;
    let request = house.nobody().request(Method::POST, "/v1/session");
    let asked = json!({ "email": "resident@site.example", "password": 123_456, "device": "x" });
    let answer = Answer::of(request.json(&asked).send().await.unwrap()).await;
    assert_eq!(answer.json["field"], "password");
    assert!(!answer.json.to_string().contains("123456"));
}

#[tokio::test]
async fn no_cache_keeps_an_answer() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for path in ["/v1/me", "/v1/nothing", "/v1/openapi.json"] {
        assert_eq!(client.get(path).await.headers["cache-control"], "no-store");
    }
}
