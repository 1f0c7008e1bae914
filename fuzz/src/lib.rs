//! Every parser of foreign bytes as a function that takes any bytes and panics where the parser is wrong.
//!
//! libFuzzer calls them with what it thinks up (`./dev fuzz`), the tests with each file below `corpus/`.

mod access;
mod cloud;
mod media;
mod model;
mod sip;
mod site;

/// A target: its name, which is that of its folder below `corpus/`, and what is called.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("apdu", access::apdu),
    ("event_lines", cloud::event_lines),
    ("info", sip::info),
    ("picture", media::picture),
    ("provisioning_link", cloud::provisioning_link),
    ("reader_certificate", access::reader_certificate),
    ("reader_identity", access::reader_identity),
    ("rtcp", media::rtcp),
    ("rtp_audio", media::rtp_audio),
    ("rtp_video", media::rtp_video),
    ("sdp_accept", media::sdp_accept),
    ("sdp_answer", media::sdp_answer),
    ("server_address", cloud::server_address),
    ("sheet", site::sheet),
    ("sip_address", model::sip_address),
    ("sip_message", sip::sip_message),
    ("sip_stream", sip::sip_stream),
    ("switch_code", model::switch_code),
    ("telephone_event", media::telephone_event),
    ("tlv", access::tlv),
    ("utc", model::utc),
    ("video_frame", model::video_frame),
    ("wav", media::wav),
];

/// The target of that name.
pub fn target(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, call)| *call)
}
