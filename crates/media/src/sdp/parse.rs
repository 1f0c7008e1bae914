use std::net::IpAddr;

use thiserror::Error;

use super::Direction;

/// A text longer than this is no door station's; a datagram of SIP cannot hold it either.
const MAX_BYTES: usize = 65_536;
/// More m-lines than this are an attack: each has to be answered.
const MAX_MEDIA: usize = 32;

/// Why a text is no session description.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// It has more bytes than any real one.
    #[error("too long")]
    TooLong,
    /// It does not begin with `v=0`.
    #[error("no v=0 at the beginning")]
    Version,
    /// A line is not `<letter>=<value>`.
    #[error("line {0} is not of the form x=value")]
    Line(usize),
    /// An `m=` line lacks a part, or its port is no port.
    #[error("line {0} is no media line")]
    Media(usize),
    /// A `c=` line lacks a part.
    #[error("line {0} is no connection line")]
    Connection(usize),
    /// There is no `m=` line at all.
    #[error("no media line")]
    NoMedia,
    /// There are more `m=` lines than anybody needs.
    #[error("too many media lines")]
    TooManyMedia,
}

/// The part of a session description that a call needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The `m=` sections, in order.
    pub media: Vec<Media>,
}

/// One `m=` section, with what it inherits from the session level already filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// `audio`, `video`, or anything else.
    pub kind: String,
    /// The RTP port; 0 switches the stream off.
    pub port: u16,
    /// The transport protocol, as `RTP/AVP`.
    pub protocol: String,
    /// The formats, in order; for RTP these are payload types.
    pub formats: Vec<String>,
    /// Where it is received.
    pub connection: Option<Connection>,
    /// Which way it flows, seen from the describing side.
    pub direction: Direction,
    /// The other attributes as name and value; the value is empty for a flag.
    pub attributes: Vec<(String, String)>,
}

/// The address of a `c=` line (RFC 8866 section 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// An address, maybe a group's or unspecified.
    Address(IpAddr),
    /// A host name; looking it up would be I/O.
    Name,
}

impl Media {
    /// Values of all attributes of this name, in order.
    pub fn attributes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// What an attribute says about one payload type, as `rtpmap` and `fmtp` do: `<payload type> <text>`.
    pub fn of_payload_type<'a>(&'a self, name: &'a str, payload_type: u8) -> Option<&'a str> {
        self.attributes(name).find_map(|value| {
            let (number, text) = value.split_once(' ')?;
            (number.parse() == Ok(payload_type)).then_some(text.trim())
        })
    }

    /// The formats that are payload types, in order.
    pub fn payload_types(&self) -> impl Iterator<Item = u8> {
        self.formats.iter().filter_map(|format| format.parse().ok().filter(|number| *number < 128))
    }
}

/// Reads a session description.
///
/// The order of lines, missing `o=`, `s=` and `t=` lines, an `o=` line with other things than numbers, and kinds of
/// media that nobody has heard of are all let pass (rtc-sdp refuses a text for each of these): nothing in a call
/// hangs on them, and door stations do write them. Lines may end in CRLF, LF or CR.
pub fn parse(text: &[u8]) -> Result<Description, ParseError> {
    if text.len() > MAX_BYTES {
        return Err(ParseError::TooLong);
    }
    let text = String::from_utf8_lossy(text);
    let mut lines = text.split(['\r', '\n']).map(str::trim_end).filter(|line| !line.is_empty()).enumerate();
    if lines.next().is_none_or(|(_, first)| first != "v=0") {
        return Err(ParseError::Version);
    }
    let mut session = Section::default();
    let mut media: Vec<(Media, Section)> = Vec::new();
    for (index, line) in lines {
        let number = index + 1;
        let (key, value) = line.split_once('=').ok_or(ParseError::Line(number))?;
        if key.len() != 1 {
            return Err(ParseError::Line(number));
        }
        if key == "m" {
            if media.len() == MAX_MEDIA {
                return Err(ParseError::TooManyMedia);
            }
            media.push((media_line(value).ok_or(ParseError::Media(number))?, Section::default()));
            continue;
        }
        let section = media.last_mut().map_or(&mut session, |(_, section)| section);
        match key {
            "c" => section.connection = Some(connection(value).ok_or(ParseError::Connection(number))?),
            "a" => section.attribute(value),
            _ => {}
        }
    }
    if media.is_empty() {
        return Err(ParseError::NoMedia);
    }
    let media = media.into_iter().map(|(line, section)| session.inherited_by(line, section)).collect();
    Ok(Description { media })
}

#[derive(Default)]
struct Section {
    connection: Option<Connection>,
    direction: Option<Direction>,
    attributes: Vec<(String, String)>,
}

impl Section {
    fn attribute(&mut self, value: &str) {
        let (name, value) = value.split_once(':').unwrap_or((value, ""));
        let name = name.trim().to_ascii_lowercase();
        match Direction::from_attribute(&name) {
            Some(direction) => self.direction = Some(direction),
            None => self.attributes.push((name, value.trim().to_owned())),
        }
    }

    fn inherited_by(&self, line: Media, own: Self) -> Media {
        Media {
            connection: own.connection.or(self.connection),
            direction: own.direction.or(self.direction).unwrap_or_default(),
            attributes: own.attributes,
            ..line
        }
    }
}

fn media_line(value: &str) -> Option<Media> {
    let mut fields = value.split_ascii_whitespace();
    let kind = fields.next()?.to_ascii_lowercase();
    let port = fields.next()?;
    let port = port.split_once('/').map_or(port, |(first, _)| first).parse().ok()?;
    let protocol = fields.next()?.to_owned();
    let formats: Vec<String> = fields.map(str::to_owned).collect();
    if formats.is_empty() {
        return None;
    }
    Some(Media {
        kind,
        port,
        protocol,
        formats,
        connection: None,
        direction: Direction::default(),
        attributes: Vec::new(),
    })
}

fn connection(value: &str) -> Option<Connection> {
    let mut fields = value.split_ascii_whitespace();
    let (network, family, address) = (fields.next()?, fields.next()?, fields.next()?);
    if !network.eq_ignore_ascii_case("IN")
        || !["IP4", "IP6"].iter().any(|known| family.eq_ignore_ascii_case(known))
    {
        return None;
    }
    // A group's address is followed by a time to live and a count.
    let address = address.split_once('/').map_or(address, |(first, _)| first);
    Some(address.parse().map_or(Connection::Name, Connection::Address))
}
