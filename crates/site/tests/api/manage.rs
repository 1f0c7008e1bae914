use serde_json::{Value, json};
use vestibule_model::ApartmentId;

use crate::house::sign_in;
use crate::{Client, DEVICE, House, PASSWORD};

fn user(house: &House, name: &str, role: &str, apartments: &[ApartmentId]) -> Value {
    json!({
        "site": house.site,
        "name": name,
        "email": format!("{name}@site.example"),
        "role": role,
        "language": "cs",
        "apartments": apartments,
        "password": PASSWORD,
    })
}

async fn cursor(client: &Client) -> String {
    client.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned()
}

/// What the feed has after a cursor: kinds and names, with nothing for what is gone.
async fn told(client: &Client, since: &str) -> Vec<(String, Value)> {
    let changes = client.get(&format!("/v1/changes?since={since}")).await.expect(200);
    let items = changes["items"].as_array().unwrap();
    items.iter().map(|item| (item["kind"].as_str().unwrap().into(), item["now"]["name"].clone())).collect()
}

#[tokio::test]
async fn a_house_is_set_up_over_http_and_everybody_is_told() {
    let house = House::new().await;
    let (company, resident) = (house.client("company").await, house.client("resident").await);
    let site = json!({ "name": "Third house", "language": "de", "zone": "Europe/Berlin", "pin_length": 6 });
    let site = company.post("/v1/sites", site).await.expect(201)["id"].clone();
    let flat = json!({ "site": site, "floor": -1, "number": "1a", "name": "Flat 1a" });
    let flat = company.post("/v1/apartments", flat).await.expect(201)["id"].clone();
    let door =
        json!({ "site": site, "name": "Door", "kind": "access_unit", "apartment": flat, "logging": false });
    let made = company.post("/v1/devices", door).await.expect(201);
    let old = Client::new(&house.base, made["token"].as_str().unwrap(), "");
    assert_eq!(old.check(json!({ "pin": "12345" })).await, "unknown");
    assert_eq!(company.get(&format!("/v1/apartments/{flat}")).await.expect(200)["has_access_unit"], true);
    let renewed = company.post(&format!("/v1/devices/{}/token", made["device"]["id"]), json!({})).await;
    let renewed = Client::new(&house.base, renewed.expect(200)["token"].as_str().unwrap(), "");
    assert_eq!(renewed.check(json!({ "pin": "12345" })).await, "unknown");
    let refused = old.post("/v1/door-checks", json!({ "pin": "12345" })).await;
    assert_eq!(refused.problem(), (401, "token_invalid".into()));

    let since = cursor(&resident).await;
    let contact =
        json!({ "site": house.site, "name": "Plumber", "purpose": "technical", "phone": "555 0101" });
    let contact = company.post("/v1/contacts", contact).await.expect(201)["id"].clone();
    assert_eq!(told(&resident, &since).await, [("contact".into(), json!("Plumber"))]);
    let since = cursor(&resident).await;
    company.delete(&format!("/v1/contacts/{contact}")).await.expect(204);
    assert_eq!(told(&resident, &since).await, [("contact".into(), Value::Null)]);
    // What stands in a site keeps it there; an empty one goes.
    assert_eq!(company.delete(&format!("/v1/sites/{site}")).await.problem(), (409, "in_use".into()));
    company.delete(&format!("/v1/devices/{}", made["device"]["id"])).await.expect(204);
    company.delete(&format!("/v1/apartments/{flat}")).await.expect(204);
    company.delete(&format!("/v1/sites/{site}")).await.expect(204);
}

#[tokio::test]
async fn nothing_is_made_in_a_site_of_somebody_else_or_moved_there() {
    let house = House::new().await;
    let (office, company) = (house.client("office").await, house.client("company").await);
    let sites = company.get("/v1/sites").await.expect(200);
    let other = &sites["items"][1]["id"];
    for (path, body) in [
        ("/v1/apartments", json!({ "site": other, "floor": 9, "number": "9", "name": "Nine" })),
        ("/v1/devices", json!({ "site": other, "name": "New", "kind": "intercom", "logging": true })),
        ("/v1/contacts", json!({ "site": other, "name": "New", "purpose": "billing" })),
    ] {
        let refused = office.post(path, body).await;
        assert_eq!((refused.status.as_u16(), &refused.json["field"]), (422, &json!("site")), "{path}");
    }
    let moved = json!({ "site": other, "floor": 1, "number": "12", "name": "Flat 12" });
    let refused = company.put(&format!("/v1/apartments/{}", house.flat.0), moved).await;
    assert_eq!((refused.status.as_u16(), &refused.json["field"]), (422, &json!("site")));
    // An apartment of another site is nobody's home here.
    let apartments = company.get("/v1/apartments").await.expect(200);
    let elsewhere = ApartmentId(apartments["items"][2]["id"].as_i64().unwrap());
    let refused = office.post("/v1/users", user(&house, "new", "site_user", &[elsewhere])).await;
    assert_eq!((refused.status.as_u16(), &refused.json["field"]), (422, &json!("apartment")));
}

#[tokio::test]
async fn nobody_makes_or_changes_their_equals() {
    let house = House::new().await;
    for (who, may, may_not) in [
        ("company", "site_administrator_with_payment", "company_administrator"),
        ("payer", "site_administrator", "site_administrator_with_payment"),
        ("office", "apartment_administrator", "site_administrator"),
    ] {
        let client = house.client(who).await;
        client.post("/v1/users", user(&house, &format!("{who}-below"), may, &[])).await.expect(201);
        let refused = client.post("/v1/users", user(&house, &format!("{who}-equal"), may_not, &[])).await;
        assert_eq!(refused.json["field"], "role");
        assert_eq!(refused.problem(), (403, "forbidden".into()));
    }
    let office = house.client("office").await;
    let path = format!("/v1/users/{}", house.admin_user.0);
    let change = user(&house, "office", "site_user", &[]);
    assert_eq!(office.put(&path, change).await.problem(), (403, "forbidden".into()));
    assert_eq!(office.delete(&path).await.problem(), (403, "forbidden".into()));
}

