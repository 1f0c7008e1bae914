//! Codes by both ways, and what they open.

use bytes::Bytes;
use vestibule_media::DigitMode;
use vestibule_sim::Setup;
use vestibule_sim::offer::Poverty;
use vestibule_sim::report::{Door, Report, Way};

use crate::phone::{Talk, setup};

fn code(report: &Report) -> Option<(Way, usize, Option<String>)> {
    match report {
        Report::Digits { by, count, code_matches } => Some((*by, *count, code_matches.clone())),
        _ => None,
    }
}

fn door(report: &Report) -> Option<(String, Door)> {
    match report {
        Report::Door { switch, state, .. } => Some((switch.clone(), *state)),
        _ => None,
    }
}

#[tokio::test]
async fn telephone_events_open_the_door_for_a_while() {
    let mut talk = Talk::begin(setup()).await;
    talk.ear.leg.send_digits("00*", DigitMode::Event).await.unwrap();
    let matches = Some("Main door".to_owned());
    assert_eq!(talk.sim.until("the code", code).await, (Way::Rfc4733, 3, matches));
    assert_eq!(talk.sim.until("the door", door).await, ("Main door".to_owned(), Door::Open));
    assert_eq!(talk.sim.until("the door", door).await, ("Main door".to_owned(), Door::Closed));
    talk.ear.leg.send_digits("12*", DigitMode::Event).await.unwrap();
    assert_eq!(talk.sim.until("the wrong code", code).await, (Way::Rfc4733, 3, None));
    talk.end().await;
}

#[tokio::test]
async fn infos_open_the_door_where_there_are_no_telephone_events() {
    let poverty = Poverty { no_telephone_event: true, ..Poverty::default() };
    let mut talk = Talk::begin(Setup { poverty, ..setup() }).await;
    let media = |report: &Report| match report {
        Report::Media { telephone_event, .. } => Some(*telephone_event),
        _ => None,
    };
    assert!(!talk.sim.until("the media", media).await);
    talk.ear.leg.send_digits("0", DigitMode::Event).await.unwrap_err();

    let control = talk.call.control();
    for digit in "00*".chars() {
        let body = format!("Signal={digit}\r\nDuration=160\r\n");
        assert_eq!(control.send_info("application/dtmf-relay", Bytes::from(body)).await, Ok(200));
    }
    assert_eq!(talk.sim.until("the code", code).await, (Way::Info, 3, Some("Main door".to_owned())));
    assert_eq!(talk.sim.until("the door", door).await, ("Main door".to_owned(), Door::Open));

    control
        .send_info("application/dtmf-relay", Bytes::from_static(b"Signal=11*\r\nDuration=160"))
        .await
        .unwrap();
    assert_eq!(talk.sim.until("the code", code).await, (Way::Info, 3, Some("Garage".to_owned())));
    control.send_info("application/dtmf", Bytes::from_static(b"9*")).await.unwrap();
    assert_eq!(talk.sim.until("the wrong code", code).await, (Way::Info, 2, None));
    talk.end().await;
}

#[tokio::test]
async fn nonsense_changes_nothing() {
    let mut talk = Talk::begin(setup()).await;
    let control = talk.call.control();
    for (content_type, body) in [
        ("application/dtmf-relay", &b"Duration=160"[..]),
        ("application/dtmf-relay", b"Signal=\xff\xfe"),
        ("application/dtmf", b" "),
        ("text/plain", b"open, please"),
    ] {
        control.send_info(content_type, Bytes::from_static(body)).await.unwrap();
        talk.sim.until("a complaint", |report| matches!(report, Report::BadInfo { .. }).then_some(())).await;
    }
    talk.ear.see().await;
    talk.end().await;
}
