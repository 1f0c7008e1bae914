//! The intercom as a whole: SIP, media and doors put together.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use vestibule_model::{Registration, SipAddress};
use vestibule_sip::{Config, IncomingCall, StartError, UserAgent};

use crate::call::{self, Desk, Order, not_done};
use crate::offer::Poverty;
use crate::panel::{self, Panel};
use crate::relay::SwitchSpec;
use crate::report::Report;
use crate::scene::{Scene, SceneError};
use crate::sound::{Sound, SoundError};
use crate::studio::Equipment;

/// How an intercom is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its place in the world of SIP. With `registrar` residents register with it; without, it registers its
    /// `account` with a server. Either way the account names it in its calls.
    pub sip: Config,
    /// Whom its button calls.
    pub callee: SipAddress,
    /// Its doors.
    pub switches: Vec<SwitchSpec>,
    /// How long a door stays open.
    pub hold: Duration,
    /// What it leaves out of its offers.
    pub poverty: Poverty,
    /// Whether it shows and hears before the answer, where the callee's side sends 183 with a description.
    pub early_media: bool,
    /// When it calls by itself.
    pub call_when: CallWhen,
    /// When it hangs up by itself, after the answer.
    pub hang_up_after: Option<Duration>,
    /// Where it writes what it hears, as a WAV file.
    pub record: Option<PathBuf>,
}

/// When the intercom calls by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallWhen {
    /// Never: only on [`Order::Call`].
    #[default]
    Ordered,
    /// Once, as soon as the callee is registered here, or the intercom itself with its server.
    Registered,
    /// Once, so long after the start.
    After(Duration),
}

