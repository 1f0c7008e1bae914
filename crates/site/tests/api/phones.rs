use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use vestibule_model::DeviceKind;
use vestibule_site::{Config, Sip};

use crate::house::device;
use crate::{Client, House};

/// A house with an exchange, and the file that it reads.
async fn house() -> (House, Connection) {
    let mut house = House::new().await;
    house.stop().await;
    let sip = Sip {
        domain: "site.test".into(),
        servers: vec!["127.0.0.1:5060".into()],
        database: None,
        postgres: None,
    };
    house.start(Config { sip: Some(sip), ..Config::default() }).await;
    let file = Connection::open(house.data.database().with_file_name("sip.db")).unwrap();
    (house, file)
}

fn rows(file: &Connection, sql: &str) -> Vec<(String, String)> {
    let mut statement = file.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The phone of somebody, ringing: its user name and password.
async fn phone(client: &Client) -> (String, String) {
    let made = client.post("/v1/phone", json!({})).await.expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["profile"]["user"]), text(&made["password"]))
}

async fn id_of(client: &Client, name: &str) -> Value {
    let devices = client.get("/v1/devices").await.expect(200);
    let mut devices = devices["items"].as_array().unwrap().iter();
    devices.find(|device| device["name"] == name).unwrap()["id"].clone()
}

#[tokio::test]
async fn a_phone_gets_its_account_once_and_sees_who_rings_it() {
    let (house, file) = house().await;
    let (resident, office) = (house.client("resident").await, house.client("office").await);
    assert_eq!(resident.get("/v1/phone").await.problem(), (404, "not_found".into()));
    let key = "the-key-of-this-phone";
    let made = resident.send_once(Method::POST, "/v1/phone", Some(&json!({})), key).await.expect(201);
    let again = resident.send_once(Method::POST, "/v1/phone", Some(&json!({})), key).await.expect(201);
    assert_eq!(made, again);
    let user = made["profile"]["user"].as_str().unwrap().to_owned();
    let kept = rows(&file, "SELECT username, ha1 FROM subscriber");
    assert_eq!(kept[0].0, user);
    assert!(!made["password"].as_str().unwrap().is_empty());

    let entrance = id_of(&office, "Main entrance").await;
    let path = format!("/v1/devices/{entrance}/call-settings");
    let settings = json!({
        "buttons": [{ "number": 1, "name": "Flat 12", "members": [{ "apartment": house.flat }] }],
        "switches": [{ "name": "Door", "kind": "door" }],
    });
    let set = office.put(&path, settings).await.expect(200);
    assert_eq!(set["switches"][0]["code"], "00*");
    let phone = resident.get("/v1/phone").await.expect(200);
    assert_eq!(
        phone["intercoms"],
        json!([{
            "device": entrance,
            "name": "Main entrance",
            "user": format!("d{entrance}"),
            "switches": [{ "name": "Door", "kind": "door", "code": "00*" }],
        }])
    );
    assert_eq!((&phone["template"]["refresh_minutes"], &phone["directory"]), (&json!(10), &json!([])));
    assert!(phone.get("password").is_none());
    let target = format!("d{entrance}-1");
    assert_eq!(rows(&file, "SELECT target, callee FROM ring"), [(target, user.clone())]);
    // Whoever is rung may ring back.
    assert_eq!(rows(&file, "SELECT caller, callee FROM directory"), [(user, format!("d{entrance}"))]);
    // Signed out, it rings no more.
    resident.delete("/v1/session").await.expect(204);
    assert_eq!(rows(&file, "SELECT target, callee FROM ring"), []);
    assert_eq!(rows(&file, "SELECT username, ha1 FROM subscriber"), []);
}

#[tokio::test]
async fn another_password_is_worth_more_than_the_one_before() {
    let (house, file) = house().await;
    let resident = house.client("resident").await;
    let (user, first) = phone(&resident).await;
    let before = rows(&file, "SELECT ha1, ha1_sha256 FROM subscriber");
    let (same, second) = phone(&resident).await;
    assert_eq!(user, same);
    assert_ne!(first, second);
    assert_ne!(before, rows(&file, "SELECT ha1, ha1_sha256 FROM subscriber"));
}

