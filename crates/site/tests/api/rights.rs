use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, DEVICE, House, body};

/// Those who live in the flat that the matrix is about.
const HOUSEHOLD: &[&str] = &["resident", "housemate", "household"];
const ADMINISTRATORS: &[&str] = &["office", "payer", "company"];
/// Those of them whose role is about what the site costs.
const PAYERS: &[&str] = &["payer", "company"];
const OTHERS: &[&str] = &["neighbour", "stranger"];

/// One operation: who may, what they are answered, and what the others who are signed in are answered.
struct Row {
    method: Method,
    path: &'static str,
    body: Value,
    may: Vec<&'static str>,
    yes: u16,
    no: u16,
}

fn everybody() -> Vec<&'static str> {
    [HOUSEHOLD, ADMINISTRATORS, OTHERS].concat()
}

fn row(method: Method, path: &'static str, body: Value, may: &[&'static str], yes: u16, no: u16) -> Row {
    Row { method, path, body, may: may.to_vec(), yes, no }
}

fn rows(house: &House, revision: &Value) -> Vec<Row> {
    let (get, post) = (Method::GET, Method::POST);
    let all = everybody();
    let none = Value::Null;
    let house_and_office = [HOUSEHOLD, ADMINISTRATORS].concat();
    let over_resident = [&["resident", "household"], ADMINISTRATORS].concat();
    let report = json!({ "description": "No sound", "email": "a@site.example" });
    let change = json!({ "revision": revision, "name": "Guest" });
    let template = json!(vestibule_model::api::Template::default());
    let over_users = [&["household"], ADMINISTRATORS].concat();
    let site = json!({ "name": "Sample house", "language": "en", "zone": "Europe/Prague", "pin_length": 5 });
    let flat = json!({ "site": house.site, "floor": 1, "number": "12", "name": "Flat 12" });
    let door = json!({ "site": house.site, "name": "Flat 12 door", "kind": "access_unit", "apartment": house.flat,
        "logging": true });
    let call = json!({ "apartment": house.flat, "started": "2026-03-23T12:00:00Z", "status": "missed" });
    let group = json!({ "site": house.site, "name": "Cellar" });
    let group_change = group.clone();
    let contact = json!({ "site": house.site, "name": "Office", "purpose": "technical" });
    let user = json!({ "site": house.site, "name": "Resident", "email": "resident@site.example",
        "role": "site_user", "language": "en", "apartments": [house.flat] });
    let wrong_code = json!({ "code": "000000" });
    let mut rows: Vec<Row> = [
        "/v1/me",
        "/v1/sites",
        "/v1/apartments",
        "/v1/devices",
        "/v1/contacts",
        "/v1/users",
        "/v1/visitors",
        "/v1/access",
        "/v1/call-records",
        "/v1/tickets",
        "/v1/snapshot",
        "/v1/changes",
        "/v1/events",
    ]
    .into_iter()
    .map(|path| row(get.clone(), path, none.clone(), &all, 200, 0))
    .collect();
    rows.extend([
        row(get.clone(), "/v1/apartments/{id}", none.clone(), &house_and_office, 200, 404),
        row(get.clone(), "/v1/devices/{id}", none.clone(), &house_and_office, 200, 404),
        row(get.clone(), "/v1/users/{id}", none.clone(), &over_resident, 200, 404),
        row(post.clone(), "/v1/visitors", body(house.flat, json!({})), HOUSEHOLD, 201, 403),
        row(get.clone(), "/v1/visitors/{id}", none.clone(), HOUSEHOLD, 200, 404),
        row(Method::PUT, "/v1/visitors/{id}", change, HOUSEHOLD, 200, 404),
        row(post.clone(), "/v1/visitors/{id}/pin", none.clone(), HOUSEHOLD, 200, 404),
        row(post.clone(), "/v1/visitors/{id}/revoke", none.clone(), HOUSEHOLD, 200, 404),
        row(Method::DELETE, "/v1/visitors/{id}", none.clone(), HOUSEHOLD, 204, 404),
        row(post.clone(), "/v1/tickets", report, &all, 201, 0),
        row(
            post.clone(),
            "/v1/provisioning-links",
            json!({ "user": house.flat_user }),
            &over_resident,
            201,
            404,
        ),
        row(post.clone(), "/v1/totp", none.clone(), &all, 201, 0),
        row(post.clone(), "/v1/totp/confirm", wrong_code.clone(), &all, 422, 0),
        row(post.clone(), "/v1/totp/remove", wrong_code, &all, 422, 0),
        row(post.clone(), "/v1/door-checks", json!({ "pin": "nobody's" }), &["door"], 200, 401),
        row(post.clone(), "/v1/call-reports", call, &["door", "door with a device"], 201, 401),
        row(get.clone(), "/v1/phone", none.clone(), &[], 0, 404),
        row(post.clone(), "/v1/phone", none.clone(), &[], 0, 404),
        row(Method::DELETE, "/v1/phone", none.clone(), &[], 0, 404),
        row(Method::PUT, "/v1/phone/presence", json!({ "presence": "ready" }), &[], 0, 404),
        row(get.clone(), "/v1/configuration", none.clone(), &["door"], 404, 401),
        row(post.clone(), "/v1/configuration/account", none.clone(), &["door"], 404, 401),
        row(get.clone(), "/v1/devices/{id}/call-settings", none.clone(), ADMINISTRATORS, 200, 404),
        row(Method::PUT, "/v1/devices/{id}/call-settings", json!({}), ADMINISTRATORS, 422, 404),
        row(get.clone(), "/v1/users/{id}/directory", none.clone(), ADMINISTRATORS, 200, 404),
        row(Method::PUT, "/v1/users/{id}/directory", json!({ "devices": [] }), ADMINISTRATORS, 200, 404),
        row(get.clone(), "/v1/sites/{id}/templates/{kind}", none.clone(), ADMINISTRATORS, 200, 404),
        row(Method::PUT, "/v1/sites/{id}/templates/{kind}", template, ADMINISTRATORS, 200, 404),
        row(get.clone(), "/v1/access-groups", none.clone(), &all, 200, 0),
        row(post.clone(), "/v1/access-groups", group, ADMINISTRATORS, 422, 403),
        row(Method::PUT, "/v1/access-groups/{id}", group_change, &[], 0, 404),
        row(Method::DELETE, "/v1/access-groups/{id}", none.clone(), &[], 0, 404),
        row(get.clone(), "/v1/users/{id}/cards", none.clone(), ADMINISTRATORS, 200, 404),
        row(post.clone(), "/v1/users/{id}/cards", json!({ "uid": "no digits" }), ADMINISTRATORS, 422, 404),
        row(Method::DELETE, "/v1/cards/{id}", none.clone(), &[], 0, 404),
        row(post.clone(), "/v1/sites", site.clone(), &["company"], 409, 403),
        row(Method::PUT, "/v1/sites/{id}", site, ADMINISTRATORS, 200, 404),
        row(get.clone(), "/v1/sites/{id}/tickets", none.clone(), ADMINISTRATORS, 200, 404),
        row(get.clone(), "/v1/sites/{id}/licensing", none.clone(), ADMINISTRATORS, 200, 404),
        row(get.clone(), "/v1/sites/{id}/vouchers", none.clone(), ADMINISTRATORS, 200, 404),
        row(post.clone(), "/v1/sites/{id}/vouchers", json!({ "code": "nonsense" }), PAYERS, 410, 404),
        row(Method::PUT, "/v1/devices/{id}/licence", json!({ "on": true }), PAYERS, 200, 404),
        row(post.clone(), "/v1/apartments", flat.clone(), ADMINISTRATORS, 409, 403),
        row(Method::PUT, "/v1/apartments/{id}", flat, ADMINISTRATORS, 200, 404),
        row(Method::DELETE, "/v1/apartments/{id}", none.clone(), ADMINISTRATORS, 409, 404),
        row(post.clone(), "/v1/devices", door.clone(), ADMINISTRATORS, 409, 403),
        row(Method::PUT, "/v1/devices/{id}", door, ADMINISTRATORS, 200, 404),
        row(post.clone(), "/v1/contacts", contact.clone(), ADMINISTRATORS, 201, 403),
        row(Method::PUT, "/v1/contacts/{id}", contact, ADMINISTRATORS, 200, 404),
        row(post.clone(), "/v1/users", user.clone(), &over_users, 409, 403),
        row(Method::PUT, "/v1/presence", json!({ "presence": "ready" }), &["door"], 204, 401),
        // The last one, for it ends what the others need.
        row(Method::DELETE, "/v1/session", none, &all, 204, 0),
    ]);
    rows
}

