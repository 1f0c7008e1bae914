//! The phone holds and takes back.

use vestibule_media::sdp::{self, Direction};
use vestibule_sim::report::Report;

use crate::phone::{Talk, setup};

#[tokio::test]
async fn sends_no_pictures_while_it_is_held() {
    let mut talk = Talk::begin(setup()).await;
    talk.ear.see().await;
    let media = |report: &Report| match report {
        Report::Media { sends_video, .. } => Some(*sends_video),
        _ => None,
    };
    assert!(talk.sim.until("the media", media).await);
    for (direction, sends) in [(Direction::Inactive, false), (Direction::RecvOnly, true)] {
        let offer = talk.ear.offer(direction);
        let answer = talk.call.control().reinvite(offer.clone()).await.unwrap();
        let session = sdp::accept(&offer, &answer).unwrap();
        assert_eq!(session.video.as_ref().map(|video| video.direction), Some(direction));
        talk.ear.begin(session);
        assert_eq!(talk.sim.until("the change", media).await, sends);
    }
    talk.ear.see_key().await;
    talk.end().await;
}
