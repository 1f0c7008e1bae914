//! What comes in over the signalling sockets.

use vestibule_sim::dtmf_relay;
use vestibule_sip::wire::{self, Frame, Framer};

/// A datagram, or one message of a stream.
pub(crate) fn sip_message(bytes: &[u8]) {
    let _ = wire::check(bytes);
}

/// A stream gives the same messages whether it comes in one piece or in many.
pub(crate) fn sip_stream(bytes: &[u8]) {
    assert_eq!(messages(std::iter::once(bytes)), messages(bytes.chunks(bytes.len() / 64 + 1)));
}

/// The body of an INFO, of any of the types that carry digits or a wish for a picture.
pub(crate) fn info(bytes: &[u8]) {
    for kind in ["application/dtmf-relay", "application/dtmf", "application/media_control+xml"] {
        let _ = dtmf_relay::parse(kind, bytes);
    }
}

/// The messages of a stream, up to where it has to be closed.
///
/// Empty lines before a message are left away: whether they are a ping or two pongs (RFC 5626 section 3.5.1) does
/// depend on the pieces that they come in.
fn messages<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let mut framer = Framer::default();
    let mut messages = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(frame) = framer.next_frame().transpose() {
            match frame {
                Ok(Frame::Message(message)) => messages.push(message.trim_ascii_start().to_vec()),
                Ok(Frame::Ping | Frame::Pong) => {}
                Err(_) => return messages,
            }
        }
    }
    messages
}
