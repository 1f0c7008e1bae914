use std::process::Stdio;

use tokio::process::Command;
use vestibule_media::Leg;
use vestibule_media::picture::Decoder;
use vestibule_media::sdp::{Direction, Feedback, Session, VideoStream};

use crate::pair::{LOOPBACK, Side};

#[tokio::test(flavor = "multi_thread")]
async fn video_of_ffmpeg_and_x264_is_received_in_both_modes() {
    for (mode, flags, x264) in [(1, "0", "keyint=25"), (0, "h264_mode0", "keyint=25:slice-max-size=1100")] {
        let (leg, events) = Leg::bind(LOOPBACK).await.expect("ports are free");
        let remote = std::net::SocketAddr::new(LOOPBACK, 9);
        let video = VideoStream {
            remote,
            rtcp: remote,
            payload_type: 96,
            packetization_mode: mode,
            profile_level_id: "42e01f".to_owned(),
            parameter_sets: Vec::new(),
            feedback: Feedback::default(),
            direction: Direction::RecvOnly,
        };
        let session = Session { audio: None, video: Some(video) };
        leg.apply(session.clone());
        let to = format!("rtp://127.0.0.1:{}?pkt_size=1200", leg.local().video_port);
        let mut ffmpeg = Command::new("ffmpeg")
            .args([
                "-hide_banner",
                "-loglevel",
                "error",
                "-re",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=1280x720:rate=25",
            ])
            .args(["-c:v", "libx264", "-profile:v", "baseline", "-preset", "ultrafast", "-x264-params", x264])
            .args(["-t", "20", "-payload_type", "96", "-rtpflags", flags, "-f", "rtp", &to])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("ffmpeg is installed");
        let mut side = Side { leg, events, session };
        let mut decoder = Decoder::new().expect("a decoder");
        for index in 0..60 {
            let unit = side.picture().await;
            assert!(index > 0 || unit.key, "it begins with a key frame");
            let picture = decoder.decode(&unit.data).expect("it decodes").expect("at once");
            assert_eq!((picture.width(), picture.height()), (1_280, 720));
        }
        ffmpeg.kill().await.expect("it ends");
        let stats = side.leg.stats();
        assert_eq!((stats.video.malformed, stats.video.strangers), (0, 0), "{stats:?}");
        side.leg.close().await;
    }
}
