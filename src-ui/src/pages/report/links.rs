//! Links to a phone and to a mail program, made of what the site wrote.

/// `tel:` for a number as people write it (RFC 3966); `None` where there is nothing to dial.
pub(super) fn tel(written: &str) -> Option<String> {
    let written = written.trim();
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    // A word or an extension in letters cannot be dialled; the number stays readable beside it.
    let dialled = written.chars().all(|c| c.is_ascii_digit() || "+-./() \u{a0}".contains(c));
    if digits.is_empty() || !dialled {
        return None;
    }
    let plus = if written.starts_with('+') { "+" } else { "" };
    Some(format!("tel:{plus}{digits}"))
}

/// `mailto:` for an address (RFC 6068), which may bring no header of its own along; `None` for an empty one.
pub(super) fn mailto(address: &str) -> Option<String> {
    let address = address.trim();
    if !address.contains('@') {
        return None;
    }
    let mut link = "mailto:".to_owned();
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'@' | b'.' | b'-' | b'_' | b'+' => {
                link.push(char::from(byte))
            }
            other => link.push_str(&format!("%{other:02X}")),
        }
    }
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_without_its_ornaments() {
        for (written, link) in [
            ("+49 30 5550 1201", Some("tel:+493055501201")),
            (" (030) 555-0.12/01 ", Some("tel:03055501201")),
            ("112", Some("tel:112")),
            ("", None),
            ("at the gate", None),
            ("555 ext. 12", None),
            ("javascript:1", None),
        ] {
            assert_eq!(tel(written).as_deref(), link, "{written}");
        }
    }

    #[test]
    fn an_address_brings_no_headers_along() {
        for (address, link) in [
            ("doors@example.org", Some("mailto:doors@example.org")),
            (" a+b@example.org ", Some("mailto:a+b@example.org")),
            ("a@b.org?bcc=c@d.org", Some("mailto:a@b.org%3Fbcc%3Dc@d.org")),
            ("a@b.org,c@d.org", Some("mailto:a@b.org%2Cc@d.org")),
            ("tür@example.org", Some("mailto:t%C3%BCr@example.org")),
            ("", None),
            ("nobody", None),
        ] {
            assert_eq!(mailto(address).as_deref(), link, "{address}");
        }
    }
}
