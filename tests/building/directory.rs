//! Who may call whom.

use vestibule_tests::KamailioOptions;

use crate::house::Building;

/// What the caller was told in the end, such as `403 Not In The Directory`.
async fn told(building: &Building, caller: &crate::house::Entrance, target: &str) -> String {
    let mut door = building.door(caller).await;
    door.command("dial", &format!("sip:{target}@site.test")).await;
    door.event("CALL_CLOSED").await["param"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_calls_into_another_site_or_past_the_directory() {
    let building = Building::new(KamailioOptions::default()).await;
    building.set_button("at_once", &building.flats).await;
    let mut phone = building.phone("resident").await;
    let number = building.entrance.user.clone();
    // The button of an intercom is its own.
    let button = told(&building, &building.elsewhere, &format!("{number}-1")).await;
    assert!(button.starts_with("480"), "{button}");
    let direct = told(&building, &building.elsewhere, &number).await;
    assert!(direct.starts_with("403"), "{direct}");
    let nowhere = told(&building, &building.elsewhere, "d1'%20OR%201=1").await;
    assert!(nowhere.starts_with("404"), "{nowhere}");
    assert!(phone.history().await.is_empty());
    // The same phone rings when the own intercom calls.
    let mut door = building.door(&building.entrance).await;
    door.command("dial", &format!("sip:{number}-1@site.test")).await;
    phone.until_ringing().await;
}
