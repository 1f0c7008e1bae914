//! The address of a site server, as people write it.

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadServer {
    /// Everybody on the way could read the password.
    Insecure,
    /// It is no host, with or without a port.
    Shape,
}

/// A site server that can be spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// `host` or `host:port` in small letters, to be confirmed by eye.
    pub(super) name: String,
    /// The same as the core takes it.
    pub(super) url: String,
}

/// The server of an address with or without `https://`. Only on this machine `http://` will do.
///
/// Only ASCII is taken, so that a name that is confirmed by eye is the name that is meant: others are written as
/// `xn--`.
pub(super) fn read(address: &str) -> Result<Server, BadServer> {
    let address = address.trim().to_ascii_lowercase();
    let (plain, rest) = match (address.strip_prefix("http://"), address.strip_prefix("https://")) {
        (Some(rest), _) => (true, rest),
        (None, rest) => (false, rest.unwrap_or(&address)),
    };
    if address.starts_with("ws://") {
        return Err(BadServer::Insecure);
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let port_fits = port.is_none_or(|port| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port != 0)
    });
    match (port_fits && is_host(host), plain) {
        (false, _) => Err(BadServer::Shape),
        (true, false) => Ok(Server { name: rest.to_owned(), url: format!("https://{rest}") }),
        (true, true) if is_here(host) => Ok(Server { name: rest.to_owned(), url: format!("http://{rest}") }),
        (true, true) => Err(BadServer::Insecure),
    }
}

/// Whether a host is this machine, to which nobody listens on the way (RFC 6761, section 6.3; RFC 1122, 3.2.1.3).
fn is_here(host: &str) -> bool {
    let is_loopback = |address: std::net::Ipv4Addr| address.is_loopback();
    host == "localhost" || host.parse().is_ok_and(is_loopback)
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
        ] {
            let url = format!("https://{known}");
            assert_eq!(read(address), Ok(Server { name: known.to_owned(), url }), "{address}");
        }
    }

    #[test]
    fn on_this_machine_nobody_listens() {
        for address in ["http://localhost:8080", "http://127.0.0.1:8080/"] {
            let url = address.trim_end_matches('/').to_owned();
            let name = url.replacen("http://", "", 1);
            assert_eq!(read(address), Ok(Server { name, url }));
        }
        for address in ["http://localhost.example", "http://128.0.0.1", "http://0127.0.0.1"] {
            assert_eq!(read(address), Err(BadServer::Insecure), "{address}");
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
            assert_eq!(read(address), Err(why), "{address}");
        }
    }
}
