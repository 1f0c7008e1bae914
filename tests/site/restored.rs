use vestibule_ipc::SignedIn;
use vestibule_model::Delivery;
use vestibule_store::Keychain;

use crate::building::{Building, PASSWORD};
use crate::resident::Resident;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_restored_is_read_anew_and_gets_what_waits() {
    let mut building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let kept = resident.invite(building.flat, "Guest").await;
    resident.until_sent(kept).await;
    let copy = building.dir.path().join("copy.db");
    vestibule_site::backup(&building.data.database(), &copy).unwrap();
    let lost = resident.invite(building.flat, "After the backup").await;
    resident.until_sent(lost).await;

    building.stop().await;
    resident.wire.cut();
    resident.until_offline().await;
    resident.invite(building.flat, "Made meanwhile").await;
    for file in ["site.db", "site.db-wal", "site.db-shm"] {
        // There is no journal beside a database that was closed.
        let _ = std::fs::remove_file(building.data.database().with_file_name(file));
    }
    std::fs::copy(&copy, building.data.database()).unwrap();
    building.start().await;
    resident.wire.mend(building.address);
    resident.until_names(&["Guest", "Made meanwhile"]).await;
    vestibule_tests::wait_until("it was sent", async || {
        resident.visitors().await.iter().all(|visitor| visitor.delivery == Delivery::Sent)
    })
    .await;
    resident.until_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_out_elsewhere_it_stays_readable_and_what_waits_is_sent_after_the_next_sign_in() {
    let building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    let id = resident.invite(building.flat, "Guest").await;
    resident.until_sent(id).await;
    // Another password signs all devices out.
    building.admin.set_password("resident@site.example", &vestibule_model::Secret::new(PASSWORD)).unwrap();
    let waiting = resident.invite(building.flat, "Courier").await;
    let signed_out = async || resident.site().await.is_some_and(|site| !site.signed_in && !site.online);
    vestibule_tests::wait_until("it is said", signed_out).await;
    assert!(resident.find(id).await.unwrap().codes.is_some());
    resident.restart().await;
    assert!(!resident.site().await.unwrap().signed_in);
    assert_eq!(resident.find(waiting).await.unwrap().delivery, Delivery::Waiting);

    let other = resident.sign_in("housemate", PASSWORD, None).await.unwrap_err();
    assert_eq!(other.code, vestibule_ipc::ErrorCode::WrongPhase, "what waits is another's");
    assert_eq!(resident.find(waiting).await.unwrap().delivery, Delivery::Waiting);
    assert_eq!(resident.sign_in("resident", PASSWORD, None).await, Ok(SignedIn::Done));
    resident.until_sent(waiting).await;
    assert!(resident.site().await.unwrap().signed_in);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_was_emptied_asks_for_another_sign_in_and_loses_nothing() {
    let building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    resident.wire.cut();
    resident.until_offline().await;
    let waiting = resident.invite(building.flat, "Guest").await;
    resident.keychain.delete("site-session").unwrap();
    resident.restart().await;
    assert!(!resident.site().await.unwrap().signed_in);
    resident.wire.mend(building.address);
    assert_eq!(resident.sign_in("resident", PASSWORD, None).await, Ok(SignedIn::Done));
    resident.until_sent(waiting).await;
}
