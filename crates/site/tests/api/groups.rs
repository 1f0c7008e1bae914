use serde_json::json;
use vestibule_model::DeviceKind;

use crate::house::device;
use crate::{Client, House};

#[tokio::test]
async fn a_card_opens_what_its_holder_has_a_right_to() {
    let house = House::new().await;
    let office = house.client("office").await;
    let cellar = Client::new(
        &house.base,
        &device(&house.admin, house.site, "Cellar", DeviceKind::AccessUnit, None),
        "",
    );
    let devices = office.get("/v1/devices").await.expect(200);
    let id =
        devices["items"].as_array().unwrap().iter().find(|found| found["name"] == "Cellar").unwrap()["id"]
            .clone();
    let card = json!({ "card": "04A1B2C3" });
    assert_eq!(cellar.check(card.clone()).await, "unknown");
    let cards = format!("/v1/users/{}/cards", house.flat_user.0);
    let given = office.post(&cards, json!({ "uid": "04a1b2c3", "label": "key 7" })).await.expect(201);
    assert!(given.get("uid").is_none());
    assert_eq!(office.post(&cards, json!({ "uid": "04A1B2C3" })).await.problem(), (409, "taken".into()));
    assert_eq!(cellar.check(card.clone()).await, "no_right");
    // The own apartment's door needs no group.
    assert_eq!(house.flat_door.check(card.clone()).await, "allowed");

    let group = |apartments: serde_json::Value, users: serde_json::Value| json!({ "site": house.site, "name": "Cellar", "apartments": apartments, "users": users, "devices": [id] });
    let none = office.post("/v1/access-groups", group(json!([]), json!([]))).await;
    assert_eq!(none.json["field"], "apartments");
    let made = office.post("/v1/access-groups", group(json!([house.flat]), json!([]))).await.expect(201);
    assert_eq!(cellar.check(card.clone()).await, "allowed");
    let path = format!("/v1/access-groups/{}", made["id"]);
    office.put(&path, group(json!([house.other_flat]), json!([]))).await.expect(200);
    assert_eq!(cellar.check(card.clone()).await, "no_right");
    // Rights add up: by a group of the user's own.
    let own = group(json!([house.other_flat]), json!([house.flat_user]));
    assert_eq!(office.put(&path, own).await.expect(200)["users"], json!([house.flat_user]));
    assert_eq!(cellar.check(card.clone()).await, "allowed");
    let resident = house.client("resident").await;
    let log = resident.get("/v1/access?method=card").await.expect(200);
    assert_eq!(
        (&log["items"][0]["door"], &log["items"][0]["person"]),
        (&json!("Cellar"), &json!("resident"))
    );
    office.delete(&path).await.expect(204);
    assert_eq!(cellar.check(card.clone()).await, "no_right");
    office.delete(&format!("/v1/cards/{}", given["id"])).await.expect(204);
    assert_eq!(cellar.check(card).await, "unknown");
}

#[tokio::test]
async fn a_group_keeps_to_its_site_and_others_do_not_see_it() {
    let house = House::new().await;
    let (office, company) = (house.client("office").await, house.client("company").await);
    let apartments = company.get("/v1/apartments").await.expect(200);
    let elsewhere = &apartments["items"][2]["id"];
    let group = json!({ "site": house.site, "name": "A", "apartments": [elsewhere] });
    assert_eq!(company.post("/v1/access-groups", group).await.json["field"], "apartments");
    let group = json!({ "site": house.site, "name": "A", "apartments": [house.flat] });
    office.post("/v1/access-groups", group.clone()).await.expect(201);
    assert_eq!(office.post("/v1/access-groups", group).await.problem(), (409, "taken".into()));
    let resident = house.client("resident").await;
    assert_eq!(resident.get("/v1/access-groups").await.expect(200)["items"], json!([]));
    assert_eq!(office.get("/v1/access-groups").await.expect(200)["items"].as_array().unwrap().len(), 1);
}
