use std::collections::VecDeque;

use reqwest::Response;
use reqwest::header::CONTENT_TYPE;

use crate::answer;
use crate::error::CloudError;

/// Bytes of a line, at most; the server's are below twenty.
const LONGEST: usize = 8 << 10;

/// The open stream of events.
#[derive(Debug)]
pub struct Events {
    response: Response,
    lines: EventLines,
    heard: VecDeque<Heard>,
}

/// What a stream says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something changed.
    Changed,
    /// Nothing did, and the stream is up.
    Alive,
}

/// Server-sent events, read line by line (HTML Living Standard, section 9.2.6). Only what a site server says is
/// understood; everything else is passed over.
#[derive(Debug, Default)]
pub struct EventLines {
    line: Vec<u8>,
    /// A line feed that comes next belongs to the carriage return before it.
    after_return: bool,
    changed: bool,
    data: bool,
}

impl Events {
    pub(crate) async fn of(response: Response) -> Result<Self, CloudError> {
        let response = answer::refuse_failures(response).await?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            return Err(CloudError::Shape("it is no stream of events"));
        }
        Ok(Self { response, lines: EventLines::default(), heard: VecDeque::new() })
    }

    /// What it says next; `None` when the server ended it, as it does when the access token is over.
    ///
    /// Can be given up at any time; nothing is lost.
    pub async fn next(&mut self) -> Result<Option<Heard>, CloudError> {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return Ok(Some(heard));
            }
            let Some(chunk) = self.response.chunk().await? else { return Ok(None) };
            self.heard.extend(self.lines.push(&chunk)?);
        }
    }
}

impl EventLines {
    /// Takes the next bytes, and gives what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Heard>, CloudError> {
        let mut heard = Vec::new();
        for byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if after_return => (),
                b'\n' | b'\r' => heard.extend(self.end_line()),
                _ if self.line.len() >= LONGEST => return Err(CloudError::TooLong(LONGEST)),
                byte => self.line.push(*byte),
            }
        }
        Ok(heard)
    }

    fn end_line(&mut self) -> Option<Heard> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            // An event without data is none.
            let changed = std::mem::take(&mut self.changed);
            return (std::mem::take(&mut self.data) && changed).then_some(Heard::Changed);
        }
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"" => return Some(Heard::Alive),
            b"event" => self.changed = value == b"changed",
            b"data" => self.data = true,
            _ => (),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = b": alive\r\n\r\nevent: changed\ndata: {}\n\nevent:changed\rdata\r\rid: 7\nevent: other\ndata: {}\n\nevent: changed\n\n";
        for cut in 1..text.len() {
            let mut lines = EventLines::default();
            let heard: Vec<Heard> = text.chunks(cut).flat_map(|part| lines.push(part).unwrap()).collect();
            assert_eq!(heard, [Heard::Alive, Heard::Changed, Heard::Changed], "{cut}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_kept_for_ever() {
        let mut lines = EventLines::default();
        let long = vec![b'x'; LONGEST];
        assert_eq!(lines.push(&long).unwrap(), []);
        assert!(matches!(lines.push(b"x"), Err(CloudError::TooLong(LONGEST))));
    }
}