/// What a path is about: the flat, its door, its resident, its visitor.
async fn address(house: &House, path: &str, owner: &Client, visitor: &Value) -> String {
    let id = match path {
        _ if path.starts_with("/v1/sites/{id}") => json!(house.site),
        _ if path.starts_with("/v1/users/{id}") => json!(house.flat_user),
        "/v1/apartments/{id}" => json!(house.flat),
        "/v1/contacts/{id}" => owner.get("/v1/contacts").await.expect(200)["items"][0]["id"].clone(),
        _ if path.starts_with("/v1/devices/{id}") => {
            let devices = owner.get("/v1/devices").await.expect(200);
            let devices = devices["items"].as_array().unwrap();
            devices.iter().find(|device| device["name"] == "Flat 12 door").unwrap()["id"].clone()
        }
        "/v1/changes" => return "/v1/changes?since=0.0".to_owned(),
        _ => visitor["id"].clone(),
    };
    path.replace("{id}", &id.to_string()).replace("{kind}", "phone")
}

#[tokio::test]
async fn every_operation_for_everybody() {
    let house = House::new().await;
    let owner = house.client_on("resident", "device-of-the-owner").await;
    let mut callers = vec![
        ("none", house.nobody()),
        ("nonsense", Client::new(&house.base, "vsa_nonsense", DEVICE)),
        ("door", house.flat_door.clone()),
        ("door with a device", Client { device: DEVICE.into(), ..house.entrance.clone() }),
    ];
    for name in everybody() {
        let elsewhere = house.client_on(name, "device-of-a-thief-").await;
        callers.push((name, house.client(name).await));
        callers.push(("stolen", Client { device: DEVICE.into(), ..elsewhere }));
    }
    let mut covered = BTreeSet::new();
    for (name, caller) in &callers {
        let visitor = owner.visitor(house.flat, json!({})).await;
        for row in rows(&house, &visitor["revision"]) {
            let path = address(&house, row.path, &owner, &visitor).await;
            let mut request = caller.request(row.method.clone(), &path);
            if row.method != Method::GET {
                request =
                    request.header("Idempotency-Key", format!("{} {path}", row.method).replace(' ', "-"));
            }
            if !row.body.is_null() {
                request = request.json(&row.body);
            }
            let status = request.send().await.unwrap().status().as_u16();
            let signed = everybody().contains(name);
            let expected = match (row.path, *name) {
                ("/v1/door-checks", "door" | "door with a device") => 200,
                ("/v1/presence", "door" | "door with a device") => 204,
                ("/v1/configuration" | "/v1/configuration/account", "door" | "door with a device") => 404,
                // It sees that they are there.
                ("/v1/sites/{id}/vouchers" | "/v1/devices/{id}/licence", "office")
                    if row.method != Method::GET =>
                {
                    403
                }
                _ if row.may.contains(name) => row.yes,
                _ if signed => row.no,
                _ => 401,
            };
            assert_eq!(status, expected, "{name}: {} {path}", row.method);
            covered.insert(format!("{} {}", row.method.as_str().to_lowercase(), row.path));
        }
        // Each makes a visitor of the owner's: one in three minutes goes on for ever.
        house.pass_seconds(20);
    }
    // These end what the matrix is about, so each has a house of its own.
    covered.extend(last_rows().await);
    // Signing in needs no token; all the rest of the document is in the matrix.
    let document = serde_json::to_value(vestibule_site::openapi()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        operations.extend(item.as_object().unwrap().keys().map(|method| format!("{method} {path}")));
    }
    for open in ["post /v1/session", "post /v1/session/refresh", "post /v1/provisioning"] {
        assert!(operations.remove(open));
    }
    assert_eq!(covered, operations);
}

