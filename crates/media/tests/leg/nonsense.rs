use std::net::SocketAddr;

use rand::{Rng, RngExt, SeedableRng};
use tokio::net::UdpSocket;

use crate::pair::{Camera, LOOPBACK, connected, until};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_thrown_at_the_ports_is_counted_and_the_call_goes_on() {
    let (intercom, mut resident) = connected().await;
    let mut camera = Camera::new(None);
    intercom.leg.send_video(camera.picture());
    assert!(resident.picture().await.key);

    let local = resident.leg.local();
    let thrower = UdpSocket::bind((LOOPBACK, 0)).await.expect("a port");
    let mut random = rand::rngs::StdRng::seed_from_u64(8);
    for round in 0..400_u32 {
        let port = [local.audio_port, local.audio_port + 1, local.video_port, local.video_port + 1]
            [round as usize % 4];
        let mut bytes = vec![0; random.random_range(1..200)];
        random.fill_bytes(&mut bytes);
        if round % 3 == 0 {
            bytes[0] = 0x80;
        }
        thrower.send_to(&bytes, SocketAddr::new(LOOPBACK, port)).await.expect("sent");
    }
    let dropped = |stats: vestibule_media::Stats| {
        stats.audio.malformed + stats.audio.strangers + stats.video.malformed + stats.video.strangers
    };
    until(|| dropped(resident.leg.stats()) >= 390).await;

    intercom.leg.send_video(camera.picture());
    assert!(!resident.picture().await.key, "the picture after it still builds on the one before");
}