#[tokio::test]
async fn an_apartment_administrator_keeps_to_the_own_household() {
    let house = House::new().await;
    let household = house.client("household").await;
    let made =
        household.post("/v1/users", user(&house, "lodger", "site_user", &[house.flat])).await.expect(201);
    let path = format!("/v1/users/{}", made["id"]);
    let lodger = house.client("lodger").await;
    assert_eq!(lodger.get("/v1/me").await.expect(200)["language"], "cs");
    for (role, apartments) in [
        ("site_user", &[house.other_flat][..]),
        ("site_user", &[house.flat, house.other_flat]),
        ("site_user", &[]),
        ("apartment_administrator", &[house.flat]),
        ("site_administrator", &[house.flat]),
    ] {
        let mut wanted = user(&house, "nobody", role, apartments);
        wanted.as_object_mut().unwrap().remove("password");
        let refused = household.post("/v1/users", wanted.clone()).await;
        assert_eq!(refused.problem(), (403, "forbidden".into()), "{role} {apartments:?}");
        let refused = household.put(&path, wanted).await;
        assert_eq!(refused.problem(), (403, "forbidden".into()), "{role} {apartments:?}");
    }
    let neighbour = format!("/v1/users/{}", house.neighbour_user.0);
    assert_eq!(household.delete(&neighbour).await.problem(), (404, "not_found".into()));
    // Somebody who also lives elsewhere is not theirs to remove.
    let (there, lives) = ("resident@site.example", vestibule_site::Lives::There);
    house.admin.set_resident(there, house.other_flat, lives).unwrap();
    let both = format!("/v1/users/{}", house.flat_user.0);
    assert_eq!(household.delete(&both).await.problem(), (403, "forbidden".into()));
    household.delete(&path).await.expect(204);
    assert_eq!(lodger.get("/v1/me").await.problem(), (401, "token_invalid".into()));
}

#[tokio::test]
async fn who_is_changed_begins_anew_and_another_password_signs_out() {
    let house = House::new().await;
    let (office, resident) = (house.client("office").await, house.client("resident").await);
    let since = cursor(&resident).await;
    let path = format!("/v1/users/{}", house.flat_user.0);
    let mut moved = user(&house, "resident", "site_user", &[house.other_flat]);
    moved.as_object_mut().unwrap().remove("password");
    office.put(&path, moved).await.expect(200);
    let lost = resident.get(&format!("/v1/changes?since={since}")).await;
    assert_eq!(lost.problem(), (410, "cursor_lost".into()));
    let flats = resident.get("/v1/apartments").await.expect(200);
    assert_eq!(flats["items"][0]["name"], "Flat 13");
    let mut changed = user(&house, "resident", "site_user", &[house.flat]);
    changed["password"] = json!("another password");
    office.put(&path, changed.clone()).await.expect(200);
    assert_eq!(resident.get("/v1/me").await.problem(), (401, "token_invalid".into()));
    let nobody = house.nobody();
    let old = nobody.post("/v1/session", sign_in("resident", PASSWORD, DEVICE)).await;
    assert_eq!(old.problem(), (401, "sign_in_refused".into()));
    nobody.post("/v1/session", sign_in("resident", "another password", DEVICE)).await.expect(200);
    changed["password"] = json!("short");
    let refused = office.put(&path, changed).await;
    assert_eq!(refused.json["field"], "password");
    assert_eq!(refused.problem(), (422, "value_invalid".into()));
}

#[tokio::test]
async fn what_is_taken_or_in_use_is_said() {
    let house = House::new().await;
    let office = house.client("office").await;
    let twin = json!({ "site": house.site, "floor": 1, "number": "13", "name": "Twin" });
    let path = format!("/v1/apartments/{}", house.flat.0);
    assert_eq!(office.put(&path, twin).await.problem(), (409, "taken".into()));
    let taken = office.post("/v1/users", user(&house, "RESIDENT", "site_user", &[])).await;
    assert_eq!(taken.problem(), (409, "taken".into()));
    assert_eq!(office.delete(&path).await.problem(), (409, "in_use".into()));
    let zone = json!({ "name": "Sample house", "language": "en", "zone": "Nowhere/Land", "pin_length": 5 });
    let refused = office.put(&format!("/v1/sites/{}", house.site.0), zone).await;
    assert_eq!(refused.json["field"], "zone");
}

#[tokio::test]
async fn administrators_read_the_reports_of_their_site_newest_first() {
    let house = House::new().await;
    let resident = house.client("resident").await;
    for text in ["No sound", "No picture", "No key"] {
        let report = json!({ "description": text, "email": "a@site.example" });
        resident.post("/v1/tickets", report).await.expect(201);
    }
    let office = house.client("office").await;
    let path = format!("/v1/sites/{}/tickets?limit=2", house.site.0);
    let first = office.get(&path).await.expect(200);
    let texts = |page: &Value| {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|ticket| ticket["description"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&first), ["No key", "No picture"]);
    let rest = office.get(&format!("{path}&cursor={}", first["next"].as_str().unwrap())).await.expect(200);
    assert_eq!((texts(&rest), &rest["next"]), (vec!["No sound".to_owned()], &Value::Null));
}
