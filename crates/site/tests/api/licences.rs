use reqwest::Method;
use serde_json::{Value, json};
use vestibule_model::api::LicenceUnit;
use vestibule_site::{Config, Fees};

use crate::{Client, House};

const DAY: i64 = 24 * 60;

/// The licence of the screen of flat 13, as this one sees it.
async fn screen(client: &Client) -> Value {
    let devices = client.get("/v1/devices").await.expect(200);
    let devices = devices["items"].as_array().unwrap().clone();
    devices.into_iter().find(|device| device["name"] == "Flat 13 screen").unwrap()["licence"].clone()
}

/// The licence of the site, as this one sees it.
async fn site(client: &Client) -> Value {
    client.get("/v1/sites").await.expect(200)["items"][0]["licence"].clone()
}

async fn redeem(house: &House, client: &Client, code: &str) -> crate::Answer {
    client.post(&format!("/v1/sites/{}/vouchers", house.site.0), json!({ "code": code })).await
}

fn voucher(house: &House, unit: LicenceUnit, units: u32) -> String {
    house.admin.make_voucher(unit, units, 1).unwrap().1.reveal().to_owned()
}

fn state(word: &str) -> Value {
    json!({ "state": word })
}

#[tokio::test]
async fn where_nothing_is_to_be_paid_everything_is_licensed() {
    let house = House::new().await;
    let (neighbour, office) = (house.client("neighbour").await, house.client("office").await);
    house.pass(1);
    for client in [&neighbour, &office] {
        assert_eq!((screen(client).await, site(client).await), (state("ready"), state("ready")));
    }
    let said = office.get(&format!("/v1/sites/{}/licensing", house.site.0)).await.expect(200);
    assert_eq!(said["fees"], false);
    assert_eq!((&said["trial_until"], &said["waiting"]), (&Value::Null, &json!(0)));
}

#[tokio::test]
async fn after_the_trial_a_licence_is_wanted_and_a_voucher_is_one_at_once() {
    let house = House::new().await;
    house.admin.set_fees(house.site, Fees::Due).unwrap();
    let neighbour = house.client("neighbour").await;
    let until = json!({ "state": "trial", "until": "2026-04-22T12:00:00.000Z" });
    assert_eq!((screen(&neighbour).await, site(&neighbour).await), (until.clone(), until));
    house.pass(30 * DAY);
    // No one has looked: the clock alone says so.
    let (neighbour, resident) = (house.client("neighbour").await, house.client("resident").await);
    let (payer, office) = (house.client("payer").await, house.client("office").await);
    for client in [&neighbour, &payer] {
        assert_eq!(site(client).await, state("unlicensed_to_purchase"));
        assert_eq!(screen(client).await, state("unlicensed_to_purchase"));
    }
    let door = resident.get("/v1/devices").await.expect(200)["items"][0]["licence"].clone();
    assert_eq!(door, state("ready"), "doors want none");

    let code = voucher(&house, LicenceUnit::Apartment, 1);
    assert_eq!(redeem(&house, &office, &code).await.problem(), (403, "forbidden".into()));
    assert_eq!(redeem(&house, &neighbour, &code).await.problem(), (404, "not_found".into()));
    let other = redeem(&house, &payer, "0000-0000-0000-0000").await;
    assert_eq!(other.problem(), (410, "voucher_invalid".into()));
    let made = redeem(&house, &payer, &code.to_lowercase()).await.expect(201);
    assert_eq!((&made["unit"], &made["units"], &made["years"]), (&json!("apartment"), &json!(1), &json!(1)));
    assert_eq!(redeem(&house, &payer, &code).await.problem(), (410, "voucher_invalid".into()));
    for client in [&neighbour, &payer] {
        assert_eq!((screen(client).await, site(client).await), (state("ready"), state("ready")));
    }
    let said = office.get(&format!("/v1/sites/{}/licensing", house.site.0)).await.expect(200);
    assert_eq!(said["apartments"], json!({ "months": 11, "running": 1 }));
    assert_eq!((&said["devices"]["months"], &said["waiting"]), (&json!(0), &json!(0)));
    // Who is still without a device sees that one would have a licence.
    assert_eq!(site(&resident).await, state("ready"));
    let list = office.get(&format!("/v1/sites/{}/vouchers", house.site.0)).await.expect(200);
    assert_eq!(list["items"], json!([made]));
    assert!(!list.to_string().contains(&code));
}

