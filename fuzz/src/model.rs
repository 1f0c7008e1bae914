//! What the domain and the messages between core and UI are read from.

use vestibule_ipc::video::Frame;
use vestibule_model::api::Utc;
use vestibule_model::{SipAddress, SwitchCode};

/// An address that is taken is the same after it was written and read again.
pub(crate) fn sip_address(bytes: &[u8]) {
    let Some(address) = text(bytes).and_then(|text| text.parse::<SipAddress>().ok()) else {
        return;
    };
    assert_eq!(address.to_string().parse().as_ref(), Ok(&address));
}

/// A code that is taken holds nothing but keys of a telephone.
pub(crate) fn switch_code(bytes: &[u8]) {
    let Some(code) = text(bytes).and_then(|text| text.parse::<SwitchCode>().ok()) else {
        return;
    };
    assert!((1..=SwitchCode::MAX_LEN).contains(&code.reveal().len()));
    assert!(code.reveal().bytes().all(|key| key.is_ascii_digit() || b"*#".contains(&key)));
    if let Ok(code) = code.for_2n() {
        assert!(code.reveal().ends_with('*'));
    }
}

/// A frame that is read is written as it was, but for bytes and bits without a meaning.
pub(crate) fn video_frame(bytes: &[u8]) {
    let Some(frame) = Frame::decode(bytes) else { return };
    let written = frame.encode();
    assert_eq!(written.len(), bytes.len());
    assert_eq!(Frame::decode(&written), Some(frame));
}

/// A time that was read is written such that it is read again.
pub(crate) fn utc(bytes: &[u8]) {
    let Some(time) = text(bytes).and_then(|text| text.parse::<Utc>().ok()) else { return };
    // With its offset it may lie before the first year or after the last: it is written as that.
    let written = time.to_string();
    let again = written.parse::<Utc>().map(|again| again.to_string());
    assert_eq!(again.as_ref(), Ok(&written));
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
