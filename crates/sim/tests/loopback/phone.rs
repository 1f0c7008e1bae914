//! An intercom with its registrar, and a phone that is registered there.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use vestibule_media::audio::{Devices, Sink, Source};
use vestibule_media::picture::Decoder;
use vestibule_media::sdp::{self, Direction, Negotiated, Preferences, Session};
use vestibule_media::{Leg, LegEvent, Sending};
use vestibule_model::{DtmfMode, Registration, Secret, SipAccount, SipTransport, SwitchKind};
use vestibule_sim::burn::{self, Stamp};
use vestibule_sim::offer::Poverty;
use vestibule_sim::relay::SwitchSpec;
use vestibule_sim::report::Report;
use vestibule_sim::{CallWhen, Intercom, Setup};
use vestibule_sip::{Account, Call, Config, DigestAlgorithm, IncomingCall, RegistrarConfig, UserAgent};

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Longer than anything here takes on a busy machine; reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

fn account(user: &str, servers: Vec<String>, password: &str) -> Account {
    Account {
        settings: SipAccount {
            user: user.to_owned(),
            domain: HERE.to_string(),
            servers,
            auth_user: None,
            display_name: (user == "door").then(|| "Main entrance".to_owned()),
            transport: SipTransport::Udp,
            dtmf: DtmfMode::default(),
            codecs: SipAccount::default_codecs(),
            expires: 600,
        },
        password: Secret::new(password),
    }
}

fn config(account: Account, registrar: Option<RegistrarConfig>) -> Config {
    Config {
        account: Some(account),
        listen: SocketAddr::new(HERE, 0),
        direct_peers: Vec::new(),
        registrar,
        instance: "urn:uuid:00000000-0000-4000-8000-000000000001".to_owned(),
        user_agent: "vestibule-test".to_owned(),
    }
}

/// An intercom that rings as soon as the phone is registered.
pub(crate) fn setup() -> Setup {
    let users = vec![("flat12".to_owned(), Secret::new("let me in"))];
    let algorithm = DigestAlgorithm::Sha256;
    let registrar = RegistrarConfig { realm: HERE.to_string(), users, algorithm };
    let switch = |name: &str, kind, code: &str| SwitchSpec {
        name: name.to_owned(),
        kind,
        code: code.parse().unwrap(),
    };
    Setup {
        sip: config(account("door", Vec::new(), ""), Some(registrar)),
        callee: format!("flat12@{HERE}").parse().unwrap(),
        switches: vec![
            switch("Main door", SwitchKind::Door, "00*"),
            switch("Garage", SwitchKind::Gate, "11*"),
        ],
        hold: Duration::from_millis(300),
        poverty: Poverty::default(),
        early_media: false,
        call_when: CallWhen::Registered,
        hang_up_after: None,
        record: None,
    }
}

/// An intercom with what it reports.
pub(crate) struct Sim {
    pub(crate) intercom: Intercom,
    reports: mpsc::UnboundedReceiver<Report>,
}

impl Sim {
    pub(crate) async fn start(setup: Setup) -> Self {
        let (intercom, reports) = Intercom::start(setup).await.unwrap();
        Self { intercom, reports }
    }

    /// Waits for the first report that is wanted; what comes before is passed over.
    pub(crate) async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&Report) -> Option<T>) -> T {
        let mut seen = Vec::new();
        let search = async {
            while let Some(report) = self.reports.recv().await {
                if let Some(found) = wanted(&report) {
                    return Some(found);
                }
                seen.push(report);
            }
            None
        };
        match timeout(PATIENCE, search).await {
            Ok(Some(found)) => found,
            _ => panic!("waited in vain for {what}; reported were {seen:?}"),
        }
    }

    /// Ends it, and gives what it reported last.
    pub(crate) async fn stop(mut self) -> Vec<Report> {
        self.intercom.stop().await;
        let mut rest = Vec::new();
        while let Some(report) = self.reports.recv().await {
            rest.push(report);
        }
        rest
    }
}

/// A resident's phone.
pub(crate) struct Phone {
    pub(crate) agent: UserAgent,
    incoming: mpsc::Receiver<IncomingCall>,
}