#[tokio::test]
async fn a_month_ends_in_three_days_of_grace_and_time_is_told_of() {
    let mut house = House::new().await;
    house.admin.set_fees(house.site, Fees::Due).unwrap();
    house.pass(30 * DAY);
    let payer = house.client("payer").await;
    let code = voucher(&house, LicenceUnit::Device, 1);
    redeem(&house, &payer, &code).await.expect(201);
    // A year of one device is a month of twelve.
    for number in 2..13 {
        let new = json!({ "site": house.site, "name": format!("Screen {number}"), "kind": "answering_unit",
            "logging": false });
        payer.post("/v1/devices", new).await.expect(201);
    }
    let said = payer.get(&format!("/v1/sites/{}/licensing", house.site.0)).await.expect(200);
    assert_eq!(said["devices"], json!({ "months": 0, "running": 12 }));
    house.pass(30 * DAY + 630);
    let neighbour = house.client("neighbour").await;
    let mut cursor = neighbour.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned();
    let grace = screen(&neighbour).await;
    assert_eq!(grace["state"], "grace", "{grace}");
    assert_eq!(site(&neighbour).await, grace);
    house.pass(3 * DAY);
    // A server that starts looks at once.
    house.stop().await;
    house.start(Config::default()).await;
    let neighbour = house.client("neighbour").await;
    let mut told = Vec::new();
    while !told.contains(&json!("device")) || !told.contains(&json!("site")) {
        tokio::task::yield_now().await;
        let changes = neighbour.get(&format!("/v1/changes?since={cursor}")).await.expect(200);
        changes["cursor"].as_str().unwrap().clone_into(&mut cursor);
        for item in changes["items"].as_array().unwrap() {
            if !item["now"]["licence"].is_null() && item["now"]["licence"]["state"] != "ready" {
                assert_eq!(item["now"]["licence"], state("unlicensed_to_purchase"));
                told.push(item["kind"].clone());
            }
        }
    }
}

#[tokio::test]
async fn what_a_disabled_device_had_goes_to_the_next_that_waits() {
    let house = House::new().await;
    house.admin.set_fees(house.site, Fees::Due).unwrap();
    house.pass(31 * DAY);
    let payer = house.client("payer").await;
    let office = house.client("office").await;
    redeem(&house, &payer, &voucher(&house, LicenceUnit::Device, 1)).await.expect(201);
    let second = json!({ "site": house.site, "name": "Flat 12 screen", "kind": "answering_unit",
        "apartment": house.flat, "logging": false });
    // Of one device's year, a second device takes a month as well.
    let made = payer.post("/v1/devices", second).await.expect(201);
    assert_eq!(made["device"]["licence"], state("ready"));
    let licensing = format!("/v1/sites/{}/licensing", house.site.0);
    let devices = payer.get(&licensing).await.expect(200)["devices"].clone();
    assert_eq!(devices, json!({ "months": 10, "running": 2 }));
    let of = format!("/v1/devices/{}/licence", made["device"]["id"]);
    assert_eq!(office.put(&of, json!({ "on": false })).await.problem(), (403, "forbidden".into()));
    let off = payer.put(&of, json!({ "on": false })).await.expect(200);
    assert_eq!(off["licence"], state("disabled"));
    let third =
        json!({ "site": house.site, "name": "Cellar screen", "kind": "answering_unit", "logging": false });
    let third = payer.post("/v1/devices", third).await.expect(201);
    assert_eq!(third["device"]["licence"], state("ready"));
    let devices = payer.get(&licensing).await.expect(200)["devices"].clone();
    assert_eq!(devices, json!({ "months": 10, "running": 2 }), "no credit was used for it");
    assert_eq!(payer.put(&of, json!({ "on": true })).await.expect(200)["licence"], state("ready"));
}

#[tokio::test]
async fn a_voucher_is_good_for_three_years_and_guessing_is_slow() {
    let house = House::new().await;
    let code = voucher(&house, LicenceUnit::Apartment, 1);
    house.pass(3 * 366 * DAY);
    let payer = house.client("payer").await;
    assert_eq!(redeem(&house, &payer, &code).await.problem(), (410, "voucher_invalid".into()));
    for _ in 0..9 {
        assert_eq!(redeem(&house, &payer, "nonsense").await.status.as_u16(), 410);
    }
    let slow = redeem(&house, &payer, "nonsense").await;
    assert_eq!(slow.headers["retry-after"], "60");
    assert_eq!(slow.problem(), (429, "too_many".into()));
}

#[tokio::test]
async fn a_flat_holds_four_paid_devices_whoever_adds_them() {
    let house = House::new().await;
    let office = house.client("office").await;
    let screen = |name: String| {
        json!({ "site": house.site, "name": name, "kind": "answering_unit", "apartment": house.other_flat,
            "logging": false })
    };
    for number in 2..5 {
        office.post("/v1/devices", screen(format!("Screen {number}"))).await.expect(201);
    }
    let full = office.post("/v1/devices", screen("Screen 5".to_owned())).await;
    assert_eq!(full.problem(), (409, "device_limit".into()));
    let elsewhere =
        json!({ "site": house.site, "name": "Cellar", "kind": "answering_unit", "logging": false });
    let made = office.post("/v1/devices", elsewhere).await.expect(201);
    let moved =
        office.put(&format!("/v1/devices/{}", made["device"]["id"]), screen("Cellar".to_owned())).await;
    assert_eq!(moved.problem(), (409, "device_limit".into()));
    // A reader at its door is no paid device.
    let door = json!({ "site": house.site, "name": "Flat 13 door", "kind": "access_unit",
        "apartment": house.other_flat, "logging": true });
    office.send(Method::POST, "/v1/devices", Some(&door)).await.expect(201);
}
