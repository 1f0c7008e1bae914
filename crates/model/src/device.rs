use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::DoorSwitch;
use crate::api::DeviceId;

/// Identifies an intercom in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntercomId(pub i64);

/// An intercom that this resident knows: who may ring with its name, and what its codes open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intercom {
    /// Its id in the cache.
    pub id: IntercomId,
    /// The name that the site gave it.
    pub name: String,
    /// The address it calls from and is called at.
    pub address: SipAddress,
    /// Whether it may also call straight from its own IP address, past the registrar.
    pub direct: bool,
    /// The device of the building that it is, where the building put it into the list.
    pub device: Option<DeviceId>,
    /// Its relays, in the order of their buttons.
    pub switches: Vec<DoorSwitch>,
}

/// A SIP address of record, `user@host` or `user@host:port`, without a scheme (RFC 3261 section 19.1).
///
/// The host compares without regard to case, the user with it, as section 19.1.4 says.
#[derive(Clone, Debug, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SipAddress {
    user: String,
    host: String,
    port: Option<u16>,
}

/// Why a text is no SIP address.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SipAddressError {
    /// There is no `@` with something on both sides.
    #[error("an address looks like door@example.org")]
    Shape,
    /// A character that would need escaping or does not belong there.
    #[error("an address does not hold {0:?}")]
    BadCharacter(char),
    /// What follows the last colon is no port.
    #[error("a port is a number from 1 to 65535")]
    Port,
}

impl SipAddress {
    /// The part before `@`.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Host name or IP address; an IPv6 address stands in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, when one was given.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

impl PartialEq for SipAddress {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.host.eq_ignore_ascii_case(&other.host) && self.port == other.port
    }
}

impl FromStr for SipAddress {
    type Err = SipAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_prefix("sip:").unwrap_or(text);
        let (user, rest) = text.split_once('@').ok_or(SipAddressError::Shape)?;
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                let port = port.parse().ok().filter(|p| *p > 0).ok_or(SipAddressError::Port)?;
                (host, Some(port))
            }
            _ => (rest, None),
        };
        if user.is_empty() || host.is_empty() {
            return Err(SipAddressError::Shape);
        }
        let user_ok = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'()&=+$,;?/%#".contains(c);
        let host_ok = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        let bad = user.chars().find(|c| !user_ok(*c)).or_else(|| host.chars().find(|c| !host_ok(*c)));
        match bad {
            Some(bad) => Err(SipAddressError::BadCharacter(bad)),
            None => Ok(Self { user: user.to_owned(), host: host.to_owned(), port }),
        }
    }
}

impl TryFrom<String> for SipAddress {
    type Error = SipAddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SipAddress> for String {
    fn from(address: SipAddress) -> Self {
        address.to_string()
    }
}

impl fmt::Display for SipAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_user_host_and_port() {
        for (text, user, host, port) in [
            ("door@example.org", "door", "example.org", None),
            ("sip:door@192.0.2.7:5062", "door", "192.0.2.7", Some(5062)),
            ("door@[2001:db8::1]", "door", "[2001:db8::1]", None),
            ("door@[2001:db8::1]:5060", "door", "[2001:db8::1]", Some(5060)),
        ] {
            let address: SipAddress = text.parse().unwrap();
            assert_eq!((address.user(), address.host(), address.port()), (user, host, port));
        }
    }

    #[test]
    fn the_case_of_the_host_does_not_matter() {
        assert_eq!("door@Example.ORG".parse::<SipAddress>(), "door@example.org".parse());
        assert_ne!("Door@example.org".parse::<SipAddress>(), "door@example.org".parse());
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, problem) in [
            ("door", SipAddressError::Shape),
            ("@example.org", SipAddressError::Shape),
            ("door@", SipAddressError::Shape),
            ("door@example.org:0", SipAddressError::Port),
            ("door@example.org:70000", SipAddressError::Port),
            ("do or@example.org", SipAddressError::BadCharacter(' ')),
            ("door@exam\r\nple", SipAddressError::BadCharacter('\r')),
        ] {
            assert_eq!(text.parse::<SipAddress>(), Err(problem), "{text}");
        }
    }
}