#[tokio::test]
async fn a_token_whose_time_is_over_opens_nothing() {
    let house = House::new().await;
    let mut callers = Vec::new();
    for name in everybody() {
        callers.push((name, house.client(name).await));
    }
    house.pass(15);
    let owner = house.client_on("resident", "device-of-the-owner").await;
    let visitor = owner.visitor(house.flat, json!({})).await;
    for (name, caller) in &callers {
        for row in rows(&house, &visitor["revision"]) {
            let path = address(&house, row.path, &owner, &visitor).await;
            let answer = caller.send(row.method.clone(), &path, Some(&row.body)).await;
            assert_eq!(answer.problem(), (401, "token_invalid".into()), "{name}: {} {path}", row.method);
        }
    }
}

/// What can be done once only, for everybody: who may is tried last.
async fn last_rows() -> Vec<String> {
    let mut covered = Vec::new();
    for (method, path, yes, no) in [
        (Method::PUT, "/v1/users/{id}", 200, 404),
        (Method::DELETE, "/v1/users/{id}", 204, 404),
        (Method::POST, "/v1/devices/{id}/token", 200, 404),
        (Method::DELETE, "/v1/devices/{id}", 204, 404),
        (Method::DELETE, "/v1/contacts/{id}", 204, 404),
        (Method::DELETE, "/v1/sites/{id}", 409, 403),
    ] {
        let house = House::new().await;
        let company = house.client_on("company", "device-of-the-owner").await;
        let visitor = Value::Null;
        let address = address(&house, path, &company, &visitor).await;
        let user = json!({ "site": house.site, "name": "Resident", "email": "resident@site.example",
            "role": "site_user", "language": "en", "apartments": [house.flat] });
        let body = if method == Method::PUT { user } else { json!({}) };
        let mut asked = vec![("none", house.nobody(), 401), ("door", house.flat_door.clone(), 401)];
        for name in everybody() {
            let refused = match (path, name) {
                // They see that it is there.
                ("/v1/users/{id}", "resident") => 404,
                ("/v1/users/{id}", "household") => continue,
                ("/v1/sites/{id}", "office" | "payer") => no,
                ("/v1/sites/{id}", _) => 404,
                (_, "office" | "payer") => continue,
                _ => no,
            };
            if name != "company" {
                asked.push((name, house.client(name).await, refused));
            }
        }
        let may = if path == "/v1/users/{id}" { "household" } else { "company" };
        asked.push((may, house.client(may).await, yes));
        for (name, caller, expected) in asked {
            let answer = caller.send(method.clone(), &address, Some(&body)).await;
            assert_eq!(answer.status.as_u16(), expected, "{name}: {method} {address} {}", answer.json);
        }
        covered.push(format!("{} {path}", method.as_str().to_lowercase()));
    }
    covered
}
