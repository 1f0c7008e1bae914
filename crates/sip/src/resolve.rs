//! From the names of servers to their addresses (RFC 3263).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rsipstack::resolver::SipResolver;
use rsipstack::sip::{Domain, Port};
use tokio::net::lookup_host;
use tokio::time::timeout;
use vestibule_model::{SipAccount, SipTransport};

use crate::flow::stack_transport;

/// How long a look-up may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a call waits for the look-up of its next hop.
const HOP: Duration = Duration::from_secs(1);
/// How long the address of a next hop is remembered.
const REMEMBERED: Duration = Duration::from_secs(60);

/// A host, the port if one was given, and the transport.
type Hop = (String, Option<u16>, SipTransport);

/// Looks servers up.
#[derive(Default)]
pub(crate) struct Resolver {
    /// Made when a name has to be looked up: reading the system's DNS settings takes time.
    dns: OnceLock<SipResolver>,
    /// The next hops of calls, so that a door code does not wait for a look-up.
    hops: Mutex<HashMap<Hop, (Instant, SocketAddr)>>,
}

impl Resolver {
    /// The addresses of one server, in the order to try them; empty when it has none.
    ///
    /// Without a port the SRV records are asked first (RFC 3263 section 4.2), then the addresses of the name
    /// itself.
    pub(crate) async fn servers(&self, host: &str, port: Option<u16>, by: SipTransport) -> Vec<SocketAddr> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return vec![SocketAddr::new(ip, port.unwrap_or(5060))];
        }
        let dns = self.dns.get_or_init(SipResolver::new);
        let domain = Domain(host.to_owned());
        let lookup = dns.lookup(&domain, port.map(Port::from), Some(stack_transport(by)), false);
        if let Ok(Ok(targets)) = timeout(PATIENCE, lookup).await
            && !targets.is_empty()
        {
            return targets.into_iter().map(|target| target.addr).collect();
        }
        // Names that only the system knows: multicast DNS, its own search list.
        match timeout(PATIENCE, lookup_host((host, port.unwrap_or(5060)))).await {
            Ok(Ok(addresses)) => addresses.collect(),
            _ => Vec::new(),
        }
    }

    /// The address of a next hop; `None` when it has none or the look-up takes longer than a call can wait.
    pub(crate) async fn hop(&self, host: &str, port: Option<u16>, by: SipTransport) -> Option<SocketAddr> {
        let key = (host.to_owned(), port, by);
        if let Some((at, address)) = self.hops.lock().get(&key).copied()
            && at.elapsed() < REMEMBERED
        {
            return Some(address);
        }
        let found = timeout(HOP, self.servers(host, port, by)).await.ok()?.into_iter().next()?;
        let mut hops = self.hops.lock();
        hops.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
        hops.insert(key, (Instant::now(), found));
        Some(found)
    }

    /// The addresses of all servers of an account, in the order to try them.
    pub(crate) async fn account(&self, account: &SipAccount) -> Vec<SocketAddr> {
        let mut addresses = Vec::new();
        for (host, port) in names(account) {
            for address in self.servers(&host, port, account.transport).await {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        addresses
    }
}

/// Hosts and ports that an account names.
fn names(account: &SipAccount) -> Vec<(String, Option<u16>)> {
    let named =
        if account.servers.is_empty() { std::slice::from_ref(&account.domain) } else { &account.servers };
    named.iter().map(|name| host_and_port(name)).collect()
}

fn host_and_port(name: &str) -> (String, Option<u16>) {
    match name.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') && (!host.contains(':') || host.ends_with(']')) => {
            match port.parse() {
                Ok(port) => (host.to_owned(), Some(port)),
                Err(_) => (name.to_owned(), None),
            }
        }
        _ => (name.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_with_or_without_a_port() {
        for (name, host, port) in [
            ("sip.example.org", "sip.example.org", None),
            ("sip.example.org:5080", "sip.example.org", Some(5080)),
            ("192.0.2.1:5080", "192.0.2.1", Some(5080)),
            ("[2001:db8::1]", "[2001:db8::1]", None),
            ("[2001:db8::1]:5080", "[2001:db8::1]", Some(5080)),
            ("2001:db8::1", "2001:db8::1", None),
        ] {
            assert_eq!(host_and_port(name), (host.to_owned(), port), "{name}");
        }
    }

    #[tokio::test]
    async fn addresses_need_no_look_up() {
        let resolver = Resolver::default();
        let found = resolver.servers("[2001:db8::1]", Some(5080), SipTransport::Udp).await;
        assert_eq!(found, ["[2001:db8::1]:5080".parse().unwrap()]);
        assert_eq!(
            resolver.servers("192.0.2.1", None, SipTransport::Tcp).await,
            ["192.0.2.1:5060".parse().unwrap()]
        );
    }
}