#[tokio::test]
async fn an_apartment_rings_whoever_lives_there_at_the_time() {
    let (house, file) = house().await;
    let office = house.client("office").await;
    let (resident, housemate) = (house.client("resident").await, house.client("housemate").await);
    let neighbour = house.client("neighbour").await;
    let (first, second) = (phone(&resident).await.0, phone(&housemate).await.0);
    let third = phone(&neighbour).await.0;
    let entrance = id_of(&office, "Main entrance").await;
    let button = |order: &str| {
        let members = json!([{ "apartment": house.flat }, { "apartment": house.other_flat }]);
        json!({ "buttons": [{ "number": 7, "name": "All", "order": order, "members": members }] })
    };
    let path = format!("/v1/devices/{entrance}/call-settings");
    office.put(&path, button("at_once")).await.expect(200);
    let callees = "SELECT callee, CAST(place AS TEXT) FROM ring ORDER BY callee, place";
    let steps = |places: [&str; 3]| {
        let all = [&first, &second, &third].map(String::clone).into_iter().zip(places.map(String::from));
        let mut all = all.collect::<Vec<_>>();
        all.sort();
        all
    };
    assert_eq!(rows(&file, callees), steps(["0", "0", "0"]));
    office.put(&path, button("in_order")).await.expect(200);
    assert_eq!(rows(&file, callees), steps(["0", "0", "1"]));
    // A command beside the server: the next write tells the exchange as well.
    house
        .admin
        .set_resident("neighbour@site.example", house.other_flat, vestibule_site::Lives::Elsewhere)
        .unwrap();
    resident.put("/v1/phone/presence", json!({ "presence": "ready" })).await.expect(204);
    assert_eq!(rows(&file, callees).len(), 2);
}

#[tokio::test]
async fn calls_stay_within_a_site_and_codes_follow_their_rules() {
    let (house, _) = house().await;
    let (office, company) = (house.client("office").await, house.client("company").await);
    let entrance = id_of(&office, "Main entrance").await;
    let path = format!("/v1/devices/{entrance}/call-settings");
    let apartments = company.get("/v1/apartments").await.expect(200);
    let elsewhere = &apartments["items"][2]["id"];
    let button = |number: Value, member: Value| json!({ "buttons": [{ "number": number, "name": "A", "members": [member] }] });
    let switch = |make: &str, code: &str| json!({ "make": make, "switches": [{ "name": "Door", "kind": "door", "code": code }] });
    for (settings, field) in [
        (button(json!(1), json!({ "apartment": elsewhere })), "buttons[0].members[0]"),
        (button(json!(1), json!({ "device": entrance })), "buttons[0].members[0]"),
        (button(json!(0), json!({ "apartment": house.flat })), "buttons[0].number"),
        (button(json!(1000), json!({ "apartment": house.flat })), "buttons[0].number"),
        (switch("2n", "00"), "switches[0].code"),
    ] {
        let refused = company.put(&path, settings).await;
        assert_eq!(refused.json["field"], field);
        assert_eq!(refused.problem(), (422, "value_invalid".into()));
    }
    assert_eq!(office.put(&path, switch("any", "12a")).await.problem(), (400, "body_invalid".into()));
    office.put(&path, switch("2n", "00*")).await.expect(200);
    let template = |minutes: u32| {
        let mut template = json!(vestibule_model::api::Template::default());
        template["refresh_minutes"] = json!(minutes);
        template
    };
    let path = format!("/v1/sites/{}/templates/phone", house.site.0);
    for (minutes, status) in [(0, 422), (1, 200), (99_999, 200), (100_000, 422)] {
        assert_eq!(office.put(&path, template(minutes)).await.status.as_u16(), status, "{minutes}");
    }
}

#[tokio::test]
async fn a_residential_apartment_has_four_phones() {
    let (house, _) = house().await;
    for number in 0..4 {
        phone(&house.client_on("resident", &format!("device-number-{number}-of")).await).await;
    }
    let fifth = house.client_on("housemate", "device-number-5-of").await;
    assert_eq!(fifth.post("/v1/phone", json!({})).await.problem(), (409, "device_limit".into()));
    phone(&house.client("neighbour").await).await;
}

