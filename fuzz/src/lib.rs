//! Every parser of foreign bytes as a function that takes any bytes and panics where the parser is wrong.
//!
//! libFuzzer calls them with what it thinks up (`./dev fuzz`), the tests with each file below `corpus/`.

mod model;

/// A target: its name, which is that of its folder below `corpus/`, and what is called.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("sip_address", model::sip_address),
    ("switch_code", model::switch_code),
    ("video_frame", model::video_frame),
];

/// The target of that name.
pub fn target(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|(known, _)| *known == name).map(|(_, call)| *call)
}
