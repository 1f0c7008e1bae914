use vestibule_media::Sending;
use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_media::sdp::{self, Preferences};

use crate::pair::{Camera, connected, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_stops_what_is_sent_and_its_end_starts_it_again() {
    let (intercom, mut resident) = connected().await;
    let silence = Devices { input: Source::Silence, output: Sink::Silence };
    for side in [&intercom, &resident] {
        tokio::task::block_in_place(|| side.leg.open_audio(&silence));
        side.leg.set_sending(Sending::Microphone);
    }
    let mut camera = Camera::new(None);
    intercom.leg.send_video(camera.picture());
    assert!(resident.picture().await.key);
    until(|| intercom.leg.stats().audio.packets > 10).await;

    let offer = |local: &sdp::Local, direction: &str| {
        let preferences = Preferences { video: Some(sdp::Direction::SendOnly), ..Preferences::default() };
        let text = String::from_utf8(sdp::offer(local, &preferences).to_vec()).expect("text");
        text.replace("a=sendrecv", &format!("a={direction}"))
    };
    for (direction, sends) in [("sendonly", false), ("inactive", false), ("sendrecv", true)] {
        let offered = offer(&intercom.leg.next_local(), direction);
        let answer = sdp::answer(offered.as_bytes(), &resident.leg.next_local(), &Preferences::default())
            .expect("an answer");
        assert_eq!(answer.session.audio.as_ref().expect("sound").direction.sends(), sends, "{direction}");
        resident.leg.apply(answer.session.clone());
        intercom.leg.apply(sdp::accept(offered.as_bytes(), &answer.sdp).expect("a session"));
        let before = resident.leg.stats().audio.packets_sent;
        if sends {
            until(|| resident.leg.stats().audio.packets_sent > before + 10).await;
        } else {
            // The microphone's clock goes on: a key that cannot be pressed shows that nothing is sent.
            assert!(resident.leg.send_digits("1", vestibule_media::DigitMode::Event).await.is_err());
            assert_eq!(resident.leg.stats().audio.packets_sent, before, "{direction}");
        }
    }
    assert_eq!(resident.leg.local().version, 4);
    intercom.leg.send_video(camera.picture());
    assert!(!resident.picture().await.key, "video was never on hold");
}
