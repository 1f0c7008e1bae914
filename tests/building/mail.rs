//! Reports, by mail to the facility management.

use vestibule_tests::Smtp;

use crate::house::Building;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_goes_to_the_facility_management() {
    let smtp = Smtp::start().await;
    let building = Building::with_mail(smtp.port()).await;
    let number = building.report("The lamp is broken.\nThird floor.").await;
    let mail = smtp.until("Third floor.").await;
    for line in [
        &format!("Subject: Sample house: report {number}"),
        "From: house@site.example",
        "To: technical@site.example",
        "Reply-To: resident@site.example",
        "The lamp is broken.",
    ] {
        assert!(mail.contains(line), "{line}\n{mail}");
    }
    assert!(!mail.contains("billing@site.example"), "{mail}");
}
