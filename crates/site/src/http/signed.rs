use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use rusqlite::Connection;
use vestibule_model::api::{Device, ProblemCode};
use vestibule_model::{Secret, Timestamp};

use crate::app::App;
use crate::db::table::{device, page_session, session};
use crate::http::Failure;
use crate::token::Digest;
use crate::viewer::Viewer;

/// A request of a user who is signed in.
///
/// It was so when the request came. A handler asks again in its own transaction, by [`Self::viewer`], so that what is
/// read or written is what this user may, at that moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed {
    proof: Proof,
    /// When the access token ends.
    pub(crate) until: Timestamp,
}

/// What says who it is.
#[derive(Clone, Copy, Debug)]
enum Proof {
    /// An access token, and what the device calls itself.
    Token { access: Digest, device: Digest },
    /// The cookie of the pages.
    Cookie(Digest),
}

/// A request of a device at a door.
pub(crate) struct Door(pub(crate) Device);

/// Where a request comes from.
pub(crate) struct Peer(pub(crate) IpAddr);

impl Signed {
    /// Somebody who is signed in on the pages.
    pub(crate) fn by_cookie(cookie: Digest, until: Timestamp) -> Self {
        Self { proof: Proof::Cookie(cookie), until }
    }

    /// What the device calls itself, as a digest. On the pages that is no phone's.
    pub(crate) fn handle(&self) -> Digest {
        match self.proof {
            Proof::Token { device, .. } => device,
            Proof::Cookie(cookie) => cookie,
        }
    }

    /// Who it is, if still so.
    pub(crate) fn viewer(&self, connection: &Connection, now: Timestamp) -> Result<Viewer, Failure> {
        let found = match self.proof {
            Proof::Token { access, device } => session::viewer(connection, access, device, now)?,
            Proof::Cookie(cookie) => page_session::viewer(connection, cookie, now)?,
        };
        found.map(|(viewer, _)| viewer).ok_or(Failure::Told(ProblemCode::TokenInvalid))
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let refused = || Failure::Told(ProblemCode::TokenInvalid);
        let access = bearer(&parts.headers).ok_or_else(refused)?;
        let device = parts.headers.get("Vestibule-Device").and_then(|device| device.to_str().ok());
        let device = Digest::of(device.ok_or_else(refused)?);
        let now = app.now();
        let found = app.read(move |db| Ok(session::viewer(db, access, device, now)?)).await?;
        let (_, until) = found.ok_or_else(refused)?;
        Ok(Self { proof: Proof::Token { access, device }, until })
    }
}

impl FromRequestParts<Arc<App>> for Door {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let refused = || Failure::Told(ProblemCode::TokenInvalid);
        let token = bearer(&parts.headers).ok_or_else(refused)?;
        let found = app.read(move |db| Ok(device::by_token(db, token)?)).await?;
        found.map(Self).ok_or_else(refused)
    }
}

impl FromRequestParts<Arc<App>> for Peer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        if app.config.behind_proxy
            && let Some(address) = forwarded(&parts.headers)
        {
            return Ok(Self(network(address)));
        }
        let ConnectInfo(address) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(|error| Failure::Internal(error.into()))?;
        Ok(Self(network(address.ip())))
    }
}

/// The last address is the one that our own proxy wrote; those before it are whatever the caller says.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("X-Forwarded-For").iter().next_back()?;
    list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Whoever has one address of IPv6 has the 2^64 beside it as well (RFC 6177), so these count as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) if six.to_ipv4_mapped().is_none() => {
            Ipv6Addr::from_bits(six.to_bits() & (!0 << 64)).into()
        }
        other => other.to_canonical(),
    }
}

/// What a device calls itself, as a digest: 16 to 64 letters, digits and hyphens.
pub(crate) fn device_digest(device: &Secret) -> Result<Digest, Failure> {
    let text = device.reveal();
    let fits = (16..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(Digest::of(text)) } else { Err(Failure::value("device")) }
}

fn bearer(headers: &HeaderMap) -> Option<Digest> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| Digest::of(token.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_line_count_as_one() {
        for (one, other, same) in [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
        ] {
            let [one, other] = [one, other].map(|text| network(text.parse().unwrap()));
            assert_eq!(one == other, same, "{one} {other}");
        }
    }

    #[test]
    fn of_what_proxies_say_the_last_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        headers.append("X-Forwarded-For", "198.51.100.7".parse().unwrap());
        headers.append("X-Forwarded-For", "203.0.113.9, 192.0.2.1".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("192.0.2.1".parse().unwrap()));
        headers.append("X-Forwarded-For", "unknown".parse().unwrap());
        assert_eq!(forwarded(&headers), None);
    }
}
