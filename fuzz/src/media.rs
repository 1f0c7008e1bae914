//! What peers send as media, and the files that sound is read from.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use vestibule_media::audio::wav::Clip;
use vestibule_media::digits::EventReceiver;
use vestibule_media::jitter::{Playout, VideoBuffer};
use vestibule_media::picture::{self, Decoder};
use vestibule_media::rtcp::{self, Reporter};
use vestibule_media::rtp::{self, Packet};
use vestibule_media::sdp::{self, Local, Preferences};
use vestibule_model::AudioCodec;

/// An answer to an offer can itself be read, and has a stream for each that was offered (RFC 3264 section 6).
pub(crate) fn sdp_answer(bytes: &[u8]) {
    let Ok(negotiated) = sdp::answer(bytes, &local(), &Preferences::default()) else {
        return;
    };
    let offered = sdp::parse(bytes).expect("an offer that was answered");
    let answered = sdp::parse(&negotiated.sdp).expect("our own answer");
    assert_eq!(offered.media.len(), answered.media.len());
}

/// Any answer to our offer.
pub(crate) fn sdp_accept(bytes: &[u8]) {
    let offer = sdp::offer(&local(), &Preferences::default());
    let _ = sdp::accept(&offer, bytes);
}

/// H.264 from datagrams to access units, through the jitter buffer: whatever is lost, late or damaged, what comes
/// out begins with a start code, and a key frame comes first.
pub(crate) fn rtp_video(bytes: &[u8]) {
    let mut buffer = VideoBuffer::new(&[]);
    let mut pictures = Vec::new();
    let mut began = false;
    for (now, datagram) in datagrams(bytes) {
        buffer.expire(now, &mut pictures);
        if let Some(packet) = packet(datagram) {
            buffer.push(now, packet, &mut pictures);
        }
        for picture in pictures.drain(..) {
            assert!(picture.data.starts_with(&[0, 0, 0, 1]));
            began |= picture.key;
            assert!(began);
        }
    }
}

/// G.711 from datagrams to blocks; one block is played for every datagram, as near as makes no difference.
pub(crate) fn rtp_audio(bytes: &[u8]) {
    let mut playout = Playout::new(AudioCodec::Pcma);
    for (now, datagram) in datagrams(bytes) {
        if let Some(packet) = packet(datagram) {
            playout.push(now, &packet);
        }
        playout.pull();
    }
}

/// Telephone-events give nothing but keys of a telephone.
pub(crate) fn telephone_event(bytes: &[u8]) {
    let mut receiver = EventReceiver::default();
    for (_, datagram) in datagrams(bytes) {
        let Some(packet) = packet(datagram) else { continue };
        if let Ok(Some(key)) = receiver.push(packet.header.timestamp, &packet.payload) {
            assert!("0123456789*#ABCD".contains(key));
        }
    }
}

/// Reports and requests, and what is made of them.
pub(crate) fn rtcp(bytes: &[u8]) {
    let mut reporter = Reporter::new(1, "vestibule");
    for (now, datagram) in datagrams(bytes) {
        for control in rtcp::parse(datagram).unwrap_or_default() {
            reporter.heard(now, SystemTime::UNIX_EPOCH, &control);
        }
        assert!((0.0..=1.0).contains(&reporter.remote_loss()));
    }
}

/// A ringtone or the sound of a test, at the rate of a call.
pub(crate) fn wav(bytes: &[u8]) {
    let Ok(clip) = Clip::parse(bytes) else { return };
    assert!(clip.samples().iter().all(|sample| sample.is_finite()));
    if let Ok(clip) = clip.at_rate(8_000) {
        assert_eq!(clip.rate(), 8_000);
    }
}

/// An access unit to a picture to a JPEG.
pub(crate) fn picture(bytes: &[u8]) {
    let mut decoder = Decoder::new().expect("a decoder");
    if let Ok(Some(decoded)) = decoder.decode(bytes) {
        let _ = picture::jpeg(&decoded, 64);
    }
}

fn local() -> Local {
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    Local { address, audio_port: 40_000, video_port: 40_002, session_id: 1, version: 1 }
}

fn packet(datagram: &[u8]) -> Option<Packet> {
    rtp::parse(Bytes::copy_from_slice(datagram)).ok()
}

/// The input as datagrams with the time each comes in: a byte says how many milliseconds after the one before, two
/// bytes its length (big endian).
fn datagrams(mut bytes: &[u8]) -> impl Iterator<Item = (Instant, &[u8])> {
    let mut now = Instant::now();
    std::iter::from_fn(move || {
        let (&[pause, high, low], rest) = bytes.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low])).min(rest.len());
        let (datagram, rest) = rest.split_at(length);
        bytes = rest;
        now += Duration::from_millis(pause.into());
        Some((now, datagram))
    })
}
