//! Bytes from the network, before the stack sees them: framing, repair, and the refusal of what is no SIP.

use std::net::SocketAddr;

use bytes::{Buf, BytesMut};
use rsipstack::sip::prelude::ToTypedHeader;
use rsipstack::sip::{Header, HeadersExt, Method, Request, Response, SipMessage, StatusCode};
use thiserror::Error;

use crate::message::{new_tag, split_list, uri_of};

/// The longest head that is waited for on a stream, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;
/// The longest body that is taken from a stream, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// Why bytes are no SIP message that can be worked with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Malformed {
    /// No start line and headers that end in an empty line.
    #[error("Bad Request: {0}")]
    Syntax(String),
    /// A header that every message needs is missing or cannot be read (RFC 3261 section 8.1.1).
    #[error("Bad Request: {0} is missing or wrong")]
    Header(&'static str),
    /// The body is shorter than Content-Length says.
    #[error("Bad Request: the body is cut off")]
    Truncated,
    /// A method that nobody here knows (RFC 3261 section 21.5.2).
    #[error("Not Implemented")]
    Method,
    /// The head or the body does not end (RFC 3261 section 21.4.11).
    #[error("Request Entity Too Large")]
    TooLong,
}

impl Malformed {
    /// The status of the refusal.
    pub fn status(&self) -> u16 {
        match self {
            Self::Method => 501,
            Self::TooLong => 413,
            _ => 400,
        }
    }
}

/// Tells whether a datagram, or one message of a stream, is a SIP message that this crate would work with.
///
/// Never panics, whatever the bytes: a fuzz target calls it.
pub fn check(message: &[u8]) -> Result<(), Malformed> {
    normalise(message).map(|_| ())
}

/// Reads one whole message and every header that later code relies on.
///
/// Also returns the bytes that the stack reads in the same way.
pub(crate) fn normalise(bytes: &[u8]) -> Result<(SipMessage, Vec<u8>), Malformed> {
    let (head, body) = split_head(bytes).ok_or_else(|| Malformed::Syntax("no end of the headers".into()))?;
    let head = String::from_utf8_lossy(head);
    if unknown_method(&head) {
        return Err(Malformed::Method);
    }
    let length = content_length(&head)?;
    let length = length.unwrap_or(body.len());
    let body = body.get(..length).ok_or(Malformed::Truncated)?;
    // The stack stops reading headers at the first byte that is no UTF-8, and takes no body without a
    // Content-Length, which a datagram need not have (RFC 3261 section 18.3).
    let mut whole = head.trim_end_matches("\r\n").as_bytes().to_vec();
    whole.extend_from_slice(format!("\r\nContent-Length: {length}\r\n\r\n").as_bytes());
    whole.extend_from_slice(body);
    let message = SipMessage::try_from(whole.as_slice()).map_err(|e| Malformed::Syntax(e.to_string()))?;
    match &message {
        SipMessage::Request(request) => check_request(request)?,
        SipMessage::Response(response) => check_response(response)?,
    }
    Ok((message, whole))
}

/// A response to bytes that are a request, but not a sound one; `None` when no answer can be written.
///
/// An ACK is never answered (RFC 3261 section 17.1.1.3).
pub(crate) fn refusal(bytes: &[u8], why: &Malformed, source: SocketAddr, server: &str) -> Option<Vec<u8>> {
    let (head, _) = split_head(bytes).unwrap_or((bytes, &[]));
    let head = String::from_utf8_lossy(head);
    let mut lines = unfolded(&head).into_iter();
    let start = lines.next()?;
    let method =
        start.split(' ').next().filter(|m| !m.is_empty() && *m != "ACK" && !m.starts_with("SIP/"))?;
    if !start.ends_with("SIP/2.0")
        || !method.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    {
        return None;
    }
    let lines: Vec<String> = lines.collect();
    let mut text = format!("SIP/2.0 {} {}\r\n", why.status(), phrase(why));
    for (index, via) in values(&lines, "via", "v").enumerate() {
        let received = if index == 0 { format!(";received={}", source.ip()) } else { String::new() };
        text.push_str(&format!("Via: {via}{received}\r\n"));
    }
    if !text.contains("Via:") {
        return None;
    }
    for (name, long, short) in [("From", "from", "f"), ("Call-ID", "call-id", "i"), ("CSeq", "cseq", "cseq")]
    {
        text.push_str(&format!("{name}: {}\r\n", values(&lines, long, short).next()?));
    }
    let to = values(&lines, "to", "t").next()?;
    let tag = if to.contains(";tag=") { String::new() } else { format!(";tag={}", new_tag()) };
    text.push_str(&format!("To: {to}{tag}\r\nServer: {server}\r\nContent-Length: 0\r\n\r\n"));
    Some(text.into_bytes())
}

/// Cuts a stream into messages (RFC 3261 section 18.3) and keep-alives (RFC 5626 section 3.5.1).
#[derive(Debug, Default)]
pub struct Framer {
    buffer: BytesMut,
}

