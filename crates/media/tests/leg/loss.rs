use std::net::SocketAddr;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use tokio::net::UdpSocket;
use vestibule_media::LegEvent;
use vestibule_media::picture::Decoder;

use crate::pair::{Camera, agreed};

/// Passes RTP on, but for two packets of a hundred; every tenth changes places with the one behind it.
async fn lossy(to: SocketAddr) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let address = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut random = rand::rngs::StdRng::seed_from_u64(7);
        let mut buffer = vec![0; 2_048];
        let mut held: Option<Vec<u8>> = None;
        while let Ok((length, _)) = socket.recv_from(&mut buffer).await {
            if random.random_range(0..100) < 2 {
                continue;
            }
            if held.is_none() && random.random_range(0..10) == 0 {
                held = Some(buffer[..length].to_vec());
                continue;
            }
            let _ = socket.send_to(&buffer[..length], to).await;
            if let Some(packet) = held.take() {
                let _ = socket.send_to(&packet, to).await;
            }
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn with_two_percent_lost_what_is_shown_decodes_and_the_rest_is_recovered_from() {
    let (mut intercom, mut resident) = agreed().await;
    let remote = intercom.session.video.as_mut().expect("video was agreed");
    remote.remote = lossy(remote.remote).await;
    for side in [&intercom, &resident] {
        side.leg.apply(side.session.clone());
    }
    let mut camera = Camera::new(Some(1_100));
    let mut decoder = Decoder::new().expect("a decoder");
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let (mut shown, mut wanted) = (0, 0);
    for _ in 0..400 {
        ticks.tick().await;
        while let Ok(event) = intercom.events.try_recv() {
            if event == LegEvent::KeyframeWanted {
                camera.want_key_frame();
                wanted += 1;
            }
        }
        intercom.leg.send_video(camera.picture());
        while let Ok(event) = resident.events.try_recv() {
            if let LegEvent::Video(unit) = event {
                // Where a key frame is late, pictures go on that are flawed; OpenH264 need not take those.
                if unit.flawed {
                    continue;
                }
                decoder.decode(&unit.data).expect("what is handed on whole decodes").expect("at once");
                shown += 1;
            }
        }
    }
    let stats = resident.leg.stats();
    assert!(stats.video.lost > 0 && stats.video.reordered > 0 && wanted > 0, "{stats:?}");
    assert!(shown > 150, "{shown} of 400 shown, {wanted} key frames asked for: {stats:?}");
}