impl Phone {
    pub(crate) async fn register(server: SocketAddr) -> Self {
        let config = config(account("flat12", vec![server.to_string()], "let me in"), None);
        let (agent, incoming) = UserAgent::start(config).await.unwrap();
        let mut registration = agent.registration();
        let registered = registration.wait_for(|state| matches!(state, Registration::Registered { .. }));
        soon("the registration", registered).await.unwrap();
        Self { agent, incoming }
    }

    /// The call that rings.
    pub(crate) async fn rung(&mut self) -> IncomingCall {
        soon("the call", self.incoming.recv()).await.expect("the user agent ended")
    }
}

/// A phone's end of the media.
pub(crate) struct Ear {
    pub(crate) leg: Leg,
    events: mpsc::Receiver<LegEvent>,
    decoder: Decoder,
    /// Whether pictures were passed over, so that only a key frame can be decoded.
    broken: bool,
}

impl Ear {
    pub(crate) async fn open() -> Self {
        let (leg, events) = Leg::bind(HERE).await.unwrap();
        Self { leg, events, decoder: Decoder::new().unwrap(), broken: false }
    }

    pub(crate) fn answer(&self, offer: &[u8]) -> Negotiated {
        sdp::answer(offer, &self.leg.next_local(), &Preferences::default()).unwrap()
    }

    /// An offer of ours, with video that is received or nothing at all.
    pub(crate) fn offer(&self, video: Direction) -> bytes::Bytes {
        sdp::offer(&self.leg.next_local(), &Preferences { video: Some(video), ..Preferences::default() })
    }

    pub(crate) fn begin(&self, session: Session) {
        self.leg.apply(session);
        self.leg.set_sending(Sending::Silence);
    }

    /// Plays a file to the intercom.
    pub(crate) fn speak(&self, file: &std::path::Path) {
        let devices = Devices { input: Source::Wav(file.to_owned()), output: Sink::Silence };
        assert!(self.leg.open_audio(&devices).microphone);
        self.leg.set_sending(Sending::Microphone);
    }

    /// The stamp of the next picture, and whether it is a key frame.
    pub(crate) async fn see(&mut self) -> (Stamp, bool) {
        let events = &mut self.events;
        let decoder = &mut self.decoder;
        let search = async {
            loop {
                let Some(event) = events.recv().await else { panic!("the leg ended") };
                let LegEvent::Video(unit) = event else { continue };
                if std::mem::replace(&mut self.broken, false) && !unit.key {
                    self.broken = true;
                    continue;
                }
                if let Some(picture) = decoder.decode(&unit.data).unwrap() {
                    let stamp = burn::read(picture.data(), usize::from(picture.width()));
                    return (stamp.expect("a stamp in every picture"), unit.key);
                }
            }
        };
        soon("a picture", search).await
    }

    /// Passes over the pictures that are there already, and on to the next key frame.
    pub(crate) async fn see_key(&mut self) -> Stamp {
        while self.events.try_recv().is_ok() {}
        self.broken = true;
        self.see().await.0
    }
}

/// An answered call with media that runs.
pub(crate) struct Talk {
    pub(crate) sim: Sim,
    pub(crate) phone: Phone,
    pub(crate) call: Call,
    pub(crate) ear: Ear,
}

impl Talk {
    /// The intercom rings, the phone answers.
    pub(crate) async fn begin(setup: Setup) -> Self {
        let mut sim = Sim::start(setup).await;
        let mut phone = Phone::register(sim.intercom.local_addr()).await;
        let mut ringing = phone.rung().await;
        ringing.ring(None).await.unwrap();
        let ear = Ear::open().await;
        let negotiated = ear.answer(ringing.offer().unwrap());
        let call = ringing.answer(negotiated.sdp).await.unwrap();
        ear.begin(negotiated.session);
        sim.until("the answer", |report| matches!(report, Report::Answered { .. }).then_some(())).await;
        Self { sim, phone, call, ear }
    }

    /// The phone hangs up; gives the intercom's last words on the call.
    pub(crate) async fn end(mut self) -> Report {
        self.call.control().hang_up().await;
        let ended = |report: &Report| matches!(report, Report::Ended { .. }).then(|| report.clone());
        let last = self.sim.until("the end", ended).await;
        self.ear.leg.close().await;
        self.phone.agent.stop().await;
        self.sim.stop().await;
        last
    }
}
