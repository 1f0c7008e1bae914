use serde_json::json;

use crate::House;

/// The rule has its own tests; here it goes through the whole server.
#[tokio::test]
async fn a_schedule_is_meant_by_the_clock_on_the_wall() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let sundays = json!({ "schedule": [{ "days": [7], "from": 480, "until": 540 }] });
    let guest = client.visitor(house.flat, sundays).await;
    let pin = json!({ "pin": guest["codes"]["pin"] });
    for (time, said) in [
        ("2026-03-22T07:00:00Z", "allowed"),
        // In the night of this Sunday summer time began.
        ("2026-03-29T05:59:59Z", "outside_time"),
        ("2026-03-29T06:00:00Z", "allowed"),
        ("2026-03-29T07:00:00Z", "outside_time"),
        // And on this one it ended.
        ("2026-10-25T06:59:59Z", "outside_time"),
        ("2026-10-25T07:00:00Z", "allowed"),
        ("2026-10-26T07:00:00Z", "outside_time"),
    ] {
        house.set(time);
        assert_eq!(house.entrance.check(pin.clone()).await, said, "{time}");
    }
}
