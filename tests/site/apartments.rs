use serde_json::json;
use vestibule_ipc::{GetState, SaveSettings};
use vestibule_model::api::{Apartment, Device, DeviceId, Hardware, Licence, Role, SiteId, User, UserId};
use vestibule_model::{AccessFilter, ApartmentId, DeviceKind, DeviceStatus, Language, Secret, Settings};
use vestibule_tests::wait_until;

use crate::building::{Building, PASSWORD};
use crate::resident::Resident;

const EMAIL: &str = "owner@site.example";

/// Somebody of two apartments, with a reader at the door of the second.
async fn owner(building: &Building) -> (Resident, ApartmentId) {
    let studio = Apartment {
        id: ApartmentId(0),
        site: SiteId(1),
        floor: 0,
        number: "3".into(),
        name: "Studio 3".into(),
        has_access_unit: false,
    };
    let studio = building.admin.add_apartment(&studio).unwrap();
    let reader = Device {
        id: DeviceId(0),
        site: SiteId(1),
        name: "Studio door".into(),
        kind: DeviceKind::AccessUnit,
        status: DeviceStatus::Online,
        apartment: Some(studio),
        logging: true,
        hardware: Hardware::default(),
        licence: Licence::Ready,
    };
    building.admin.add_device(&reader).unwrap();
    let user = User {
        id: UserId(0),
        site: SiteId(1),
        name: "Owner".into(),
        email: EMAIL.into(),
        role: Role::SiteUser,
        language: Language::En,
        apartments: vec![building.flat, studio],
    };
    building.admin.add_user(&user, Some(&Secret::new(PASSWORD))).unwrap();
    (Resident::signed_in(building, "owner").await, studio)
}

async fn settings(resident: &Resident) -> Settings {
    resident.app.get_state(GetState {}).await.unwrap().settings
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_and_lines_of_the_log_say_whose_they_are() {
    let building = Building::new().await;
    let (resident, studio) = owner(&building).await;
    let devices = resident.site().await.unwrap().devices;
    let whose = |name: &str| devices.iter().find(|device| device.name == name).unwrap().apartment;
    assert_eq!((whose("Main entrance"), whose("Studio door")), (None, Some(studio)));

    for (name, apartment) in [("Guest", building.flat), ("Courier", studio)] {
        let id = resident.invite(apartment, name).await;
        let pin = resident.until_sent(id).await.codes.unwrap().pin;
        assert_eq!(building.at_the_door(json!({ "pin": pin.reveal() }), name).await, "allowed");
    }
    let seen = async |apartment| {
        let filter = AccessFilter { apartment, ..AccessFilter::default() };
        let lines = resident.access(filter).await.entries;
        lines.into_iter().map(|line| line.person).collect::<Vec<_>>()
    };
    wait_until("both are in the log", async || seen(None).await.len() == 2).await;
    assert_eq!(seen(Some(studio)).await, ["Courier"]);
    assert_eq!(seen(Some(building.flat)).await, ["Guest"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_is_kept_survives_that_the_apartment_is_taken_away_and_ends_with_the_sign_in() {
    let building = Building::new().await;
    let (mut resident, studio) = owner(&building).await;
    let chosen = Settings { apartment: Some(studio), ..settings(&resident).await };
    resident.app.save_settings(SaveSettings { settings: chosen }).await.unwrap();
    resident.restart().await;
    resident.until_online().await;
    let site = resident.site().await.unwrap();
    assert_eq!(site.chosen(settings(&resident).await.apartment), Some(studio));

    let office = building.office().await;
    let users = office.ask("GET", "users", None).await;
    let owner = users["items"].as_array().unwrap().iter().find(|user| user["email"] == EMAIL).unwrap();
    let lives_in = async |apartments: &[ApartmentId]| {
        let mut to = owner.clone();
        to.as_object_mut().unwrap().remove("id");
        to["apartments"] = json!(apartments);
        office.ask("PUT", &format!("users/{}", owner["id"]), Some(to)).await;
    };
    lives_in(&[building.flat]).await;
    wait_until("one is left", async || resident.site().await.unwrap().apartments.len() == 1).await;
    let site = resident.site().await.unwrap();
    assert_eq!(site.chosen(settings(&resident).await.apartment), None);
    lives_in(&[building.flat, studio]).await;
    wait_until("it is back", async || {
        let kept = settings(&resident).await.apartment;
        resident.site().await.unwrap().chosen(kept) == Some(studio)
    })
    .await;

    resident.app.sign_out(vestibule_ipc::SignOut {}).await.unwrap();
    assert_eq!(settings(&resident).await.apartment, None);
}
