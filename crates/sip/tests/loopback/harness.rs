use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use vestibule_model::{Registration, Secret, SipAccount, SipTransport};
use vestibule_sip::{
    Account, Call, CallEvent, Config, DigestAlgorithm, IncomingCall, OutgoingCall, Progress, RegistrarConfig,
    UserAgent,
};

/// What both sides send as a session description; this crate does not look into it.
pub(crate) const OFFER: Bytes = Bytes::from_static(b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=offer\r\n");
pub(crate) const ANSWER: Bytes = Bytes::from_static(b"v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=answer\r\n");

/// A user agent with the calls that ring at it.
pub(crate) struct Side {
    pub(crate) agent: UserAgent,
    pub(crate) calls: mpsc::Receiver<IncomingCall>,
}

pub(crate) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

pub(crate) fn config() -> Config {
    Config {
        account: None,
        listen: loopback(),
        direct_peers: Vec::new(),
        registrar: None,
        instance: "urn:uuid:00000000-0000-4000-8000-000000000012".into(),
        user_agent: "vestibule-test".into(),
    }
}

pub(crate) async fn start(config: Config) -> Side {
    let (agent, calls) = UserAgent::start(config).await.unwrap();
    Side { agent, calls }
}

/// The intercom's side: a registrar that knows flat12.
pub(crate) async fn registrar(algorithm: DigestAlgorithm, listen: SocketAddr) -> Side {
    let users = vec![("flat12".to_owned(), Secret::new("right"))];
    let registrar = Some(RegistrarConfig { realm: "house".into(), users, algorithm });
    let mut identity = account("door", "127.0.0.1", loopback());
    identity.settings.servers.clear();
    identity.settings.display_name = Some("Main entrance".into());
    start(Config { registrar, listen, account: Some(identity), ..config() }).await
}

pub(crate) fn account(user: &str, domain: &str, server: SocketAddr) -> Account {
    Account {
        settings: SipAccount {
            user: user.into(),
            domain: domain.into(),
            servers: vec![server.to_string()],
            auth_user: None,
            display_name: None,
            transport: SipTransport::Udp,
            dtmf: Default::default(),
            codecs: SipAccount::default_codecs(),
            expires: 60,
        },
        password: Secret::new("right"),
    }
}

/// The resident's side, registered.
pub(crate) async fn resident(server: SocketAddr, transport: SipTransport) -> Side {
    let mut account = account("flat12", "127.0.0.1", server);
    account.settings.transport = transport;
    let side = start(Config { account: Some(account), ..config() }).await;
    registered(&side.agent).await;
    side
}

/// The registrar and the resident's side.
pub(crate) async fn house(transport: SipTransport) -> (Side, Side) {
    let door = registrar(DigestAlgorithm::Sha256, loopback()).await;
    let flat = resident(door.agent.local_addr(), transport).await;
    (door, flat)
}

/// Bounds a wait; a test that hangs says where.
pub(crate) async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(60), event).await.unwrap_or_else(|_| panic!("no {what}"))
}

pub(crate) async fn wait_until(
    mut state: watch::Receiver<Registration>,
    wanted: impl Fn(&Registration) -> bool,
) -> Registration {
    let state = soon("registration state", state.wait_for(|state| wanted(state))).await;
    state.unwrap().clone()
}

pub(crate) async fn registered(agent: &UserAgent) {
    wait_until(agent.registration(), |state| matches!(state, Registration::Registered { .. })).await;
}

/// The door calls the flat; both sides while it rings.
pub(crate) async fn ring(door: &Side, flat: &mut Side) -> (OutgoingCall, IncomingCall) {
    let to = "flat12@127.0.0.1".parse().unwrap();
    let mut outgoing = door.agent.dial(&to, OFFER).await.unwrap();
    let mut incoming = soon("call", flat.calls.recv()).await.unwrap();
    incoming.ring(None).await.unwrap();
    loop {
        match soon("ringing", outgoing.next()).await {
            Progress::Trying => {}
            Progress::Ringing { early: None } => return (outgoing, incoming),
            _ => panic!("no ringing"),
        }
    }
}

/// The same, answered.
pub(crate) async fn talk(door: &Side, flat: &mut Side) -> (Call, Call) {
    let (outgoing, incoming) = ring(door, flat).await;
    let callee = incoming.answer(ANSWER).await.unwrap();
    (answered(outgoing).await, callee)
}

pub(crate) async fn answered(mut outgoing: OutgoingCall) -> Call {
    match soon("answer", outgoing.next()).await {
        Progress::Answered { call, sdp } => {
            assert_eq!(sdp, ANSWER);
            call
        }
        Progress::Failed(error) => panic!("failed: {error}"),
        _ => panic!("no answer"),
    }
}

pub(crate) async fn refused(mut outgoing: OutgoingCall) -> (u16, String) {
    match soon("refusal", outgoing.next()).await {
        Progress::Refused { status, reason } => (status, reason),
        _ => panic!("no refusal"),
    }
}

pub(crate) async fn event(call: &mut Call) -> CallEvent {
    soon("event of the call", call.next()).await
}

/// A peer that speaks bytes.
pub(crate) struct Raw(UdpSocket);

impl Raw {
    pub(crate) async fn open() -> Self {
        Self(UdpSocket::bind(loopback()).await.unwrap())
    }

    pub(crate) async fn send(&self, text: &str, to: SocketAddr) {
        self.0.send_to(text.as_bytes(), to).await.unwrap();
    }

    /// The next message that starts with `start`; others are skipped.
    pub(crate) async fn expect(&self, start: &str) -> String {
        soon(start, async {
            loop {
                let mut buffer = vec![0; 4096];
                let (length, _) = self.0.recv_from(&mut buffer).await.unwrap();
                let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
                if text.starts_with(start) {
                    return text;
                }
            }
        })
        .await
    }

    /// A request with the headers that every request has.
    pub(crate) fn request(&self, method: &str, to: &str, call_id: &str, more: &str, body: &str) -> String {
        let me = self.0.local_addr().unwrap();
        let length = body.len();
        let number = if method == "INVITE" || method == "ACK" || method == "CANCEL" { 1 } else { 2 };
        format!(
            "{method} sip:flat12@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {me};branch=z9hG4bK{call_id}{number};rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:raw@{me}>;tag=raw\r\nTo: {to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {number} {method}\r\nContact: <sip:raw@{me}>\r\n{more}Content-Length: {length}\r\n\r\n{body}"
        )
    }
}

/// The value of a header in a message.
pub(crate) fn header(message: &str, name: &str) -> String {
    let line = message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {message}")).to_owned()
}
