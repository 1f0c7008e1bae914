use reqwest::Method;
use serde_json::{Value, json};
use vestibule_site::Config;

use crate::house::sign_in;
use crate::{Answer, Client, DEVICE, House, PASSWORD};

async fn begin(house: &House, name: &str, password: &str) -> Answer {
    house.nobody().post("/v1/session", sign_in(name, password, DEVICE)).await
}

async fn refresh(house: &House, token: &Value, device: &str, key: Option<&str>) -> Answer {
    let mut request = house.nobody().request(Method::POST, "/v1/session/refresh");
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let asked = json!({ "refresh_token": token, "device": device });
    Answer::of(request.json(&asked).send().await.unwrap()).await
}

#[tokio::test]
async fn a_password_signs_in_and_the_token_is_good_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    let tokens = begin(&house, "RESIDENT", PASSWORD).await.expect(200);
    assert_eq!(tokens["access_until"], "2026-03-23T12:15:00.000Z");
    let client = Client::new(&house.base, tokens["access_token"].as_str().unwrap(), DEVICE);
    let me = client.get("/v1/me").await.expect(200);
    assert_eq!((&me["email"], &me["role"]), (&json!("resident@site.example"), &json!("site_user")));
    house.pass(14);
    client.get("/v1/me").await.expect(200);
    house.pass(1);
    assert_eq!(client.get("/v1/me").await.problem(), (401, "token_invalid".into()));
}

#[tokio::test]
async fn a_token_is_good_on_its_device_alone() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for device in ["", "device-9876543210"] {
        let other = Client::new(&house.base, &client.token, device);
        assert_eq!(other.get("/v1/me").await.problem().0, 401);
    }
}

#[tokio::test]
async fn who_is_wrong_is_told_nothing_more() {
    let house = House::new().await;
    let same = (401, "sign_in_refused".to_owned());
    assert_eq!(begin(&house, "resident", "wrong horse battery").await.problem(), same);
    assert_eq!(begin(&house, "unknown", PASSWORD).await.problem(), same);
    // Without login there is no password either.
    assert_eq!(begin(&house, "child", PASSWORD).await.problem(), same);
    let short = sign_in("resident", PASSWORD, "short");
    assert_eq!(house.nobody().post("/v1/session", short).await.problem(), (422, "value_invalid".into()));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_others_are_not() {
    let house = House::new().await;
    for _ in 0..10 {
        begin(&house, "resident", "wrong horse battery").await.expect(401);
    }
    let late = begin(&house, " Resident", PASSWORD).await;
    assert_eq!(late.headers["retry-after"], "30");
    assert_eq!(late.problem(), (429, "too_many".into()));
    begin(&house, "neighbour", PASSWORD).await.expect(200);
    house.pass(1);
    begin(&house, "resident", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn signing_in_rightly_is_not_counted() {
    let house = House::new().await;
    for _ in 0..12 {
        begin(&house, "resident", PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_pair_once() {
    let house = House::new().await;
    let first = begin(&house, "resident", PASSWORD).await.expect(200);
    house.pass(60 * 24 * 80);
    let second = refresh(&house, &first["refresh_token"], DEVICE, None).await.expect(200);
    let client = Client::new(&house.base, second["access_token"].as_str().unwrap(), DEVICE);
    client.get("/v1/me").await.expect(200);

    // Somebody uses the old one again: whoever it is, the whole family ends.
    let again = refresh(&house, &first["refresh_token"], DEVICE, None).await;
    assert_eq!(again.problem(), (401, "refresh_refused".into()));
    client.get("/v1/me").await.expect(401);
    refresh(&house, &second["refresh_token"], DEVICE, None).await.expect(401);
}

#[tokio::test]
async fn an_answer_that_was_lost_can_be_had_again() {
    let house = House::new().await;
    let first = begin(&house, "resident", PASSWORD).await.expect(200);
    let token = &first["refresh_token"];
    let second = refresh(&house, token, DEVICE, Some("attempt-1")).await.expect(200);
    assert_eq!(refresh(&house, token, DEVICE, Some("attempt-1")).await.expect(200), second);
    // A thief has the token and not the key.
    refresh(&house, token, DEVICE, Some("attempt-2")).await.expect(401);
    refresh(&house, &second["refresh_token"], DEVICE, None).await.expect(401);
}

#[tokio::test]
async fn a_refresh_token_on_another_device_ends_the_session() {
    let house = House::new().await;
    let first = begin(&house, "resident", PASSWORD).await.expect(200);
    refresh(&house, &first["refresh_token"], "device-9876543210", None).await.expect(401);
    refresh(&house, &first["refresh_token"], DEVICE, None).await.expect(401);
}

#[tokio::test]
async fn a_refresh_token_ends_after_ninety_days() {
    let house = House::new().await;
    let first = begin(&house, "resident", PASSWORD).await.expect(200);
    house.pass(60 * 24 * 90);
    refresh(&house, &first["refresh_token"], DEVICE, None).await.expect(401);
}

#[tokio::test]
async fn signing_out_ends_this_device_and_no_other() {
    let house = House::new().await;
    let first = house.client("resident").await;
    let other = house.client_on("resident", "device-9876543210").await;
    first.delete("/v1/session").await.expect(204);
    first.get("/v1/me").await.expect(401);
    other.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn another_password_signs_all_devices_out() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let new = "staple correct horse";
    house.admin.set_password("resident@site.example", &vestibule_model::Secret::new(new)).unwrap();
    client.get("/v1/me").await.expect(401);
    begin(&house, "resident", PASSWORD).await.expect(401);
    begin(&house, "resident", new).await.expect(200);
}

#[tokio::test]
async fn behind_a_proxy_each_caller_has_a_limit_of_its_own() {
    let mut house = House::new().await;
    house.stop().await;
    house.start(Config { behind_proxy: true, ..Config::default() }).await;
    let nobody = house.nobody();
    let claim = async |from: &str| {
        let request = nobody.request(Method::POST, "/v1/provisioning").header("X-Forwarded-For", from);
        let asked = json!({ "token": "vsl_guess", "device": DEVICE });
        request.json(&asked).send().await.unwrap().status().as_u16()
    };
    for _ in 0..60 {
        assert_eq!(claim("198.51.100.1, 192.0.2.1").await, 410);
    }
    // What the caller writes before it counts for nothing.
    assert_eq!(claim("198.51.100.2, 192.0.2.1").await, 429);
    assert_eq!(claim("198.51.100.1, 192.0.2.2").await, 410);
}