/// What came over a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// One message, not yet checked.
    Message(Vec<u8>),
    /// A keep-alive that wants an answer.
    Ping,
    /// The answer to a keep-alive.
    Pong,
}

impl Framer {
    /// Takes what was read from the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more is pushed.
    ///
    /// After an error nobody can tell where the next message starts, so the stream has to be closed.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, Malformed> {
        if self.buffer.starts_with(b"\r\n\r\n") {
            self.buffer.advance(4);
            return Ok(Some(Frame::Ping));
        }
        if self.buffer.starts_with(b"\r\n") && self.buffer.get(2) != Some(&b'\r') {
            self.buffer.advance(2);
            return Ok(Some(Frame::Pong));
        }
        let Some((head, rest)) = split_head(&self.buffer) else {
            // Up to three bytes of the end may be there already.
            return if self.buffer.len() > LONGEST_HEAD + 3 { Err(Malformed::TooLong) } else { Ok(None) };
        };
        let body = content_length(&String::from_utf8_lossy(head))?.unwrap_or(0);
        if head.len() > LONGEST_HEAD || body > LONGEST_BODY {
            return Err(Malformed::TooLong);
        }
        if rest.len() < body {
            return Ok(None);
        }
        let length = self.buffer.len() - rest.len() + body;
        Ok(Some(Frame::Message(self.buffer.split_to(length).to_vec())))
    }
}

fn check_request(request: &Request) -> Result<(), Malformed> {
    check_common(request, request.method)?;
    if request.version != rsipstack::sip::Version::V2 {
        return Err(Malformed::Syntax("only SIP/2.0 is spoken".into()));
    }
    if from_tag_missing(request) {
        return Err(Malformed::Header("the tag of From"));
    }
    if request.method == Method::Invite && contact(&request.headers.0).is_none() {
        return Err(Malformed::Header("Contact"));
    }
    Ok(())
}

fn check_response(response: &Response) -> Result<(), Malformed> {
    let method = response.cseq_header().and_then(|c| c.method()).map_err(|_| Malformed::Header("CSeq"))?;
    if !(100..700).contains(&response.status_code.code()) {
        return Err(Malformed::Syntax("no status of SIP".into()));
    }
    check_common(response, method)
}

fn check_common(message: &impl HeadersExt, method: Method) -> Result<(), Malformed> {
    let via = message.top_via_header().ok().and_then(|via| via.typed().ok());
    via.filter(|via| via.branch().is_some()).ok_or(Malformed::Header("Via"))?;
    message.from_header().ok().and_then(|h| h.typed().ok()).ok_or(Malformed::Header("From"))?;
    message.to_header().ok().and_then(|h| h.typed().ok()).ok_or(Malformed::Header("To"))?;
    let call_id = message.call_id_header().map_err(|_| Malformed::Header("Call-ID"))?;
    if call_id.value().trim().is_empty() {
        return Err(Malformed::Header("Call-ID"));
    }
    let cseq = message.cseq_header().map_err(|_| Malformed::Header("CSeq"))?;
    match (cseq.seq(), cseq.method()) {
        (Ok(seq), Ok(named)) if named == method && seq < 1 << 31 => Ok(()),
        _ => Err(Malformed::Header("CSeq")),
    }
}

fn from_tag_missing(request: &Request) -> bool {
    !matches!(request.from_header().and_then(|h| h.tag()), Ok(Some(_)))
}

fn contact(headers: &[Header]) -> Option<()> {
    let value = headers.iter().find_map(|header| match header {
        Header::Contact(contact) => Some(contact.value()),
        _ => None,
    })?;
    uri_of(split_list(value).first()?).map(|_| ())
}

fn unknown_method(head: &str) -> bool {
    let start = head.lines().next().unwrap_or_default();
    let method = start.split(' ').next().unwrap_or_default();
    start.ends_with("SIP/2.0")
        && !method.is_empty()
        && method.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
        && Method::try_from(method).is_err()
}

fn phrase(why: &Malformed) -> String {
    StatusCode::from(why.status()).text().to_owned()
}

/// The head without its empty line, and what follows it.
fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, rest) = bytes.split_at_checked(end)?;
    Some((head, rest.get(4..)?))
}

/// The lines of a head, with folded ones joined (RFC 3261 section 7.3.1).
fn unfolded(head: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn values<'a>(lines: &'a [String], long: &'a str, short: &'a str) -> impl Iterator<Item = &'a str> {
    lines.iter().filter_map(move |line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        (name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short)).then(|| value.trim())
    })
}

fn content_length(head: &str) -> Result<Option<usize>, Malformed> {
    let lines = unfolded(head);
    let mut found = None;
    for value in values(&lines, "content-length", "l") {
        let length: usize = value.parse().map_err(|_| Malformed::Header("Content-Length"))?;
        if found.is_some_and(|earlier| earlier != length) {
            return Err(Malformed::Header("Content-Length"));
        }
        found = Some(length);
    }
    Ok(found)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
