use vestibule_model::Delivery;
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::Resident;

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_make_nothing_twice() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    resident.wire.lose_answer_to("POST /v1/visitors ");
    let id = resident.invite(building.flat, "Guest").await;
    resident.until_sent(id).await;
    assert!(resident.wire.has_lost());
    assert_eq!(resident.visitors().await.len(), 1);

    resident.wire.lose_answer_to("PUT /v1/visitors/");
    resident.rename(id, "Courier").await;
    let seen = resident.until_sent(id).await;
    assert!(resident.wire.has_lost());
    assert_eq!(seen.name, "Courier");

    resident.wire.lose_answer_to("DELETE /v1/visitors/");
    resident.delete(id).await.unwrap();
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    wait_until("it is gone at the server", async || somebody.visitors().await.is_empty()).await;
    wait_until("the answer was lost", async || resident.wire.has_lost()).await;
    assert!(resident.visitors().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_refresh_signs_nobody_out() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    resident.wire.lose_answer_to("POST /v1/session/refresh ");
    building.pass(20);
    let id = resident.invite(building.flat, "Guest").await;
    resident.until_sent(id).await;
    assert!(resident.wire.has_lost());
    let site = resident.site().await.unwrap();
    assert!(site.signed_in);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_while_it_is_written_to_has_everything_once() {
    let mut building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    for round in 0..4 {
        for number in 0..3 {
            resident.invite(building.flat, &format!("Guest {round}-{number}")).await;
        }
        // Wherever it is just now.
        resident.wire.cut();
        building.stop().await;
        if round % 2 == 0 {
            resident.restart().await;
        }
        building.start().await;
        resident.wire.mend(building.address);
    }
    wait_until("everything is sent", async || {
        resident.visitors().await.iter().all(|visitor| visitor.delivery == Delivery::Sent)
    })
    .await;
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    let at_server = somebody.visitors().await;
    assert_eq!((at_server.len(), resident.visitors().await.len()), (12, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_keeps_nobody_waiting() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    resident.wire.hold();
    let id = resident.invite(building.flat, "Guest").await;
    resident.rename(id, "Courier").await;
    let seen = resident.visitors().await;
    assert_eq!((seen[0].name.as_str(), seen[0].delivery), ("Courier", Delivery::Waiting));
    assert_eq!(resident.site().await.unwrap().apartments.len(), 1);
    resident.wire.let_go();
    assert_eq!(resident.until_sent(id).await.name, "Courier");
    assert_eq!(resident.visitors().await.len(), 1);
}
