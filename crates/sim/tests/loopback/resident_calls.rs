//! A resident looks who is there: the intercom answers by itself.

use vestibule_media::sdp::{self, Direction};
use vestibule_sim::report::Report;
use vestibule_sim::{CallWhen, Setup};
use vestibule_sip::Progress;

use crate::phone::{Ear, HERE, Phone, Sim, Talk, setup, soon};

#[tokio::test]
async fn it_answers_and_shows_the_door() {
    let mut sim = Sim::start(Setup { call_when: CallWhen::Ordered, ..setup() }).await;
    let phone = Phone::register(sim.intercom.local_addr()).await;
    let mut ear = Ear::open().await;
    let offer = ear.offer(Direction::RecvOnly);
    let mut outgoing =
        phone.agent.dial(&format!("door@{HERE}").parse().unwrap(), offer.clone()).await.unwrap();
    let answer = async {
        loop {
            match outgoing.next().await {
                Progress::Answered { call, sdp } => return (call, sdp),
                Progress::Refused { status, reason } => panic!("refused: {status} {reason}"),
                Progress::Failed(error) => panic!("{error}"),
                Progress::Trying | Progress::Ringing { .. } => {}
            }
        }
    };
    let (call, answer) = soon("the answer", answer).await;
    ear.begin(sdp::accept(&offer, &answer).unwrap());
    let incoming = |report: &Report| match report {
        Report::Incoming { from, .. } => Some(from.clone()),
        _ => None,
    };
    assert_eq!(sim.until("the call", incoming).await, "flat12@127.0.0.1");
    assert!(ear.see().await.1);
    Talk { sim, phone, call, ear }.end().await;
}
