use vestibule_model::{Licence, Timestamp};
use vestibule_site::Fees;
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::Resident;

const DAY: i64 = 24 * 60;

#[tokio::test]
async fn the_app_shows_what_the_server_says_of_the_licence() {
    let mut building = Building::new().await;
    let free = Resident::signed_in(&building, "resident").await;
    assert_eq!(free.site().await.unwrap().licence, Licence::Ready);
    free.app.shut_down().await;

    let begun = building.now();
    building.admin.set_fees(building.admin.site(None).unwrap().id, Fees::Due).unwrap();
    let resident = Resident::signed_in(&building, "resident").await;
    let trial = Licence::Trial { until: Timestamp(begun + 30 * DAY * 60_000) };
    assert_eq!(resident.site().await.unwrap().licence, trial);

    // A server that starts looks at once what time has changed, and the app that comes back is told.
    resident.wire.cut();
    building.stop().await;
    building.pass(30 * DAY);
    building.start().await;
    resident.wire.mend(building.address);
    wait_until("the end of the trial", async || {
        resident.site().await.unwrap().licence == Licence::UnlicensedToPurchase
    })
    .await;
}
