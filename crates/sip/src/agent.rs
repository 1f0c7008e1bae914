use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use rsipstack::EndpointBuilder;
use rsipstack::sip::{Header, Method};
use rsipstack::transaction::TransactionReceiver;
use rsipstack::transaction::endpoint::EndpointOption;
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::udp::{UdpConnection, UdpInner};
use rsipstack::transport::{SipAddr, SipConnection, TransportLayer};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use vestibule_model::{Registration, SipAddress, SipTransport};

use crate::config::Config;
use crate::core::Core;
use crate::counters::{Counters, Tally};
use crate::dialog::DialogId;
use crate::error::{CallError, StartError};
use crate::flow::stack_transport;
use crate::incoming::{self, IncomingCall};
use crate::inspect::{Acks, Inspector};
use crate::message::{ALLOW, SDP, capabilities, new_tag, response};
use crate::outgoing::{self, OutgoingCall};
use crate::registrar::{self, Registrar};
use crate::registration;
use crate::resolve::Resolver;
use crate::trust::Trust;
use crate::uas::dismiss;
use crate::udp::GuardedSocket;

/// How many calls may wait for somebody to look at them.
const WAITING_CALLS: usize = 16;
/// How long goodbyes may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// A SIP user agent: it registers, takes calls and makes them. Everything ends when the last clone is dropped.
#[derive(Clone)]
pub struct UserAgent {
    core: Arc<Core>,
    _guard: Arc<DropGuard>,
}

impl UserAgent {
    /// Starts to listen, and to register when there is an account.
    ///
    /// The receiver yields the calls that ring here. Calls that nobody takes off it are answered 480.
    pub async fn start(config: Config) -> Result<(Self, mpsc::Receiver<IncomingCall>), StartError> {
        if let Some(account) = &config.account {
            account.settings.check()?;
        }
        let listen_error = |source| StartError::Listen { address: config.listen, source };
        let (udp, tcp) = bind(config.listen).await.map_err(listen_error)?;
        let listen = udp.local_addr().map_err(listen_error)?;
        let (tally, acks) = (Arc::new(Tally::default()), Arc::new(Acks::default()));
        let token = CancellationToken::new();
        let listeners = TaskTracker::new();
        let socket = GuardedSocket::new(udp, listeners.clone(), tally.clone(), config.user_agent.clone());
        let socket = Arc::new(socket.map_err(listen_error)?);
        let address = SipAddr::new(stack_transport(SipTransport::Udp), listen.into());
        let inner = UdpInner { conn: socket.clone(), addr: address };
        let udp: SipConnection = UdpConnection::attach(inner, None, Some(token.clone())).await.into();
        let transport = TransportLayer::new(token.clone());
        transport.add_transport(udp.clone());
        let known = Arc::new(OnceLock::new());
        let endpoint = EndpointBuilder::new()
            .with_user_agent(&config.user_agent)
            .with_transport_layer(transport)
            .with_cancel_token(token.clone())
            .with_transport_inspector(Box::new(Inspector::new(tally.clone(), acks.clone(), known.clone())))
            // The ACK of a 2xx belongs to the dialog, which knows its way.
            .with_option(EndpointOption { auto_ack_2xx: false, ..EndpointOption::default() })
            .build();
        known.set(Arc::downgrade(&endpoint.inner)).ok();
        let requests = endpoint.incoming_transactions().map_err(|e| StartError::Stack(e.to_string()))?;
        let (incoming, calls) = mpsc::channel(WAITING_CALLS);
        let registers = config.account.clone().filter(|_| config.registrar.is_none());
        let first = if registers.is_some() { Registration::Registering } else { Registration::NotConfigured };
        let core = Arc::new(Core {
            endpoint: endpoint.inner.clone(),
            udp,
            socket,
            listen,
            user_agent: config.user_agent,
            instance: config.instance,
            account: config.account,
            resolver: Resolver::default(),
            tally,
            acks,
            streams: Mutex::default(),
            trust: RwLock::new(Trust { direct: config.direct_peers, ..Trust::default() }),
            registered: RwLock::default(),
            directory: Mutex::default(),
            ringing: Mutex::default(),
            incoming,
            registrar: config.registrar.map(Registrar::new),
            registration: watch::Sender::new(first),
            wake: Notify::new(),
            stopping: token.child_token(),
            token: token.clone(),
            farewells: TaskTracker::new(),
            listeners,
        });
        tokio::spawn(async move { endpoint.serve().await });
        core.listeners.spawn(core.clone().accept(tcp));
        core.run(dispatch(core.clone(), requests));
        if let Some(account) = registers {
            core.farewells.spawn(registration::run(core.clone(), account));
        }
        Ok((Self { core, _guard: Arc::new(token.drop_guard()) }, calls))
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.core.listen
    }

