//! Ring groups: all at once, in order, and who is told that somebody else answered.

use vestibule_ipc::{Answer, CallPhase, Decline, EndReason};
use vestibule_model::CallStatus;
use vestibule_sim::Order;
use vestibule_sim::report::Report;
use vestibule_tests::{KamailioOptions, Phone};

use crate::house::{Building, until};

async fn answered_elsewhere(phone: &mut Phone) {
    let ended = phone.until_ended().await;
    assert_eq!(ended.phase, CallPhase::Ended { reason: EndReason::AnsweredElsewhere });
    let row = phone.until_history("its end", |row| row.ended.is_some()).await;
    assert_eq!(row.status, CallStatus::AnsweredElsewhere);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_group_of_three_rings_three_and_one_answers() {
    let building = Building::new(KamailioOptions::default()).await;
    building.set_button("at_once", &building.flats).await;
    let mut first = building.phone("resident").await;
    let mut second = building.phone("resident").await;
    let mut third = building.phone("neighbour").await;
    let (door, mut said) = building.software_door(&building.entrance).await;
    door.order(Order::Call).await;
    first.until_ringing().await;
    third.until_ringing().await;
    let call = second.until_ringing().await.id;
    second.app.answer(Answer { call }).await.unwrap();
    until(&mut said, "answered", |said| matches!(said, Report::Answered { .. })).await;
    answered_elsewhere(&mut first).await;
    answered_elsewhere(&mut third).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_register_with_digests_by_sha_256() {
    // The intercom of these tests knows MD5 alone.
    let building = Building::new(KamailioOptions { sha256: true }).await;
    building.phone("resident").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_order_the_next_rings_when_the_one_before_declines() {
    let building = Building::new(KamailioOptions::default()).await;
    building.set_button("in_order", &building.flats).await;
    let mut first = building.phone("resident").await;
    let mut second = building.phone("neighbour").await;
    let (door, mut said) = building.software_door(&building.entrance).await;
    door.order(Order::Call).await;
    let call = first.until_ringing().await.id;
    assert!(second.history().await.is_empty());
    first.app.decline(Decline { call }).await.unwrap();
    let call = second.until_ringing().await.id;
    second.app.answer(Answer { call }).await.unwrap();
    until(&mut said, "answered", |said| matches!(said, Report::Answered { .. })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_order_those_who_are_not_there_are_passed_over() {
    let building = Building::new(KamailioOptions::default()).await;
    building.set_button("in_order", &building.flats).await;
    let mut second = building.phone("neighbour").await;
    let mut door = building.door(&building.entrance).await;
    door.command("dial", &format!("sip:{}-1@site.test", building.entrance.user)).await;
    second.until_ringing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rings_is_read_from_postgresql_as_well() {
    let building = Building::with_postgres().await;
    building.set_button("in_order", &building.flats).await;
    let mut first = building.phone("resident").await;
    let mut second = building.phone("neighbour").await;
    let (door, mut said) = building.software_door(&building.entrance).await;
    door.order(Order::Call).await;
    let call = first.until_ringing().await.id;
    first.app.decline(Decline { call }).await.unwrap();
    let call = second.until_ringing().await.id;
    second.app.answer(Answer { call }).await.unwrap();
    until(&mut said, "answered", |said| matches!(said, Report::Answered { .. })).await;
}
