//! The small registrar of the simulator and the tests (RFC 3261 section 10.3).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rsipstack::sip::{Header, HeadersExt, Request, Uri};
use rsipstack::transaction::random_text;
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::config::RegistrarConfig;
use crate::core::Core;
use crate::counters::Tally;
use crate::digest::{self, Verdict};
use crate::flow::Flow;
use crate::message::{new_tag, response, split_list, uri_of};

/// How long a nonce is taken.
const NONCE_LIFE: Duration = Duration::from_secs(300);
/// How long a registration lasts that does not say so itself, in seconds.
const DEFAULT_EXPIRES: u32 = 3600;

/// Users, where they are bound, and the nonces that were given out.
pub(crate) struct Registrar {
    config: RegistrarConfig,
    bindings: Mutex<Vec<Binding>>,
    nonces: Mutex<HashMap<String, Instant>>,
    users: watch::Sender<Vec<String>>,
}

struct Binding {
    user: String,
    contact: Uri,
    flow: Flow,
    until: Instant,
}

impl Registrar {
    pub(crate) fn new(config: RegistrarConfig) -> Self {
        Self {
            config,
            bindings: Mutex::default(),
            nonces: Mutex::default(),
            users: watch::Sender::new(Vec::new()),
        }
    }

    /// The users that are registered, in the order of their names.
    pub(crate) fn users(&self) -> watch::Receiver<Vec<String>> {
        self.users.subscribe()
    }

    /// The latest binding of a user: the way there, and the Request-URI.
    pub(crate) fn binding(&self, user: &str) -> Option<(Flow, Uri)> {
        let bindings = self.bindings.lock();
        let binding = bindings.iter().rev().find(|binding| binding.user == user)?;
        Some((binding.flow.clone(), binding.contact.clone()))
    }

    fn challenge(&self, stale: bool) -> Header {
        let nonce = random_text(24);
        let now = Instant::now();
        let mut nonces = self.nonces.lock();
        nonces.retain(|_, given| now.duration_since(*given) < NONCE_LIFE);
        nonces.insert(nonce.clone(), now);
        Header::WwwAuthenticate(
            digest::challenge(&self.config.realm, &nonce, self.config.algorithm, stale).into(),
        )
    }

    fn judge(&self, request: &Request) -> Option<Verdict> {
        let value = request.authorization_header()?.value();
        let password = |user: &str| {
            let known = self.config.users.iter().find(|(name, _)| name == user)?;
            Some(known.1.reveal().to_owned())
        };
        let fresh =
            |nonce: &str| self.nonces.lock().get(nonce).is_some_and(|given| given.elapsed() < NONCE_LIFE);
        let (realm, algorithm) = (&self.config.realm, self.config.algorithm);
        Some(digest::verify(value, "REGISTER", realm, algorithm, password, fresh))
    }

    /// Binds and unbinds what a REGISTER lists, and tells what is bound then.
    fn update(&self, core: &Core, user: &str, request: &Request, flow: &Flow) -> Vec<Header> {
        let now = Instant::now();
        let default = request.expires_header().and_then(|h| h.value().trim().parse().ok());
        let mut bindings = self.bindings.lock();
        for entry in request.contact_headers().into_iter().flat_map(|header| split_list(header.value())) {
            if entry == "*" {
                bindings.retain(|binding| binding.user != user);
                continue;
            }
            let Some(contact) = uri_of(&entry) else { continue };
            bindings.retain(|binding| binding.user != user || binding.contact != contact);
            let expires = expires_of(&entry).or(default).unwrap_or(DEFAULT_EXPIRES);
            if expires > 0 {
                let until = now + Duration::from_secs(expires.into());
                bindings.push(Binding { user: user.to_owned(), contact, flow: flow.clone(), until });
            }
        }
        let mine = bindings.iter().filter(|binding| binding.user == user);
        let listed = mine.map(|binding| {
            let seconds = binding.until.saturating_duration_since(now).as_secs();
            Header::Contact(format!("<{}>;expires={seconds}", binding.contact).into())
        });
        let listed = listed.collect();
        self.publish(core, &bindings);
        listed
    }

    /// Forgets what has run out, and what was bound over a connection that is gone.
    fn expire(&self, core: &Core) {
        let now = Instant::now();
        let mut bindings = self.bindings.lock();
        bindings.retain(|binding| binding.until > now && !binding.flow.closed.is_cancelled());
        self.publish(core, &bindings);
    }

    fn publish(&self, core: &Core, bindings: &[Binding]) {
        let remotes: Vec<SocketAddr> = bindings.iter().map(|binding| binding.flow.remote).collect();
        core.trust.write().bound = remotes;
        let mut users: Vec<String> = bindings.iter().map(|binding| binding.user.clone()).collect();
        users.sort();
        users.dedup();
        self.users.send_if_modified(|known| {
            let news = *known != users;
            *known = users;
            news
        });
    }
}

/// Answers a REGISTER.
pub(crate) async fn register(core: &Arc<Core>, registrar: &Registrar, mut transaction: Transaction) {
    let request = transaction.original.clone();
    let flow = transaction.connection.as_ref().and_then(|connection| core.flow_of(connection));
    let (status, extra) = match (registrar.judge(&request), flow) {
        (_, None) => (503, Vec::new()),
        (None, _) => (401, vec![registrar.challenge(false)]),
        (Some(Verdict::Stale), _) => (401, vec![registrar.challenge(true)]),
        (Some(Verdict::Wrong), _) => {
            Tally::add(&core.tally.wrong_credentials);
            (401, vec![registrar.challenge(false)])
        }
        (Some(Verdict::Right(user)), Some(flow)) => {
            let named = request.to_header().ok().and_then(|to| to.uri().ok());
            if named.as_ref().and_then(Uri::user) == Some(user.as_str()) {
                let listed = registrar.update(core, &user, &request, &flow);
                watch_over(core, flow, &request);
                (200, listed)
            } else {
                (403, Vec::new())
            }
        }
    };
    let answer = response(&request, status, &new_tag(), &core.user_agent, extra, None);
    transaction.respond(answer).await.ok();
}

/// Forgets the bindings of this REGISTER in time.
fn watch_over(core: &Arc<Core>, flow: Flow, request: &Request) {
    let entries = request.contact_headers().into_iter().flat_map(|header| split_list(header.value()));
    let default = request.expires_header().and_then(|h| h.value().trim().parse().ok());
    let longest =
        entries.filter_map(|entry| expires_of(&entry)).chain(default).max().unwrap_or(DEFAULT_EXPIRES);
    let until = Instant::now() + Duration::from_secs(longest.into()) + Duration::from_millis(1);
    let core_then = core.clone();
    core.run(async move {
        tokio::select! {
            () = sleep_until(until) => {}
            () = flow.closed.cancelled() => {}
        }
        if let Some(registrar) = &core_then.registrar {
            registrar.expire(&core_then);
        }
    });
}

fn expires_of(entry: &str) -> Option<u32> {
    let parameters = entry.rsplit_once('>')?.1;
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("expires").then(|| value.trim().parse().ok())?
    })
}