/// Why an intercom did not start.
#[derive(Debug, Error)]
pub enum SimError {
    /// SIP did not start.
    #[error("SIP did not start")]
    Sip(#[from] StartError),
    /// There is nothing to show.
    #[error("the scene cannot be shown")]
    Scene(#[from] SceneError),
    /// There is nothing to hear.
    #[error("there is no sound")]
    Sound(#[from] SoundError),
}

/// An intercom that runs. Dropping it ends it without a goodbye; [`Intercom::stop`] says one.
#[derive(Debug)]
pub struct Intercom {
    local: SocketAddr,
    orders: mpsc::Sender<Order>,
    task: JoinHandle<()>,
}

impl Intercom {
    /// Starts it. The receiver tells all that it does, and ends when it is gone.
    ///
    /// # Errors
    /// The port is taken, or something that it shows or plays is missing.
    pub async fn start(setup: Setup) -> Result<(Self, mpsc::UnboundedReceiver<Report>), SimError> {
        let equipment = Equipment {
            scene: Arc::new(Scene::door()?),
            sound: Arc::new(Sound::write()?),
            poverty: setup.poverty,
            record: setup.record,
        };
        let is_registrar = setup.sip.registrar.is_some();
        let user =
            setup.sip.account.as_ref().map(|account| account.settings.user.clone()).unwrap_or_default();
        let (agent, incoming) = UserAgent::start(setup.sip).await?;
        let registered = match is_registrar {
            true => Registered::Residents(agent.bindings()),
            false => Registered::Own(agent.registration(), user),
        };
        let (reports, receiver) = mpsc::unbounded_channel();
        let (presses, pressed) = mpsc::unbounded_channel();
        tokio::spawn(panel::run(Panel::new(setup.switches, setup.hold), pressed, reports.clone()));
        let local = agent.local_addr();
        let desk = Desk {
            agent,
            callee: setup.callee,
            equipment,
            early_media: setup.early_media,
            hang_up_after: setup.hang_up_after,
            presses,
            reports,
        };
        desk.report(Report::Listening { sip: local.to_string() });
        let (orders, ordered) = mpsc::channel(16);
        let porter = Porter {
            desk: Arc::new(desk),
            registered,
            known: Vec::new(),
            calls_when_registered: setup.call_when == CallWhen::Registered,
            call: None,
        };
        let call_at = match setup.call_when {
            CallWhen::After(delay) => Some(Instant::now() + delay),
            CallWhen::Ordered | CallWhen::Registered => None,
        };
        let task = tokio::spawn(porter.run(ordered, incoming, call_at));
        Ok((Self { local, orders, task }, receiver))
    }

    /// Where it listens, UDP and TCP.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Does as it is told; what cannot be done is reported.
    pub async fn order(&self, order: Order) {
        self.orders.send(order).await.ok();
    }

    /// Hangs up, un-registers and ends.
    pub async fn stop(self) {
        drop(self.orders);
        self.task.await.ok();
    }
}

/// Whose registration matters.
enum Registered {
    Residents(watch::Receiver<Vec<String>>),
    Own(watch::Receiver<Registration>, String),
}

impl Registered {
    fn now(&mut self) -> Vec<String> {
        match self {
            Self::Residents(bindings) => bindings.borrow_and_update().clone(),
            Self::Own(registration, user) => match *registration.borrow_and_update() {
                Registration::Registered { .. } => vec![user.clone()],
                _ => Vec::new(),
            },
        }
    }

    /// Waits for a change. Cancel-safe.
    async fn changed(&mut self) {
        let changed = match self {
            Self::Residents(bindings) => bindings.changed().await,
            Self::Own(registration, _) => registration.changed().await,
        };
        if changed.is_err() {
            std::future::pending().await
        }
    }
}

/// A call that has a task of its own.
struct Running {
    orders: mpsc::Sender<Order>,
    task: JoinHandle<()>,
}

/// Who watches over the intercom between its calls.
struct Porter {
    desk: Arc<Desk>,
    registered: Registered,
    known: Vec<String>,
    calls_when_registered: bool,
    call: Option<Running>,
}

impl Porter {
    async fn run(
        mut self,
        mut orders: mpsc::Receiver<Order>,
        mut incoming: mpsc::Receiver<IncomingCall>,
        mut call_at: Option<Instant>,
    ) {
        self.look_at_registrations();
        loop {
            let due = async {
                match call_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order).await,
                    None => break,
                },
                Some(call) = incoming.recv() => self.take(call).await,
                () = self.registered.changed() => self.look_at_registrations(),
                () = due => {
                    call_at = None;
                    self.obey(Order::Call).await;
                }
            }
        }
        if let Some(call) = self.call {
            // A call whose orders end hangs up.
            drop(call.orders);
            call.task.await.ok();
        }
        self.desk.agent.stop().await;
    }

    async fn obey(&mut self, order: Order) {
        let running = self.call.as_ref().filter(|call| !call.task.is_finished());
        match (running, order) {
            (Some(call), order) => {
                if call.orders.send(order).await.is_err() {
                    self.desk.report(not_done("the call has just ended"));
                }
            }
            (None, Order::Call) => self.place(),
            (None, Order::Cancel | Order::HangUp) => self.desk.report(not_done("no call is up")),
        }
    }

    fn place(&mut self) {
        let (orders, receiver) = mpsc::channel(4);
        let task = tokio::spawn(call::place(self.desk.clone(), receiver));
        self.call = Some(Running { orders, task });
    }

    async fn take(&mut self, incoming: IncomingCall) {
        if self.is_busy() {
            incoming.reject(486, None).await.ok();
            return;
        }
        let (orders, receiver) = mpsc::channel(4);
        let task = tokio::spawn(call::take(self.desk.clone(), incoming, receiver));
        self.call = Some(Running { orders, task });
    }

    fn is_busy(&self) -> bool {
        self.call.as_ref().is_some_and(|call| !call.task.is_finished())
    }

    fn look_at_registrations(&mut self) {
        let now = self.registered.now();
        for user in now.iter().filter(|user| !self.known.contains(user)) {
            self.desk.report(Report::Registered { user: user.clone() });
        }
        for user in self.known.iter().filter(|user| !now.contains(user)) {
            self.desk.report(Report::Unregistered { user: user.clone() });
        }
        self.known = now;
        let reachable = match &self.registered {
            Registered::Residents(_) => self.known.iter().any(|user| user == self.desk.callee.user()),
            Registered::Own(..) => !self.known.is_empty(),
        };
        if reachable && !self.is_busy() && std::mem::take(&mut self.calls_when_registered) {
            self.place();
        }
    }
}
