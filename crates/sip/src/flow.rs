use std::net::SocketAddr;

use rsipstack::sip::{Header, Request, Transport};
use rsipstack::transport::{SipAddr, SipConnection};
use tokio_util::sync::CancellationToken;
use vestibule_model::SipTransport;

use crate::message::new_branch;

/// A way to one peer: datagrams to its address, or the connection with it.
#[derive(Clone)]
pub(crate) struct Flow {
    pub(crate) connection: SipConnection,
    pub(crate) transport: SipTransport,
    /// Our end: of the connection, or where datagrams leave.
    pub(crate) local: SocketAddr,
    /// Where others may open connections or send datagrams to.
    pub(crate) reachable: SocketAddr,
    /// The peer's end.
    pub(crate) remote: SocketAddr,
    /// Cancelled when the connection is gone; never for datagrams.
    pub(crate) closed: CancellationToken,
}

impl Flow {
    /// The destination as the stack wants it.
    pub(crate) fn destination(&self) -> SipAddr {
        SipAddr::new(stack_transport(self.transport), self.remote.into())
    }

    /// Puts a Via with a fresh branch, or the given one, on top (RFC 3261 section 8.1.1.7, RFC 3581).
    pub(crate) fn sign(&self, request: &mut Request, branch: Option<&str>) {
        let branch = branch.map_or_else(new_branch, str::to_owned);
        let name = match self.transport {
            SipTransport::Udp => "UDP",
            SipTransport::Tcp => "TCP",
        };
        let via = format!("SIP/2.0/{name} {};branch={branch};rport", self.reachable);
        request.headers.push_front(Header::Via(via.into()));
    }

    /// A SIP URI of ours that leads back over this way.
    pub(crate) fn contact(&self, user: &str, address: SocketAddr) -> String {
        match self.transport {
            SipTransport::Udp => format!("sip:{user}@{address}"),
            SipTransport::Tcp => format!("sip:{user}@{address};transport=tcp"),
        }
    }

    /// Whether both lead to the same peer in the same way.
    pub(crate) fn is_same(&self, other: &Flow) -> bool {
        self.transport == other.transport && self.remote == other.remote && self.local == other.local
    }
}

/// A transport by the stack's name.
pub(crate) fn stack_transport(transport: SipTransport) -> Transport {
    match transport {
        SipTransport::Udp => Transport::Udp,
        SipTransport::Tcp => Transport::Tcp,
    }
}
