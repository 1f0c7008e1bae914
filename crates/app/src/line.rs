//! The line to the building: one SIP user agent, started anew when the account changes.

use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;
use uuid::Uuid;
use vestibule_model::{Intercom, Registration, RegistrationFailure};
use vestibule_sip::{Account, Config, UserAgent};

use crate::{App, Role};

pub(crate) struct Line {
    /// Held while one agent is stopped and the next is started, so that two never share the port.
    change: tokio::sync::Mutex<()>,
    running: Mutex<Option<Running>>,
}

struct Running {
    agent: UserAgent,
    /// Names under which the registrar calls itself: domain and servers.
    own_hosts: Arc<[String]>,
    /// Ends with the agent.
    _tasks: JoinSet<()>,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self { change: tokio::sync::Mutex::new(()), running: Mutex::new(None) }
    }

    pub(crate) fn agent(&self) -> Option<UserAgent> {
        self.lock().as_ref().map(|running| running.agent.clone())
    }

    pub(crate) fn own_hosts(&self) -> Arc<[String]> {
        self.lock().as_ref().map(|running| running.own_hosts.clone()).unwrap_or_default()
    }

    /// Un-registers and ends the agent.
    pub(crate) async fn stop(&self) {
        let _change = self.change.lock().await;
        self.stop_running().await;
    }

    async fn stop_running(&self) {
        let running = self.lock().take();
        if let Some(running) = running {
            running.agent.stop().await;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Starts the user agent for the account of the settings, in place of one that runs.
    pub(crate) async fn connect(&self) {
        let role = self.inner.profile.role;
        if role == Role::Desk {
            return;
        }
        let _change = self.inner.line.change.lock().await;
        self.inner.line.stop_running().await;
        let hub = &self.inner.hub;
        let account = match self.account_with_password().await {
            Ok(account) => account,
            Err(error) => {
                tracing::error!(%error, "the password of the account cannot be read");
                None
            }
        };
        if account.is_none() {
            hub.set_registration(Registration::NotConfigured);
        }
        let own_hosts = account.iter().flat_map(|account| {
            let servers = account.settings.servers.iter().map(|server| without_port(server));
            servers.chain([account.settings.domain.clone()]).collect::<Vec<_>>()
        });
        let own_hosts: Arc<[String]> = own_hosts.collect();
        let config = Config {
            account,
            listen: self.inner.profile.listen,
            direct_peers: direct_hosts(&hub.intercoms()).await,
            registrar: None,
            instance: match role {
                Role::Phone | Role::Desk => instance_urn(&self.inner.profile.dir).await,
                Role::Check => Uuid::new_v4().urn().to_string(),
            },
            user_agent: concat!("Vestibule/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let has_account = config.account.is_some();
        let (agent, mut incoming) = match UserAgent::start(config).await {
            Ok(started) => started,
            Err(error) => {
                tracing::error!(%error, "the SIP port cannot be opened");
                let why = RegistrationFailure::Unreachable;
                return hub.set_registration(Registration::Failed { why, retry_at: None });
            }
        };
        let mut tasks = JoinSet::new();
        let app = self.clone();
        let mut registration = agent.registration();
        if has_account {
            // Said before this returns, so that nobody who asks next hears of the time before.
            hub.set_registration(registration.borrow().clone());
        }
        tasks.spawn(async move {
            if !has_account {
                return;
            }
            loop {
                let now = registration.borrow_and_update().clone();
                app.inner.hub.set_registration(now);
                if registration.changed().await.is_err() {
                    return;
                }
            }
        });
        let app = self.clone();
        tasks.spawn(async move {
            while let Some(call) = incoming.recv().await {
                app.take_incoming(call);
            }
        });
        *self.inner.line.lock() = Some(Running { agent, own_hosts, _tasks: tasks });
    }

    /// Tells the agent which intercoms may call past the registrar.
    pub(crate) async fn update_direct_peers(&self) {
        if let Some(agent) = self.inner.line.agent() {
            agent.set_direct_peers(direct_hosts(&self.inner.hub.intercoms()).await);
        }
    }

    async fn account_with_password(&self) -> Result<Option<Account>, vestibule_ipc::Error> {
        let Some(settings) = self.inner.hub.settings().account else {
            return Ok(None);
        };
        let password = self.inner.storage.sip_password().await?;
        Ok(password.map(|password| Account { settings, password }))
    }
}

/// Addresses of the intercoms that may call past the registrar. A name is looked up; one that cannot be is left out.
async fn direct_hosts(intercoms: &[Intercom]) -> Vec<IpAddr> {
    let mut peers = Vec::new();
    for intercom in intercoms.iter().filter(|intercom| intercom.direct) {
        let host = intercom.address.host().trim_matches(['[', ']']);
        match tokio::net::lookup_host((host, 0)).await {
            Ok(found) => peers.extend(found.map(|address| address.ip())),
            Err(error) => tracing::warn!(%error, intercom = intercom.id.0, "its host cannot be looked up"),
        }
    }
    peers
}

fn without_port(server: &str) -> String {
    match server.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() && !host.ends_with(':') => host.to_owned(),
        _ => server.to_owned(),
    }
}

/// Names this installation to the registrar (RFC 5626 section 4.1), the same at every start and unlike any other's:
/// a registrar takes two phones of one name for one.
async fn instance_urn(dir: &Path) -> String {
    let file = dir.join("instance");
    let kept = tokio::fs::read_to_string(&file).await.ok();
    let instance = match kept.and_then(|text| text.trim().parse::<Uuid>().ok()) {
        Some(instance) => instance,
        None => {
            let new = Uuid::new_v4();
            if let Err(error) = tokio::fs::write(&file, new.to_string()).await {
                tracing::warn!(%error, "the name of this installation cannot be kept");
            }
            new
        }
    };
    instance.urn().to_string()
}
