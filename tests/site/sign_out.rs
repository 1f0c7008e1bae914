use std::path::Path;

use serde_json::json;
use vestibule_ipc::{GetState, ListVisitors, SignOut, SignedIn};
use vestibule_model::AccessFilter;
use vestibule_tests::http;

use crate::building::{Building, PASSWORD};
use crate::resident::Resident;

/// Files below a folder in which these bytes stand.
fn files_with(folder: &Path, wanted: &[u8], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with(&path, wanted, found);
        } else if std::fs::read(&path).unwrap().windows(wanted.len()).any(|part| part == wanted) {
            found.push(path.display().to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_after_it() {
    let building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    let id = resident.invite(building.flat, "Unusual Name").await;
    let pin = resident.until_sent(id).await.codes.unwrap().pin;
    building.at_the_door(json!({ "pin": pin.reveal() }), "door-1").await;
    let kept = resident.kept_session().unwrap();
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let secrets = ["device", "access", "refresh"].map(|name| kept[name].as_str().unwrap().to_owned());
    for secret in secrets.iter().map(String::as_str).chain([pin.reveal(), "Unusual Name", PASSWORD]) {
        let mut found = Vec::new();
        files_with(resident.folder.path(), secret.as_bytes(), &mut found);
        assert!(found.is_empty(), "a secret lies open while signed in: {found:?}");
    }

    resident.app.sign_out(SignOut {}).await.unwrap();
    assert_eq!(resident.kept_session(), None);
    assert_eq!(resident.app.get_state(GetState {}).await.unwrap().site, None);
    assert_eq!(resident.app.list_visitors(ListVisitors {}).await.unwrap(), []);
    assert_eq!(resident.access(AccessFilter::default()).await.entries, []);
    resident.restart().await;
    assert_eq!((resident.site().await, resident.kept_session()), (None, None));
    assert_eq!(resident.app.list_visitors(ListVisitors {}).await.unwrap(), []);
    // The server ended the session.
    let answer = http()
        .get(format!("http://{}/v1/me", building.address))
        .bearer_auth(&secrets[1])
        .header("Vestibule-Device", &secrets[0])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_it_is_done_here_all_the_same() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    resident.wire.cut();
    resident.until_offline().await;
    resident.invite(building.flat, "Guest").await;
    resident.app.sign_out(SignOut {}).await.unwrap();
    assert_eq!((resident.site().await, resident.kept_session()), (None, None));
    resident.wire.mend(building.address);
    assert_eq!(resident.sign_in("housemate", PASSWORD, None).await, Ok(SignedIn::Done));
    assert_eq!(resident.visitors().await, []);
}