#[tokio::test]
async fn a_device_asks_for_its_account_and_what_its_buttons_call() {
    let (house, file) = house().await;
    let office = house.client("office").await;
    let made = house.entrance.post("/v1/configuration/account", json!({})).await.expect(201);
    let user = made["profile"]["user"].as_str().unwrap();
    assert_eq!(rows(&file, "SELECT username, domain FROM subscriber"), [(user.into(), "site.test".into())]);
    let say = json!({ "presence": "registered" });
    house.entrance.put("/v1/presence", say.clone()).await.expect(204);
    let id = id_of(&office, "Main entrance").await;
    let status = async || office.get(&format!("/v1/devices/{id}")).await.expect(200)["status"].clone();
    assert_eq!(status().await, "missing_call_settings");
    let settings =
        |flat| json!({ "buttons": [{ "number": 3, "name": "Flat", "members": [{ "apartment": flat }] }] });
    let path = format!("/v1/devices/{id}/call-settings");
    office.put(&path, settings(house.flat)).await.expect(200);
    house.entrance.put("/v1/presence", say).await.expect(204);
    assert_eq!(status().await, "registered");
    let before = house.entrance.get("/v1/configuration").await.expect(200);
    let target = json!([{ "number": 3, "name": "Flat", "user": format!("{user}-3") }]);
    assert_eq!(before["buttons"], target);
    // Another ring group is no other configuration of the intercom.
    office.put(&path, settings(house.other_flat)).await.expect(200);
    assert_eq!(house.entrance.get("/v1/configuration").await.expect(200), before);
}

#[tokio::test]
async fn a_user_may_call_what_is_in_the_directory_and_sees_phones_of_the_own_flat() {
    let (house, file) = house().await;
    let (resident, office) = (house.client("resident").await, house.client("office").await);
    let (user, _) = phone(&resident).await;
    let desk = device(&house.admin, house.site, "Reception", DeviceKind::AnsweringUnit, None);
    Client::new(&house.base, &desk, "").post("/v1/configuration/account", json!({})).await.expect(201);
    let desk = id_of(&office, "Reception").await;
    let path = format!("/v1/users/{}/directory", house.flat_user.0);
    office.put(&path, json!({ "devices": [desk] })).await.expect(200);
    let phone = resident.get("/v1/phone").await.expect(200);
    assert_eq!(phone["directory"][0]["name"], "Reception");
    assert_eq!(rows(&file, "SELECT caller, callee FROM directory"), [(user, format!("d{desk}"))]);
    let sees = async |who: &str| {
        let devices = house.client_on(who, "another-device-0123").await.get("/v1/devices").await.expect(200);
        devices["items"].as_array().unwrap().iter().any(|device| device["name"] == "resident")
    };
    assert!(sees("housemate").await && sees("office").await);
    assert!(!sees("neighbour").await && !sees("stranger").await);
}

#[tokio::test]
async fn a_device_has_a_mode_of_its_own_and_what_is_noted_of_it_is_for_administrators() {
    let (house, _file) = house().await;
    let (resident, office) = (house.client("resident").await, house.client("office").await);
    let id = id_of(&office, "Main entrance").await;
    let path = format!("/v1/devices/{id}");
    let change = |hardware: Value| {
        json!({ "site": house.site, "name": "Main entrance", "kind": "intercom", "logging": true,
            "hardware": hardware })
    };
    let plain = json!({ "serial": "", "mac": null, "connection": "cloud", "mode": null });
    assert_eq!(office.get(&path).await.expect(200)["hardware"], plain);
    let told = house.entrance.get("/v1/configuration").await.expect(200);
    assert_eq!((&told["mode"], &told["template"]["mode"]), (&json!("automatic"), &json!("automatic")));
    let noted =
        json!({ "serial": "54-1234", "mac": "7c:1e:b3:00:00:01", "connection": "local", "mode": "manual" });
    let changed = office.put(&path, change(noted)).await.expect(200);
    assert_eq!(changed["hardware"]["mac"], "7C:1E:B3:00:00:01");
    let told = house.entrance.get("/v1/configuration").await.expect(200);
    assert_eq!((&told["mode"], &told["template"]["mode"]), (&json!("manual"), &json!("manual")));
    let seen = resident.get(&path).await.expect(200)["hardware"].clone();
    assert_eq!(seen, json!({ "serial": "", "mac": null, "connection": "local", "mode": "manual" }));
    for (hardware, field) in [
        (json!({ "mac": "7C1EB3000001" }), "hardware.mac"),
        (json!({ "connection": "wire" }), "hardware.connection"),
        (json!({ "colour": "red" }), "hardware.colour"),
    ] {
        let refused = office.put(&path, change(hardware)).await;
        assert_eq!(refused.json["field"], field);
        assert_eq!(refused.problem(), (400, "body_invalid".into()));
    }
    let long = office.put(&path, change(json!({ "serial": "x".repeat(51) }))).await;
    assert_eq!(long.problem(), (422, "value_invalid".into()));
    let second = json!({ "site": house.site, "name": "Gate", "kind": "intercom", "logging": true,
        "hardware": { "mac": "7C:1E:B3:00:00:01" } });
    assert_eq!(office.post("/v1/devices", second).await.problem(), (409, "taken".into()));
}
