//! The Warning header of a refusal (RFC 3261 section 20.43).

use crate::message::quote;

/// A header value from what a refusal gives as its ground.
///
/// `ground` is either a whole value, `305 vestibule "Incompatible media format"`, or a plain text, which becomes
/// a 399. The text cannot break out of the header, whatever it holds.
pub fn warning(ground: &str) -> String {
    let mut parts = ground.trim().splitn(3, ' ');
    let (code, agent, text) = (parts.next(), parts.next(), parts.next());
    let known = code.filter(|c| c.len() == 3 && c.starts_with('3') && c.bytes().all(|b| b.is_ascii_digit()));
    match (known, agent, text) {
        (Some(code), Some(agent), Some(text)) if agent.bytes().all(is_agent) && !agent.is_empty() => {
            let text = text.trim();
            let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
            format!("{code} {agent} {}", quote(text))
        }
        _ => format!("399 vestibule {}", quote(ground)),
    }
}

fn is_agent(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_one_line_whatever_it_says() {
        for (ground, value) in [
            ("305 vestibule \"Incompatible media format\"", "305 vestibule \"Incompatible media format\""),
            ("304 vestibule no codec", "304 vestibule \"no codec\""),
            ("No codec in common", "399 vestibule \"No codec in common\""),
            ("305 a\r\nb: c", "399 vestibule \"305 ab: c\""),
            ("30 x y", "399 vestibule \"30 x y\""),
            ("", "399 vestibule \"\""),
        ] {
            assert_eq!(warning(ground), value, "{ground:?}");
        }
    }
}
