//! Why a call was cancelled (RFC 3326).

use crate::message::split_list;

/// Why a ringing call stopped ringing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// The caller gave up: a missed call.
    GaveUp,
    /// Another device of the household took it.
    AnsweredElsewhere,
}

impl Cancelled {
    /// Reads the values of the Reason headers of a CANCEL.
    ///
    /// A proxy that forked the call says `SIP;cause=200;text="Call completed elsewhere"` (RFC 3326 section 3.1);
    /// some leave one of the two parameters out. Anything else is a caller who gave up.
    pub fn from_reasons<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let elsewhere = values.into_iter().flat_map(split_list).any(|value| says_elsewhere(&value));
        if elsewhere { Self::AnsweredElsewhere } else { Self::GaveUp }
    }
}

fn says_elsewhere(value: &str) -> bool {
    let mut parts = split_parameters(value).into_iter();
    let sip = parts.next().is_some_and(|protocol| protocol.eq_ignore_ascii_case("SIP"));
    let mut parameters = parts.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
    });
    parameters.any(|(name, value)| match name.as_str() {
        "cause" => sip && value == "200",
        "text" => value.eq_ignore_ascii_case("Call completed elsewhere"),
        _ => false,
    })
}

/// Splits at the semicolons outside quotes.
fn split_parameters(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_forking_proxy_says_elsewhere() {
        use Cancelled::{AnsweredElsewhere, GaveUp};
        for (value, expected) in [
            ("SIP;cause=200;text=\"Call completed elsewhere\"", AnsweredElsewhere),
            ("SIP ;cause=200", AnsweredElsewhere),
            ("SIP;text=\"call completed elsewhere\"", AnsweredElsewhere),
            ("Q.850;cause=16, SIP;cause=200", AnsweredElsewhere),
            ("Q.850;cause=200", GaveUp),
            ("SIP;cause=600;text=\"Busy everywhere\"", GaveUp),
            ("SIP;text=\"a;cause=200\"", GaveUp),
            ("SIP;cause=487", GaveUp),
            ("", GaveUp),
            (";;;=\"", GaveUp),
        ] {
            assert_eq!(Cancelled::from_reasons([value]), expected, "{value}");
        }
        assert_eq!(Cancelled::from_reasons([]), GaveUp);
        assert_eq!(Cancelled::from_reasons(["Q.850;cause=16", "SIP;cause=200"]), AnsweredElsewhere);
    }
}
