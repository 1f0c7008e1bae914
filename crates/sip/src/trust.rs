//! Who may ring: the registrar, and who is listed.

use std::net::{IpAddr, SocketAddr};

use crate::incoming::Arrival;

/// How a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// As a datagram.
    Datagram,
    /// Over the connection that the registration went out on.
    RegisteredFlow,
    /// Over any other connection.
    Stream,
}

/// What is known about those who may ring.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    /// The addresses that the account's servers were resolved to.
    pub(crate) servers: Vec<SocketAddr>,
    /// The account's servers are spoken to over TCP.
    pub(crate) servers_over_tcp: bool,
    /// Addresses that may call past the registrar.
    pub(crate) direct: Vec<IpAddr>,
    /// Where users are bound who registered here, in the role of a registrar.
    pub(crate) bound: Vec<SocketAddr>,
}

impl Trust {
    /// How a caller at `source` may ring; `None` for a stranger.
    ///
    /// A server's datagrams come from the very port that it is registered with. Its connections come from any
    /// port, so there the address alone counts, and only when the account uses TCP.
    pub(crate) fn arrival(&self, source: SocketAddr, over: Over) -> Option<Arrival> {
        let address = source.ip().to_canonical();
        let same = |known: &SocketAddr| known.ip().to_canonical() == address;
        let by_server = match over {
            Over::RegisteredFlow => true,
            Over::Datagram => self.servers.iter().any(|s| same(s) && s.port() == source.port()),
            Over::Stream => self.servers_over_tcp && self.servers.iter().any(same),
        };
        if by_server || self.bound.iter().any(|b| same(b) && b.port() == source.port()) {
            return Some(Arrival::Registrar);
        }
        self.direct.iter().any(|d| d.to_canonical() == address).then_some(Arrival::Direct)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_does_not_ring() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        let trust = Trust {
            servers: vec![at("192.0.2.1:5060"), at("[::ffff:192.0.2.2]:5060")],
            servers_over_tcp: false,
            direct: vec!["192.0.2.7".parse().unwrap()],
            bound: vec![at("192.0.2.9:6000")],
        };
        let over_tcp = Trust { servers_over_tcp: true, ..trust.clone() };
        use Arrival::{Direct, Registrar};
        for (source, over, expected, with_tcp) in [
            ("192.0.2.1:5060", Over::Datagram, Some(Registrar), Some(Registrar)),
            ("192.0.2.2:5060", Over::Datagram, Some(Registrar), Some(Registrar)),
            ("192.0.2.1:5061", Over::Datagram, None, None),
            ("192.0.2.1:40000", Over::Stream, None, Some(Registrar)),
            ("192.0.2.3:5060", Over::Stream, None, None),
            ("192.0.2.3:5060", Over::Datagram, None, None),
            ("192.0.2.3:5060", Over::RegisteredFlow, Some(Registrar), Some(Registrar)),
            ("192.0.2.7:1", Over::Datagram, Some(Direct), Some(Direct)),
            ("[::ffff:192.0.2.7]:1", Over::Stream, Some(Direct), Some(Direct)),
            ("192.0.2.9:6000", Over::Datagram, Some(Registrar), Some(Registrar)),
            ("192.0.2.9:6001", Over::Datagram, None, None),
        ] {
            assert_eq!(trust.arrival(at(source), over), expected, "{source} {over:?}");
            assert_eq!(over_tcp.arrival(at(source), over), with_tcp, "{source} {over:?} over TCP");
        }
    }
}
