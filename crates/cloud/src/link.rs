use std::str::FromStr;

use thiserror::Error;
use url::Url;
use vestibule_model::Secret;

use crate::address::{AddressError, ServerAddress};

/// The longest link that is looked at, in bytes.
const LONGEST: usize = 4_000;
/// Characters of a token, at most.
const TOKEN: usize = 200;

/// A link that signs one device in, once: `vestibule://provision?server=…&token=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisioningLink {
    /// The server that gave it.
    pub server: ServerAddress,
    /// What it wants to see.
    pub token: Secret,
}

/// Why a text is no such link. It never says what stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// It is something else.
    #[error("this is no link of a site server")]
    NotALink,
    /// The server in it is none that this program speaks to.
    #[error(transparent)]
    Server(#[from] AddressError),
}

impl FromStr for ProvisioningLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(LinkError::NotALink);
        }
        let url = Url::parse(text).map_err(|_| LinkError::NotALink)?;
        let path = url.path().trim_matches('/');
        if url.scheme() != "vestibule" || url.host_str() != Some("provision") || !path.is_empty() {
            return Err(LinkError::NotALink);
        }
        let (mut server, mut token) = (None, None);
        for (name, value) in url.query_pairs() {
            let slot = match &*name {
                "server" => &mut server,
                "token" => &mut token,
                // A later server may say more.
                _ => continue,
            };
            // Which of two would count is for nobody to guess.
            if slot.replace(value.into_owned()).is_some() {
                return Err(LinkError::NotALink);
            }
        }
        let (server, token) = server.zip(token.map(Secret::new)).ok_or(LinkError::NotALink)?;
        let visible = token.reveal().bytes().all(|byte| byte.is_ascii_graphic());
        if token.is_empty() || token.reveal().len() > TOKEN || !visible {
            return Err(LinkError::NotALink);
        }
        Ok(Self { server: server.parse()?, token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_one_server_and_one_token() {
        let link = "vestibule://provision?server=https%3A%2F%2Fsite.example%2Fhouse&token=v1.abc-_";
        let read: ProvisioningLink = link.parse().unwrap();
        assert_eq!(read.server.as_str(), "https://site.example/house");
        assert_eq!(read.token.reveal(), "v1.abc-_");
        assert!(!format!("{read:?}").contains("abc"));
        for (text, wanted) in [
            ("https://site.example", LinkError::NotALink),
            ("vestibule://provision", LinkError::NotALink),
            ("vestibule://other?server=https://site.example&token=a", LinkError::NotALink),
            ("vestibule://provision?server=https://site.example", LinkError::NotALink),
            ("vestibule://provision?server=https://site.example&token=", LinkError::NotALink),
            ("vestibule://provision?server=https://site.example&token=a%20b", LinkError::NotALink),
            (
                "vestibule://provision?server=https://a.example&server=https://b.example&token=a",
                LinkError::NotALink,
            ),
            ("vestibule://provision?server=&token=a", LinkError::Server(AddressError::NotAnAddress)),
            (
                "vestibule://provision?server=http://site.example&token=a",
                LinkError::Server(AddressError::NotSecure),
            ),
            ("", LinkError::NotALink),
        ] {
            assert_eq!(text.parse::<ProvisioningLink>(), Err(wanted), "{text}");
        }
    }
}
