//! What a site server and its links say.

use vestibule_cloud::{EventLines, ProvisioningLink, ServerAddress};

/// Events are the same however they are cut.
pub(crate) fn event_lines(bytes: &[u8]) {
    let whole = EventLines::default().push(bytes);
    let mut lines = EventLines::default();
    let parts: Result<Vec<_>, _> = bytes.chunks(3).map(|part| lines.push(part)).collect();
    assert_eq!(whole.ok(), parts.ok().map(|parts| parts.concat()));
}

/// A link that is taken names a server that an address can name.
pub(crate) fn provisioning_link(bytes: &[u8]) {
    let Some(link) = text(bytes).and_then(|text| text.parse::<ProvisioningLink>().ok()) else { return };
    assert_eq!(link.server.as_str().parse().as_ref(), Ok(&link.server));
    assert!(!link.token.is_empty());
}

/// An address that is taken is the same after it was written and read again, and goes nowhere in clear.
pub(crate) fn server_address(bytes: &[u8]) {
    let Some(address) = text(bytes).and_then(|text| text.parse::<ServerAddress>().ok()) else { return };
    assert_eq!(address.as_str().parse().as_ref(), Ok(&address));
    assert!(address.as_str().starts_with("https://") || address.as_str().starts_with("http://"));
    assert!(!address.host().is_empty());
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
