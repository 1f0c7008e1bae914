use serde_json::json;
use vestibule_model::api::UserId;

use crate::{Client, DEVICE, House};

async fn link(client: &Client, user: UserId) -> String {
    let link = client.post("/v1/provisioning-links", json!({ "user": user })).await.expect(201);
    link["link"].as_str().unwrap().to_owned()
}

fn token(link: &str) -> &str {
    link.strip_prefix("vestibule://provision?server=https%3A%2F%2Fsite.example&token=").unwrap()
}

#[tokio::test]
async fn signs_the_first_device_in_and_no_second_one() {
    let house = House::new().await;
    let link = link(&house.client("office").await, house.flat_user).await;
    let claim = |device| json!({ "token": token(&link), "device": device });
    let tokens = house.nobody().post("/v1/provisioning", claim(DEVICE)).await.expect(200);
    let client = Client::new(&house.base, tokens["access_token"].as_str().unwrap(), DEVICE);
    assert_eq!(client.get("/v1/me").await.expect(200)["id"], json!(house.flat_user));
    let elsewhere = Client::new(&house.base, &client.token, "device-9876543210");
    elsewhere.get("/v1/me").await.expect(401);
    for device in [DEVICE, "device-9876543210"] {
        let again = house.nobody().post("/v1/provisioning", claim(device)).await;
        assert_eq!(again.problem(), (410, "link_invalid".into()));
    }
}

#[tokio::test]
async fn ends_after_a_quarter_of_an_hour() {
    let house = House::new().await;
    let link = link(&house.client("resident").await, house.flat_user).await;
    house.pass(15);
    let claim = json!({ "token": token(&link), "device": DEVICE });
    house.nobody().post("/v1/provisioning", claim).await.expect(410);
}

#[tokio::test]
async fn is_made_for_oneself_and_for_whom_one_administers() {
    let house = House::new().await;
    for (who, user, status) in [
        ("resident", house.flat_user, 201),
        ("resident", house.neighbour_user, 404),
        ("household", house.flat_user, 201),
        ("household", house.neighbour_user, 404),
        ("office", house.neighbour_user, 201),
        ("payer", house.admin_user, 201),
        ("company", house.admin_user, 201),
        ("stranger", house.flat_user, 404),
    ] {
        let client = house.client(who).await;
        client.post("/v1/provisioning-links", json!({ "user": user })).await.expect(status);
    }
    // Nobody gets a session of somebody who may do more.
    let office = house.client("office").await;
    let users = office.get("/v1/users").await.expect(200);
    for email in ["payer@site.example", "company@site.example", "child@site.example"] {
        let user = users["items"].as_array().unwrap().iter().find(|user| user["email"] == email).unwrap();
        let answer = office.post("/v1/provisioning-links", json!({ "user": user["id"] })).await;
        assert_eq!(answer.problem(), (403, "forbidden".into()), "{email}");
    }
}
