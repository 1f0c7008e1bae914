use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

/// The longest address that is looked at, in bytes.
const LONGEST: usize = 2_000;

/// Where a site server is: `https`, or `http` on this machine, with a path or without.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerAddress(Url);

/// Why a text is no address of a site server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    /// It cannot be read as an address, or is of another kind.
    #[error("this is no address of a server")]
    NotAnAddress,
    /// Everybody on the way could read passwords and PINs.
    #[error("a server elsewhere has to be reached by https")]
    NotSecure,
    /// A user or a password stands in it, which would be shown and logged.
    #[error("an address of a server holds no user and no password")]
    Credentials,
}

impl ServerAddress {
    /// The server without path and port, as it is shown and logged.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The whole of it, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// A path of the API below it, given in parts, which are escaped.
    pub(crate) fn join(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        // It fails for addresses without a host alone, which were refused.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push("v1").extend(parts);
        }
        url
    }
}

impl FromStr for ServerAddress {
    type Err = AddressError;

    /// Reads an address as people write it: without a scheme it is taken for `https`.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST || text.contains(char::is_whitespace) {
            return Err(AddressError::NotAnAddress);
        }
        let url =
            if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
        let mut url = url.map_err(|_| AddressError::NotAnAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::NotAnAddress);
        }
        match (url.scheme(), url.host()) {
            ("https", Some(_)) => (),
            ("http", Some(host)) if is_loopback(&host) => (),
            ("http", Some(_)) => return Err(AddressError::NotSecure),
            _ => return Err(AddressError::NotAnAddress),
        }
        // With a slash at its end or without, it is the same server.
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `localhost` never leaves the machine (RFC 6761 section 6.3).
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => Ipv4Addr::is_loopback(address),
        Host::Ipv6(address) => Ipv6Addr::is_loopback(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_secure_or_of_this_machine() {
        for (text, wanted) in [
            ("https://site.example", Ok("https://site.example")),
            ("site.example", Ok("https://site.example")),
            (" site.example:8443/house/ ", Ok("https://site.example:8443/house")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080")),
            ("http://[::1]:8080", Ok("http://[::1]:8080")),
            ("http://localhost:8080/", Ok("http://localhost:8080")),
            ("http://site.example", Err(AddressError::NotSecure)),
            ("http://127.0.0.1.site.example", Err(AddressError::NotSecure)),
            ("http://localhost.site.example", Err(AddressError::NotSecure)),
            ("http://192.0.2.1", Err(AddressError::NotSecure)),
            ("https://me:hush@site.example", Err(AddressError::Credentials)),
            ("http://127.0.0.1@site.example", Err(AddressError::Credentials)),
            ("https://site.example/?token=1", Err(AddressError::NotAnAddress)),
            ("https://site.example/#1", Err(AddressError::NotAnAddress)),
            ("ftp://site.example", Err(AddressError::NotAnAddress)),
            ("https://", Err(AddressError::NotAnAddress)),
            ("two words", Err(AddressError::NotAnAddress)),
            ("", Err(AddressError::NotAnAddress)),
        ] {
            let read = text.parse::<ServerAddress>();
            assert_eq!(read.as_ref().map(ServerAddress::as_str).map_err(|why| *why), wanted, "{text}");
            if let Ok(read) = read {
                assert_eq!(read.as_str().parse(), Ok(read), "{text}");
            }
        }
    }

    #[test]
    fn a_path_is_kept_and_what_is_below_it_escaped() {
        let address: ServerAddress = "https://site.example/house/".parse().unwrap();
        assert_eq!(
            address.join(&["visitors", "a/b?"]).as_str(),
            "https://site.example/house/v1/visitors/a%2Fb%3F"
        );
    }
}
