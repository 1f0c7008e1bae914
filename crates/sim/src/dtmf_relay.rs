//! Digits and wishes for a picture in the body of a SIP INFO (RFC 6086 names no such package: these are the habits of
//! the trade).

use thiserror::Error;

/// The most digits that one INFO may bring.
pub const MOST_DIGITS: usize = 32;

/// What an INFO asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Keys were pressed, in this order: `0-9`, `*`, `#`, `A-D`.
    Digits(String),
    /// The peer cannot decode and wants a key frame (RFC 5168).
    Keyframe,
}

/// Why a body is not understood.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BadInfo {
    /// The content type is none of ours.
    #[error("the content type is not known")]
    UnknownType,
    /// It is not UTF-8.
    #[error("the body is no text")]
    NoText,
    /// `application/dtmf-relay` without a `Signal` line.
    #[error("there is no Signal line")]
    NoSignal,
    /// There is no digit, or something that is none.
    #[error("the signal is no digit")]
    NoDigit,
    /// More than [`MOST_DIGITS`].
    #[error("there are too many digits")]
    TooMany,
    /// A media control that asks for something else.
    #[error("the media control is not known")]
    UnknownControl,
}

/// Reads a body: `application/dtmf-relay` (`Signal=1`, `Duration=160`), `application/dtmf` (`1`) and
/// `application/media_control+xml` (`picture_fast_update`). Parameters of the content type are ignored, case too.
pub fn parse(content_type: &str, body: &[u8]) -> Result<Request, BadInfo> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let text = std::str::from_utf8(body).map_err(|_| BadInfo::NoText)?;
    if essence.eq_ignore_ascii_case("application/dtmf-relay") {
        let signal = text.lines().find_map(signal).ok_or(BadInfo::NoSignal)?;
        digits(signal).map(Request::Digits)
    } else if essence.eq_ignore_ascii_case("application/dtmf") {
        digits(text).map(Request::Digits)
    } else if essence.eq_ignore_ascii_case("application/media_control+xml") {
        // No XML reader: the schema of RFC 5168 has this one element that matters, and it is empty.
        text.contains("picture_fast_update").then_some(Request::Keyframe).ok_or(BadInfo::UnknownControl)
    } else {
        Err(BadInfo::UnknownType)
    }
}

fn signal(line: &str) -> Option<&str> {
    let (key, value) = line.split_once('=')?;
    key.trim().eq_ignore_ascii_case("signal").then_some(value)
}

fn digits(text: &str) -> Result<String, BadInfo> {
    let digits: Option<String> = text.trim().chars().map(digit).collect();
    match digits {
        Some(digits) if digits.len() > MOST_DIGITS => Err(BadInfo::TooMany),
        Some(digits) if !digits.is_empty() => Ok(digits),
        _ => Err(BadInfo::NoDigit),
    }
}

fn digit(letter: char) -> Option<char> {
    matches!(letter, '0'..='9' | '*' | '#' | 'A'..='D' | 'a'..='d').then(|| letter.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_habits_of_the_trade() {
        for (content_type, body, expected) in [
            ("application/dtmf-relay", "Signal=1\r\nDuration=160\r\n", "1"),
            ("application/dtmf-relay", "Signal= *\r\nDuration= 250", "*"),
            ("Application/DTMF-Relay; charset=utf-8", "duration=100\nsignal=#\n", "#"),
            ("application/dtmf-relay", "Signal=00*\r\nDuration=160", "00*"),
            ("application/dtmf-relay", "Signal=d", "D"),
            ("application/dtmf", "5", "5"),
            ("application/dtmf", "00*\r\n", "00*"),
        ] {
            assert_eq!(
                parse(content_type, body.as_bytes()),
                Ok(Request::Digits(expected.to_owned())),
                "{body}"
            );
        }
    }

    #[test]
    fn reads_the_wish_for_a_picture() {
        let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?><media_control><vc_primitive><to_encoder>\
                    <picture_fast_update/></to_encoder></vc_primitive></media_control>";
        assert_eq!(parse("application/media_control+xml", body.as_bytes()), Ok(Request::Keyframe));
    }

    #[test]
    fn says_what_is_wrong() {
        let long = format!("Signal={}", "1".repeat(MOST_DIGITS + 1));
        for (content_type, body, problem) in [
            ("application/sdp", &b"v=0"[..], BadInfo::UnknownType),
            ("", b"", BadInfo::UnknownType),
            ("application/dtmf-relay", b"", BadInfo::NoSignal),
            ("application/dtmf-relay", b"Duration=160", BadInfo::NoSignal),
            ("application/dtmf-relay", b"Signal=", BadInfo::NoDigit),
            ("application/dtmf-relay", b"Signal=1;2", BadInfo::NoDigit),
            ("application/dtmf-relay", long.as_bytes(), BadInfo::TooMany),
            ("application/dtmf", b"\xff\xfe", BadInfo::NoText),
            ("application/dtmf", "\u{661}".as_bytes(), BadInfo::NoDigit),
            ("application/media_control+xml", b"<media_control/>", BadInfo::UnknownControl),
        ] {
            assert_eq!(parse(content_type, body), Err(problem), "{content_type}: {body:?}");
        }
    }
}
