use vestibule_ipc::{ErrorCode, Event, ListTickets, PreviewDiagnostics, SendTicket};
use vestibule_model::{Delivery, Ticket, Timestamp};
use vestibule_tests::wait_until;

use crate::building::Building;
use crate::resident::Resident;

fn report(description: &str) -> SendTicket {
    let (description, email) = (description.to_owned(), "resident@site.example".to_owned());
    let delivery = Delivery::Waiting;
    SendTicket {
        ticket: Ticket {
            at: Timestamp(0),
            description,
            email,
            diagnostics: Vec::new(),
            number: None,
            delivery,
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_gets_its_number_at_once_or_when_the_server_is_back() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    let mut events = resident.app.subscribe();
    let sent = resident.app.send_ticket(report("The door sticks")).await.unwrap();
    assert_eq!((sent.delivery, sent.number.as_deref()), (Delivery::Sent, Some("1-000001")));

    // A list that is open learns of it without asking time and again.
    while events.recv().await.unwrap() != Event::TicketsChanged {}
    resident.wire.cut();
    resident.until_offline().await;
    let waiting = resident.app.send_ticket(report("The bell is too loud")).await.unwrap();
    assert_eq!((waiting.delivery, waiting.number), (Delivery::Waiting, None));
    resident.wire.lose_answer_to("POST /v1/tickets ");
    resident.wire.mend(building.address);
    let tickets = async || resident.app.list_tickets(ListTickets {}).await.unwrap();
    wait_until("both have a number", async || {
        tickets().await.iter().all(|ticket| ticket.delivery == Delivery::Sent)
    })
    .await;
    assert!(resident.wire.has_lost());
    let mut numbers: Vec<_> = tickets().await.into_iter().filter_map(|ticket| ticket.number).collect();
    numbers.sort();
    assert_eq!(numbers, ["1-000001", "1-000002"], "none was made twice");
    assert_eq!(resident.app.send_ticket(report(" ")).await.unwrap_err().code, ErrorCode::BadValue);
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_say_how_it_stands_and_name_nobody() {
    let building = Building::new().await;
    let resident = Resident::signed_in(&building, "resident").await;
    resident.wire.cut();
    resident.until_offline().await;
    resident.invite(building.flat, "Guest").await;
    let lines = resident.app.preview_diagnostics(PreviewDiagnostics {}).await.unwrap();
    let line = lines.iter().find(|line| line.starts_with("Building: ")).unwrap();
    assert!(line.starts_with("Building: offline, read 0 min ago, waiting: 1"), "{line}");
    for secret in ["Sample", "Guest", "127.0.0.1", "resident"] {
        assert!(!lines.iter().any(|line| line.contains(secret)), "{secret}: {lines:#?}");
    }
}
