//! The address of a site server, as people write it.

/// Where the account is when the building has no server of its own.
pub(super) const USUAL: &str = "vestibule.example.org";

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadServer {
    /// Everybody on the way could read the password.
    Insecure,
    /// It is no host, with or without a port.
    Shape,
}

/// `host` or `host:port` in small letters, of an address with or without `https://`.
///
/// Only ASCII is taken, so that a name that is confirmed by eye is the name that is meant: others are written as
/// `xn--`.
pub(super) fn name(address: &str) -> Result<String, BadServer> {
    let address = address.trim().to_ascii_lowercase();
    if address.starts_with("http://") || address.starts_with("ws://") {
        return Err(BadServer::Insecure);
    }
    let rest = address.strip_prefix("https://").unwrap_or(&address);
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let port_fits = port.is_none_or(|port| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0)
    });
    if port_fits && is_host(host) { Ok(rest.to_owned()) } else { Err(BadServer::Shape) }
}

/// A name or an IPv4 address (RFC 1123, section 2.1).
fn is_host(host: &str) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_name() {
        for (address, known) in [
            ("vestibule.example.org", "vestibule.example.org"),
            (" https://Vestibule.Example.org/ ", "vestibule.example.org"),
            ("HTTPS://192.0.2.7:8443", "192.0.2.7:8443"),
            ("house", "house"),
            ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
            (USUAL, USUAL),
        ] {
            assert_eq!(name(address).as_deref(), Ok(known), "{address}");
        }
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for (address, why) in [
            ("", BadServer::Shape),
            ("http://example.org", BadServer::Insecure),
            ("Ws://example.org", BadServer::Insecure),
            ("ftp://example.org", BadServer::Shape),
            ("user@example.org", BadServer::Shape),
            ("example.org@evil.example", BadServer::Shape),
            ("example.org/path", BadServer::Shape),
            ("example.org?x", BadServer::Shape),
            ("example.org\\evil", BadServer::Shape),
            ("exam ple.org", BadServer::Shape),
            ("example..org", BadServer::Shape),
            ("-example.org", BadServer::Shape),
            ("example.org:", BadServer::Shape),
            ("example.org:0", BadServer::Shape),
            ("example.org:+80", BadServer::Shape),
            ("example.org:70000", BadServer::Shape),
            ("exаmple.org", BadServer::Shape), // with a Cyrillic letter
        ] {
            assert_eq!(name(address), Err(why), "{address}");
        }
    }
}
