use super::event::{self, Event, EventError};

/// Makes one key press of the many packets that tell of it.
#[derive(Debug, Default)]
pub struct EventReceiver {
    /// RTP timestamp of the last event.
    last: Option<u32>,
}

impl EventReceiver {
    /// Takes a packet of the telephone-event payload type; gives the key when it is a new press.
    ///
    /// A press is told at its first packet that comes in, so that the loss of others does not matter. All packets of
    /// a press have the timestamp of its beginning (RFC 4733 section 2.2.1).
    pub fn push(&mut self, timestamp: u32, payload: &[u8]) -> Result<Option<char>, EventError> {
        let event = Event::parse(payload)?;
        let is_new = self.last.is_none_or(|last| timestamp.wrapping_sub(last).cast_signed() > 0);
        if !is_new {
            return Ok(None);
        }
        self.last = Some(timestamp);
        Ok(event::digit(event.code))
    }

    /// Another stream begins, with timestamps of its own.
    pub fn restart(&mut self) {
        self.last = None;
    }
}
