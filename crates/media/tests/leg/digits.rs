use std::time::Duration;

use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_media::{DigitMode, DigitsError, LegEvent, Sending};

use crate::pair::{Side, agreed, connected, until};

async fn digit(side: &mut Side) -> char {
    side.event(|event| match event {
        LegEvent::Digit(digit) => Some(digit),
        _ => None,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_arrive_once_each_and_in_order_between_the_sound() {
    let (mut intercom, resident) = connected().await;
    let silence = Devices { input: Source::Silence, output: Sink::Silence };
    tokio::task::block_in_place(|| resident.leg.open_audio(&silence));
    resident.leg.set_sending(Sending::Microphone);
    until(|| intercom.leg.stats().audio.packets > 5).await;
    let sent = async {
        resident.leg.send_digits("00", DigitMode::Event).await.expect("they go out");
        resident.leg.send_digits("*", DigitMode::Auto).await.expect("they go out")
    };
    let heard = async {
        let mut heard = String::new();
        while heard.len() < 3 {
            heard.push(digit(&mut intercom).await);
        }
        heard
    };
    let (_, heard) = tokio::join!(sent, heard);
    assert_eq!(heard, "00*");
    let packets = intercom.leg.stats().audio.packets;
    until(|| intercom.leg.stats().audio.packets > packets + 5).await;
    assert_eq!(intercom.leg.stats().audio.lost, 0, "sound and keys share one sequence");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_is_dropped_half_way_is_ended() {
    let (mut intercom, resident) = connected().await;
    resident.leg.set_sending(Sending::Silence);
    let pressed = resident.leg.send_digits("123", DigitMode::Event);
    tokio::select! {
        biased;
        first = digit(&mut intercom) => assert_eq!(first, '1'),
        _ = pressed => panic!("three keys take longer than one packet"),
    }
    // At least the first packet and three ends.
    until(|| intercom.leg.stats().audio.packets >= 4).await;
    resident.leg.send_digits("7", DigitMode::Event).await.expect("the way is free again");
    assert_eq!(digit(&mut intercom).await, '7');
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_no_events_tones_are_sent() {
    let (mut intercom, mut resident) = agreed().await;
    for side in [&mut intercom, &mut resident] {
        if let Some(audio) = &mut side.session.audio {
            audio.telephone_event = None;
        }
        side.leg.apply(side.session.clone());
    }
    resident.leg.set_sending(Sending::Silence);
    let refused = resident.leg.send_digits("1", DigitMode::Event).await;
    assert!(matches!(refused, Err(DigitsError::NotNegotiated)), "{refused:?}");
    resident.leg.send_digits("1", DigitMode::Auto).await.expect("they go out");
    until(|| intercom.leg.stats().audio.bytes == 8 * 160).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_said() {
    let (mut intercom, mut resident) = agreed().await;
    let result = resident.leg.send_digits("1", DigitMode::Auto).await;
    assert!(matches!(result, Err(DigitsError::NotSending)), "no session: {result:?}");
    resident.leg.apply(resident.session.clone());
    let result = resident.leg.send_digits("1", DigitMode::Auto).await;
    assert!(matches!(result, Err(DigitsError::NotSending)), "not answered: {result:?}");
    resident.leg.set_sending(Sending::Silence);
    let result = resident.leg.send_digits("1x", DigitMode::Auto).await;
    assert!(matches!(result, Err(DigitsError::BadDigit)), "{result:?}");
    let result = resident.leg.send_digits("", DigitMode::Auto).await;
    assert!(matches!(result, Err(DigitsError::Empty)), "{result:?}");
    if let Some(audio) = &mut resident.session.audio {
        audio.direction = vestibule_media::sdp::Direction::RecvOnly;
    }
    resident.leg.apply(resident.session.clone());
    let result = resident.leg.send_digits("1", DigitMode::Auto).await;
    assert!(matches!(result, Err(DigitsError::NotSending)), "on hold: {result:?}");
    let nothing = tokio::time::timeout(Duration::from_millis(1), intercom.events.recv()).await;
    assert!(nothing.is_err(), "{nothing:?}");
}
