//! A bad network: 2 % of the packets lost, others out of order.

use vestibule_app::VideoDecoder;
use vestibule_ipc::Answer;
use vestibule_ipc::video::Frame;
use vestibule_tests::{
    Baresip, BaresipOptions, Loss, LossyPath, PATIENCE, Phone, PhoneOptions, intercom, tone_level, wait_until,
};

#[tokio::test(flavor = "multi_thread")]
async fn picture_and_sound_go_on() {
    let mut known = intercom("door@127.0.0.1");
    known.direct = true;
    let options = PhoneOptions { intercoms: vec![known], ..PhoneOptions::default() };
    let mut phone = Phone::start(options).await;
    let listens = phone.app.sip_address().expect("it listens");
    let path = LossyPath::open(listens, Loss { lose_one_in: 50, swap_one_in: 33 }).await;
    let mut door = Baresip::start(BaresipOptions::default()).await;
    let mut pictures = phone.app.video(VideoDecoder::Native);
    door.command("dial", &format!("sip:flat12@{}", path.address())).await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();

    // Pictures go on to come, seconds after the first packet was lost.
    let mut last = 0;
    while last < 6_000_000 {
        let message = tokio::time::timeout(PATIENCE, pictures.recv()).await.unwrap().unwrap();
        last = Frame::decode(&message).unwrap().timestamp;
    }
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.7 }).await;
    let (lost, swapped) = path.harm();
    assert!(lost > 10 && swapped > 10, "lost {lost}, swapped {swapped}");
}
