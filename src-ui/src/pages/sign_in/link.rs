//! A provisioning link, `vestibule://provision?server=…&token=…`: the one secret that is allowed in a URL.

use vestibule_model::Secret;

use super::server;

/// Characters of the longest link that is looked at.
const LONGEST: usize = 4_096;

/// A link that can be used, once its server is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// `host` or `host:port`, for the resident to confirm.
    pub(super) server: String,
    /// The whole of it, as the core takes it.
    pub(super) whole: Secret,
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadLink {
    /// Nothing was pasted.
    Empty,
    /// It is something else.
    NotALink,
    /// It names no server or brings no token along, or more than one of them.
    Broken,
    /// Its server cannot be one.
    Server,
}

/// Reads a link. Mail programs break long lines, so space in it does not count.
pub(super) fn read(pasted: &str) -> Result<Link, BadLink> {
    let whole: String = pasted.chars().filter(|c| !c.is_whitespace()).collect();
    if whole.is_empty() {
        return Err(BadLink::Empty);
    }
    if whole.len() > LONGEST {
        return Err(BadLink::NotALink);
    }
    let (place, query) = whole.split_once('?').ok_or(BadLink::NotALink)?;
    let place = place.strip_suffix('/').unwrap_or(place);
    if !place.eq_ignore_ascii_case("vestibule://provision") {
        return Err(BadLink::NotALink);
    }
    if query.contains('#') {
        return Err(BadLink::Broken);
    }
    let (mut server, mut token) = (None, None);
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let field = match name {
            "server" => &mut server,
            "token" => &mut token,
            _ => continue,
        };
        // Of two servers one would be confirmed, and perhaps the other one used.
        if field.replace(value).is_some() {
            return Err(BadLink::Broken);
        }
    }
    let (Some(server), Some(token)) = (server, token) else { return Err(BadLink::Broken) };
    if token.is_empty() || server.is_empty() {
        return Err(BadLink::Broken);
    }
    let server = decoded(server).and_then(|server| server::read(&server).ok()).ok_or(BadLink::Server)?;
    Ok(Link { server: server.name, whole: Secret::new(whole) })
}

/// Takes `%3A` for `:` (RFC 3986, section 2.1); `None` where that gives no text.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = value.bytes();
    let mut out = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_its_server() {
        for (pasted, server) in [
            ("vestibule://provision?server=vestibule.example.org&token=abc", "vestibule.example.org"),
            (" vestibule://provision?token=abc&server=house:8443\n", "house:8443"),
            (
                "Vestibule://Provision/?server=https%3A%2F%2Fhouse.example%3a443%2f&token=a%20b",
                "house.example:443",
            ),
            ("vestibule://provision?v=1&server=192.0.2.7&token=a=b", "192.0.2.7"),
            ("vestibule://provision?server=hou\r\n se.example&tok\nen=abc", "house.example"),
        ] {
            assert_eq!(read(pasted).map(|link| link.server).as_deref(), Ok(server), "{pasted}");
        }
    }

    #[test]
    fn the_core_gets_the_link_as_it_is() {
        let link = read(" vestibule://provision?server=house&token=abc ").unwrap();
        assert_eq!(link.whole.reveal(), "vestibule://provision?server=house&token=abc");
        assert!(!format!("{link:?}").contains("abc"));
    }

    #[test]
    fn what_is_no_link_is_refused() {
        let long = format!("vestibule://provision?server=house&token={}", "a".repeat(LONGEST));
        for (pasted, why) in [
            ("", BadLink::Empty),
            (" \n", BadLink::Empty),
            ("hello", BadLink::NotALink),
            ("https://example.org/?server=house&token=abc", BadLink::NotALink),
            ("vestibule://provision", BadLink::NotALink),
            ("vestibule://provisioning?server=house&token=abc", BadLink::NotALink),
            ("vestibule:provision?server=house&token=abc", BadLink::NotALink),
            (&long, BadLink::NotALink),
            ("vestibule://provision?", BadLink::Broken),
            ("vestibule://provision?server=house", BadLink::Broken),
            ("vestibule://provision?token=abc", BadLink::Broken),
            ("vestibule://provision?server=&token=abc", BadLink::Broken),
            ("vestibule://provision?server=house&token=", BadLink::Broken),
            ("vestibule://provision?server=house&server=evil&token=abc", BadLink::Broken),
            ("vestibule://provision?server=house&token=abc&token=def", BadLink::Broken),
            ("vestibule://provision?server=house&token=abc#more", BadLink::Broken),
            ("vestibule://provision?server=http%3A%2F%2Fhouse&token=abc", BadLink::Server),
            ("vestibule://provision?server=a@house&token=abc", BadLink::Server),
            ("vestibule://provision?server=house%2Fpath&token=abc", BadLink::Server),
            ("vestibule://provision?server=house%0&token=abc", BadLink::Server),
            ("vestibule://provision?server=%FF&token=abc", BadLink::Server),
            ("vestibule://provision?server=h%C3%B6use&token=abc", BadLink::Server),
        ] {
            assert_eq!(read(pasted).map(|link| link.server), Err(why), "{pasted}");
        }
    }
}
