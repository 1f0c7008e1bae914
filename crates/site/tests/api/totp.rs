use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::house::sign_in;
use crate::{DEVICE, House, PASSWORD};

/// What an authenticator shows: RFC 6238 over RFC 4226, written down a second time.
fn code(otpauth: &str, seconds: i64) -> String {
    let secret = otpauth.split_once("secret=").unwrap().1.split('&').next().unwrap();
    let mut bits = String::new();
    for letter in secret.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
        bits += &format!("{value:05b}");
    }
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes).unwrap();
    mac.update(&(seconds / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Seconds at which the house's clock begins: 2026-03-23T12:00:00Z.
const BEGIN: i64 = 1_774_267_200;

async fn try_with(house: &House, totp: Option<&str>) -> (u16, Value) {
    let mut asked = sign_in("resident", PASSWORD, "device-9876543210");
    if let Some(totp) = totp {
        asked["totp"] = json!(totp);
    }
    let answer = house.nobody().post("/v1/session", asked).await;
    (answer.status.as_u16(), answer.json["code"].clone())
}

#[tokio::test]
async fn counts_from_its_first_code_on_and_each_code_once() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let begun = client.post("/v1/totp", json!({})).await.expect(201);
    let otpauth = begun["otpauth"].as_str().unwrap();
    assert!(
        otpauth.starts_with("otpauth://totp/Sample%20house:resident%40site.example?secret="),
        "{otpauth}"
    );
    // Not confirmed yet, so not asked for.
    assert_eq!(try_with(&house, None).await.0, 200);

    let wrong = client.post("/v1/totp/confirm", json!({ "code": "000000" })).await;
    assert_eq!(wrong.problem(), (422, "value_invalid".into()));
    let first = code(otpauth, BEGIN);
    let confirmed = client.post("/v1/totp/confirm", json!({ "code": first })).await.expect(200);
    assert_eq!(confirmed["codes"].as_array().unwrap().len(), 10);

    assert_eq!(try_with(&house, None).await, (401, json!("totp_required")));
    assert_eq!(try_with(&house, Some("000000")).await, (401, json!("sign_in_refused")));
    assert_eq!(try_with(&house, Some(&first)).await, (401, json!("sign_in_refused")));
    house.pass(1);
    let next = code(otpauth, BEGIN + 60);
    assert_eq!(try_with(&house, Some(&next)).await.0, 200);
    assert_eq!(try_with(&house, Some(&next)).await.0, 401);

    // A token that was stolen puts no other authenticator there.
    assert_eq!(client.post("/v1/totp", json!({})).await.problem(), (403, "forbidden".into()));
    let wrong = client.post("/v1/totp/remove", json!({ "code": "000000" })).await;
    assert_eq!(wrong.problem(), (422, "value_invalid".into()));
    house.pass(1);
    client.post("/v1/totp/remove", json!({ "code": code(otpauth, BEGIN + 120) })).await.expect(204);
    assert_eq!(try_with(&house, None).await.0, 200);
}

#[tokio::test]
async fn a_recovery_code_is_good_once_however_it_is_written() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let begun = client.post("/v1/totp", json!({})).await.expect(201);
    let first = code(begun["otpauth"].as_str().unwrap(), BEGIN);
    let confirmed = client.post("/v1/totp/confirm", json!({ "code": first })).await.expect(200);
    let recovery = confirmed["codes"][3].as_str().unwrap().to_lowercase().replace('-', " ");
    assert_eq!(try_with(&house, Some(&recovery)).await.0, 200);
    assert_eq!(try_with(&house, Some(&recovery)).await.0, 401);
    assert_eq!(try_with(&house, confirmed["codes"][4].as_str()).await.0, 200);
}

#[tokio::test]
async fn the_device_that_has_it_stays_signed_in() {
    let house = House::new().await;
    let client = house.client_on("resident", DEVICE).await;
    let begun = client.post("/v1/totp", json!({})).await.expect(201);
    let first = code(begun["otpauth"].as_str().unwrap(), BEGIN);
    client.post("/v1/totp/confirm", json!({ "code": first })).await.expect(200);
    client.get("/v1/me").await.expect(200);
}