    /// How the account stands with its registrar.
    pub fn registration(&self) -> watch::Receiver<Registration> {
        self.core.registration.subscribe()
    }

    /// The users that are registered here, in the order of their names; always empty without the role of a
    /// registrar.
    pub fn bindings(&self) -> watch::Receiver<Vec<String>> {
        match &self.core.registrar {
            Some(registrar) => registrar.users(),
            None => watch::Sender::new(Vec::new()).subscribe(),
        }
    }

    /// What was seen since the start.
    pub fn counters(&self) -> Counters {
        self.core.tally.read()
    }

    /// Replaces the addresses that may call past the registrar.
    pub fn set_direct_peers(&self, peers: Vec<IpAddr>) {
        self.core.trust.write().direct = peers;
    }

    /// The address of this machine that a session description should name, as seen by `towards`, or by the
    /// server when there is no `towards`.
    pub async fn local_ip(&self, towards: Option<IpAddr>) -> IpAddr {
        let server = || {
            let registered =
                self.core.registered.read().as_ref().map(|registered| registered.flow.remote.ip());
            registered.or_else(|| self.core.trust.read().servers.first().map(SocketAddr::ip))
        };
        // Any address of the Internet chooses the default route; nothing is sent there (RFC 5737).
        let towards = towards.or_else(server).unwrap_or(Ipv4Addr::new(192, 0, 2, 1).into());
        self.core.local_ip(towards)
    }

    /// Calls `to`: through the registrar; in the role of a registrar at the user's binding; else straight.
    pub async fn dial(&self, to: &SipAddress, offer: Bytes) -> Result<OutgoingCall, CallError> {
        if self.core.stopping.is_cancelled() {
            return Err(CallError::Over);
        }
        outgoing::dial(&self.core, to, offer).await
    }

    /// Registers again at once: the network changed, or the user asks.
    pub fn re_register(&self) {
        self.core.wake.notify_one();
    }

    /// Ends the calls, gives the registration back, and frees the port. Takes two seconds at most.
    pub async fn stop(&self) {
        self.core.stopping.cancel();
        self.core.farewells.close();
        timeout(GOODBYE, self.core.farewells.wait()).await.ok();
        self.core.registration.send_if_modified(|state| {
            let registered = !matches!(state, Registration::Unregistered | Registration::NotConfigured);
            if registered {
                *state = Registration::Unregistered;
            }
            registered
        });
        self.core.token.cancel();
        self.core.socket.close();
        self.core.listeners.close();
        timeout(GOODBYE, self.core.listeners.wait()).await.ok();
    }
}

/// Binds both transports to the same port.
async fn bind(listen: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut tries = 0;
    loop {
        let udp = UdpSocket::bind(listen).await?;
        match TcpListener::bind(udp.local_addr()?).await {
            Ok(tcp) => return Ok((udp, tcp)),
            // The port that was free for datagrams is taken for connections.
            Err(_) if listen.port() == 0 && tries < 20 => tries += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Hands requests to those who wait for them.
async fn dispatch(core: Arc<Core>, mut requests: TransactionReceiver) {
    while let Some(mut transaction) = requests.recv().await {
        let method = transaction.original.method;
        if let Some(id) = DialogId::of_request(&transaction.original) {
            let inbox = core.directory.lock().get(&id).cloned();
            let Some(inbox) = inbox else {
                tracing::debug!(call_id = id.call_id(), %method, "no such call");
                refuse(&core, transaction, 481).await;
                continue;
            };
            if let Err(returned) = inbox.send(transaction) {
                refuse(&core, returned.0, 481).await;
            }
            continue;
        }
        match (method, &core.registrar) {
            (Method::Invite, _) => incoming::begin(&core, transaction),
            (Method::Options, _) => {
                let mut headers = capabilities();
                headers.push(Header::Accept(SDP.into()));
                reply(&core, &mut transaction, 200, headers).await;
            }
            (Method::Register, Some(registrar)) => registrar::register(&core, registrar, transaction).await,
            (Method::Bye | Method::Info | Method::Update | Method::PRack, _) => {
                reply(&core, &mut transaction, 481, Vec::new()).await;
            }
            _ => reply(&core, &mut transaction, 405, vec![Header::Allow(ALLOW.into())]).await,
        }
    }
}

async fn refuse(core: &Arc<Core>, mut transaction: Transaction, status: u16) {
    match transaction.original.method {
        Method::Invite => dismiss(core, transaction, status, Vec::new()),
        _ => reply(core, &mut transaction, status, Vec::new()).await,
    }
}

async fn reply(core: &Core, transaction: &mut Transaction, status: u16, extra: Vec<Header>) {
    let answer = response(&transaction.original, status, &new_tag(), &core.user_agent, extra, None);
    transaction.respond(answer).await.ok();
}
