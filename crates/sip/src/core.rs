use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket as BlockingSocket};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rsipstack::sip::uri::ParamsExt;
use rsipstack::sip::{Host, Transport as StackTransport, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::SipConnection;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::{Sender, UnboundedSender};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use vestibule_model::{Registration, SipTransport};

use crate::config::Account;
use crate::counters::Tally;
use crate::dialog::DialogId;
use crate::error::CallError;
use crate::flow::Flow;
use crate::incoming::{Arrival, IncomingCall};
use crate::inspect::Acks;
use crate::registrar::Registrar;
use crate::resolve::Resolver;
use crate::stream::{OpenedBy, StreamContext, serve};
use crate::trust::{Over, Trust};
use crate::udp::GuardedSocket;

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(4);
/// How many connections others may hold open with us; a house has fewer intercoms.
const MOST_STREAMS: usize = 128;

/// What all tasks of a user agent share.
pub(crate) struct Core {
    pub(crate) endpoint: EndpointInnerRef,
    pub(crate) udp: SipConnection,
    pub(crate) socket: Arc<GuardedSocket>,
    pub(crate) listen: SocketAddr,
    pub(crate) user_agent: String,
    pub(crate) instance: String,
    pub(crate) account: Option<Account>,
    pub(crate) resolver: Resolver,
    pub(crate) tally: Arc<Tally>,
    pub(crate) acks: Arc<Acks>,
    pub(crate) streams: Mutex<HashMap<SocketAddr, Flow>>,
    pub(crate) trust: RwLock<Trust>,
    pub(crate) registered: RwLock<Option<Registered>>,
    pub(crate) directory: Mutex<HashMap<DialogId, UnboundedSender<Transaction>>>,
    /// Call-ID, From-tag and CSeq of the INVITEs that ring.
    pub(crate) ringing: Mutex<HashSet<(String, String, u32)>>,
    pub(crate) incoming: Sender<IncomingCall>,
    pub(crate) registrar: Option<Registrar>,
    pub(crate) registration: watch::Sender<Registration>,
    pub(crate) wake: Notify,
    /// Cancelled when calls have to end and the registration has to be given back.
    pub(crate) stopping: CancellationToken,
    /// Cancelled when everything has to end.
    pub(crate) token: CancellationToken,
    /// What has to say goodbye before everything ends.
    pub(crate) farewells: TaskTracker,
    /// What keeps the port taken.
    pub(crate) listeners: TaskTracker,
}

/// The registration that holds now.
#[derive(Clone)]
pub(crate) struct Registered {
    pub(crate) flow: Flow,
    /// Our address as the registrar sees it.
    pub(crate) address: SocketAddr,
}

impl Core {
    /// Runs a task that nobody waits for, until it is done or everything ends.
    pub(crate) fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        let token = self.token.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = task => {}
                () = token.cancelled() => {}
            }
        });
    }

    /// The user part of our Contact.
    pub(crate) fn user(&self) -> &str {
        self.account.as_ref().map_or("vestibule", |account| account.settings.user.as_str())
    }

    /// The address of ours that packets for `towards` leave from.
    pub(crate) fn local_ip(&self, towards: IpAddr) -> IpAddr {
        let listen = self.listen.ip();
        if !listen.is_unspecified() {
            return listen;
        }
        // Connecting a datagram socket asks the routing table and sends nothing.
        let any: IpAddr =
            if towards.is_ipv6() { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
        let asked = BlockingSocket::bind((any, 0)).and_then(|socket| {
            socket.connect((towards, 9))?;
            socket.local_addr()
        });
        asked.map_or(Ipv4Addr::LOCALHOST.into(), |address| address.ip())
    }

    /// The way of datagrams to `remote`.
    pub(crate) fn datagrams(&self, remote: SocketAddr) -> Flow {
        let local = SocketAddr::new(self.local_ip(remote.ip()), self.listen.port());
        Flow {
            connection: self.udp.clone(),
            transport: SipTransport::Udp,
            local,
            reachable: local,
            remote,
            closed: CancellationToken::new(),
        }
    }

    /// The way that a request came.
    pub(crate) fn flow_of(&self, connection: &SipConnection) -> Option<Flow> {
        let remote = connection.get_remote_addr()?.get_socketaddr().ok()?;
        match connection {
            SipConnection::Udp(_) => Some(self.datagrams(remote)),
            _ => self.streams.lock().get(&remote).cloned(),
        }
    }

    /// A way to `remote`, over a connection that is open already or a new one.
    pub(crate) async fn flow_to(
        self: &Arc<Self>,
        remote: SocketAddr,
        by: SipTransport,
    ) -> Result<Flow, CallError> {
        if by == SipTransport::Udp {
            return Ok(self.datagrams(remote));
        }
        let open = self.streams.lock().get(&remote).filter(|flow| !flow.closed.is_cancelled()).cloned();
        if let Some(flow) = open {
            return Ok(flow);
        }
        let stream = match timeout(CONNECT, self.connect(remote)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(CallError::Unreachable(format!("{remote} ({error})"))),
            Err(_) => return Err(CallError::Unreachable(remote.to_string())),
        };
        self.adopt(stream, OpenedBy::Us).await.map_err(|e| CallError::Unreachable(format!("{remote} ({e})")))
    }

    /// The way to the next hop of a dialog that came over `origin` (RFC 3261 section 8.1.2).
    pub(crate) async fn flow_towards(self: &Arc<Self>, hop: &Uri, origin: &Flow) -> Flow {
        if origin.transport == SipTransport::Tcp && !origin.closed.is_cancelled() {
            return origin.clone();
        }
        let by = match hop.transport() {
            Some(StackTransport::Tcp) => SipTransport::Tcp,
            Some(StackTransport::Udp) => SipTransport::Udp,
            _ => origin.transport,
        };
        let port = hop.host_with_port.port.map(u16::from);
        let remote = match &hop.host_with_port.host {
            Host::IpAddr(ip) => Some(SocketAddr::new(*ip, port.unwrap_or(5060))),
            Host::Domain(name) => self.resolver.hop(&name.0, port, by).await,
        };
        match remote {
            Some(remote) => self.flow_to(remote, by).await.unwrap_or_else(|_| origin.clone()),
            None => origin.clone(),
        }
    }

    /// The URI for the Contact header of messages over `flow`.
    pub(crate) fn contact_uri(&self, flow: &Flow) -> String {
        let registered = self.registered.read();
        let seen = registered.as_ref().filter(|r| r.flow.is_same(flow)).map(|r| r.address);
        flow.contact(self.user(), seen.unwrap_or(flow.reachable))
    }

    /// How a caller over `flow` may ring; `None` for a stranger.
    pub(crate) fn arrival(&self, flow: &Flow) -> Option<Arrival> {
        let over = match flow.transport {
            SipTransport::Udp => Over::Datagram,
            SipTransport::Tcp => match self.registered.read().as_ref() {
                Some(registered) if registered.flow.is_same(flow) => Over::RegisteredFlow,
                _ => Over::Stream,
            },
        };
        self.trust.read().arrival(flow.remote, over)
    }

    /// Takes connections until the user agent ends.
    pub(crate) async fn accept(self: Arc<Self>, listener: TcpListener) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.token.cancelled() => return,
            };
            match accepted {
                Ok((stream, _)) if self.streams.lock().len() < MOST_STREAMS => {
                    if let Err(error) = self.adopt(stream, OpenedBy::Them).await {
                        tracing::debug!(%error, "connection not taken");
                    }
                }
                Ok((_, remote)) => tracing::warn!(%remote, "too many connections"),
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn connect(&self, remote: SocketAddr) -> io::Result<TcpStream> {
        let listen = self.listen.ip();
        let socket = if remote.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
        if !listen.is_unspecified() && listen.is_ipv6() == remote.is_ipv6() {
            socket.bind(SocketAddr::new(listen, 0))?;
        }
        socket.connect(remote).await
    }

    async fn adopt(self: &Arc<Self>, stream: TcpStream, opened_by: OpenedBy) -> rsipstack::Result<Flow> {
        let (local, remote) = (stream.local_addr()?, stream.peer_addr()?);
        let closed = self.token.child_token();
        let context = StreamContext {
            tally: self.tally.clone(),
            server: self.user_agent.clone(),
            closed: closed.clone(),
        };
        let connection = serve(stream, remote, opened_by, context).await?;
        let reachable = SocketAddr::new(local.ip(), self.listen.port());
        let transport = SipTransport::Tcp;
        let flow = Flow { connection, transport, local, reachable, remote, closed };
        self.streams.lock().insert(remote, flow.clone());
        self.endpoint.transport_layer.add_connection(flow.connection.clone());
        let (core, watched) = (Arc::downgrade(self), flow.clone());
        tokio::spawn(async move {
            watched.closed.cancelled().await;
            if let Some(core) = core.upgrade() {
                let mut streams = core.streams.lock();
                if streams.get(&remote).is_some_and(|known| known.is_same(&watched)) {
                    streams.remove(&remote);
                }
            }
        });
        Ok(flow)
    }
}
