//! A bad network: 2 % of the packets lost, others out of order.

use std::io::Write;
use std::path::Path;
use std::process::Command;

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
    let mut pictures = phone.app.video(VideoDecoder::InPage);
    door.command("dial", &format!("sip:flat12@{}", path.address())).await;
    let call = phone.until_ringing().await.id;
    phone.app.answer(Answer { call }).await.unwrap();

    // Pictures go on to come for six seconds of the camera's time: not all of its 150, but never only key frames.
    let mut film = tempfile::NamedTempFile::with_suffix(".h264").unwrap();
    let (mut last, mut shown, mut key_frames) = (0, 0, 0);
    while last < 6_000_000 {
        let message = tokio::time::timeout(PATIENCE, pictures.recv()).await.unwrap().unwrap();
        let frame = Frame::decode(&message).unwrap();
        film.write_all(frame.payload).unwrap();
        (last, shown, key_frames) = (frame.timestamp, shown + 1, key_frames + u32::from(frame.key));
    }
    let decoded = decodable(film.path());
    assert!(decoded > 40, "{decoded} of {shown} pictures, {key_frames} key frames, could be decoded");
    let heard = phone.heard();
    wait_until("the resident hears the door", || async { tone_level(&heard, Baresip::TONE) > 0.7 }).await;
    let (lost, swapped) = path.harm();
    assert!(lost > 10 && swapped > 10, "lost {lost}, swapped {swapped}");
}

/// How many pictures a decoder makes of this H.264 stream.
fn decodable(film: &Path) -> u32 {
    let words = ["-v", "quiet", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"];
    let counted = Command::new("ffprobe").args(words).arg(film).output();
    let counted = counted.expect("ffprobe is missing: run ./dev setup").stdout;
    String::from_utf8_lossy(&counted).trim().parse().expect("a count")
}
