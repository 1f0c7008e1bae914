use vestibule_media::LegEvent;
use vestibule_media::sdp::Feedback;

use crate::pair::{Camera, agreed, connected};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_frame_is_asked_for_by_rtcp() {
    let (mut intercom, mut resident) = connected().await;
    let mut camera = Camera::new(None);
    intercom.leg.send_video(camera.picture());
    assert!(resident.picture().await.key);
    resident.leg.request_keyframe();
    intercom.event(|event| (event == LegEvent::KeyframeWanted).then_some(())).await;
    camera.want_key_frame();
    intercom.leg.send_video(camera.picture());
    assert!(resident.picture().await.key);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_begins_without_a_key_frame_has_one_asked_for() {
    let (mut intercom, mut resident) = connected().await;
    let mut camera = Camera::new(None);
    assert!(camera.picture().key, "this one is never sent");
    intercom.leg.send_video(camera.picture());
    intercom.event(|event| (event == LegEvent::KeyframeWanted).then_some(())).await;
    camera.want_key_frame();
    intercom.leg.send_video(camera.picture());
    assert!(resident.picture().await.key);
    assert_eq!(resident.leg.stats().frames_broken, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_rtcp_feedback_it_is_left_to_info() {
    let (intercom, mut resident) = agreed().await;
    if let Some(video) = &mut resident.session.video {
        video.feedback = Feedback::default();
    }
    resident.leg.apply(resident.session.clone());
    resident.leg.request_keyframe();
    resident.event(|event| (event == LegEvent::KeyframeByInfo).then_some(())).await;
    drop(intercom);
}
