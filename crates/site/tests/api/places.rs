use serde_json::{Value, json};
use vestibule_site::{AdminError, Lives};

use crate::{Client, House};

async fn names(client: &Client, path: &str) -> Vec<String> {
    let page = client.get(path).await.expect(200);
    let name = |item: &Value| item["name"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn a_resident_sees_the_own_flat_and_what_serves_the_house() {
    let house = House::new().await;
    let resident = house.client("resident").await;
    assert_eq!(names(&resident, "/v1/sites").await, ["Sample house"]);
    assert_eq!(names(&resident, "/v1/apartments").await, ["Flat 12"]);
    assert_eq!(names(&resident, "/v1/devices").await, ["Main entrance", "Flat 12 door"]);
    assert_eq!(names(&resident, "/v1/contacts").await, ["Office"]);
    assert_eq!(names(&resident, "/v1/users").await, ["resident"]);
    let site = &resident.get("/v1/sites").await.expect(200)["items"][0];
    assert_eq!((&site["zone"], &site["pin_length"]), (&json!("Europe/Prague"), &json!(5)));
    let flat = resident.get(&format!("/v1/apartments/{}", house.flat.0)).await.expect(200);
    assert_eq!(
        (&flat["floor"], &flat["number"], &flat["has_access_unit"]),
        (&json!(1), &json!("12"), &json!(true))
    );
}

#[tokio::test]
async fn administrators_see_their_site_and_the_company_all() {
    let house = House::new().await;
    for who in ["office", "payer"] {
        let client = house.client(who).await;
        assert_eq!(names(&client, "/v1/sites").await, ["Sample house"]);
        assert_eq!(names(&client, "/v1/apartments").await, ["Flat 12", "Flat 13"]);
        assert_eq!(names(&client, "/v1/devices").await.len(), 3);
        assert_eq!(names(&client, "/v1/users").await.len(), 8);
    }
    let company = house.client("company").await;
    assert_eq!(names(&company, "/v1/sites").await, ["Sample house", "Other house"]);
    assert_eq!(names(&company, "/v1/apartments").await, ["Flat 12", "Flat 13", "Flat 12"]);
    assert_eq!(names(&company, "/v1/users").await.len(), 9);
    let household = house.client("household").await;
    assert_eq!(names(&household, "/v1/users").await, ["resident", "housemate", "household", "child"]);
    assert_eq!(names(&household, "/v1/apartments").await, ["Flat 12"]);
}

#[tokio::test]
async fn floor_and_number_are_one_of_a_kind_in_a_site() {
    let house = House::new().await;
    let twin = vestibule_model::api::Apartment {
        id: vestibule_model::ApartmentId(0),
        site: house.site,
        floor: 1,
        number: "12".into(),
        name: "Twin".into(),
        has_access_unit: false,
    };
    let refused = house.admin.add_apartment(&twin).unwrap_err();
    assert!(matches!(refused, AdminError::Taken), "{refused}");
    house.admin.add_apartment(&vestibule_model::api::Apartment { floor: 2, ..twin }).unwrap();
}

#[tokio::test]
async fn nobody_moves_into_another_site() {
    let house = House::new().await;
    let stranger = "stranger@site.example";
    let refused = house.admin.set_resident(stranger, house.flat, Lives::There).unwrap_err();
    assert!(matches!(refused, AdminError::NotFound(_)), "{refused}");
    assert_eq!(names(&house.client("stranger").await, "/v1/apartments").await, ["Flat 12"]);
}

#[tokio::test]
async fn lists_come_in_parts() {
    let house = House::new().await;
    let company = house.client("company").await;
    for list in ["sites", "apartments", "devices", "users", "contacts"] {
        let whole = company.get(&format!("/v1/{list}")).await.expect(200);
        assert_eq!(whole["next"], Value::Null);
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let part = company.get(&format!("/v1/{list}?limit=1{cursor}")).await.expect(200);
            items.extend(part["items"].as_array().unwrap().clone());
            let Some(next) = part["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(json!(items), whole["items"], "{list}");
    }
}
