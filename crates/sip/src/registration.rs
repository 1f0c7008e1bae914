//! The task that keeps the account registered (RFC 3261 section 10.2).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rsipstack::sip::prelude::ToTypedHeader;
use rsipstack::sip::uri::ParamsExt;
use rsipstack::sip::{Header, HeadersExt, Method, Response, Uri};
use tokio::time::{Instant, sleep, sleep_until};
use vestibule_model::{Registration, RegistrationFailure, SipTransport, Timestamp};

use crate::client::{authorize, challenge_of};
use crate::config::Account;
use crate::core::{Core, Registered};
use crate::digest::{Challenge, Credentials};
use crate::flow::Flow;
use crate::message::{ALLOW, Outline, new_call_id, new_tag, request, split_list, uri_of};
use crate::retry::{Answer, Backoff, Conversation, Judgement, patience, refresh_after};

/// How long one REGISTER may stay unanswered: four datagrams are sent in this time.
const SILENCE: Duration = Duration::from_secs(5);
/// How long the last REGISTER may take.
const GOODBYE: Duration = Duration::from_secs(1);
/// How long a server that is not the first is kept before the first is tried again.
const SECOND_BEST: Duration = Duration::from_secs(300);

struct Registrant {
    core: Arc<Core>,
    account: Account,
    call_id: String,
    tag: String,
    seq: u32,
    /// The last challenge, whether a proxy made it, and how often it was answered.
    challenge: Option<(Challenge, bool, u32)>,
    /// The contact that the registrar knows.
    bound: Option<String>,
}

/// A registration that was granted.
struct Granted {
    flow: Flow,
    first_choice: bool,
    expires: Duration,
}

struct Failure {
    why: RegistrationFailure,
    retry_after: Option<Duration>,
}

/// Why a registration has to be made anew.
enum Lost {
    /// The server or the way to it is gone, or a better one is tried again.
    Again,
    /// Somebody asked for it.
    Asked,
    Stopping,
}

/// Registers until the user agent stops, and gives the registration back then.
pub(crate) async fn run(core: Arc<Core>, account: Account) {
    let (call_id, tag) = (new_call_id(), new_tag());
    let mut registrant = Registrant { core, account, call_id, tag, seq: 0, challenge: None, bound: None };
    let stopping = registrant.core.stopping.clone();
    let mut backoff = Backoff::default();
    loop {
        let lost = tokio::select! {
            lost = registrant.once(&mut backoff) => lost,
            () = stopping.cancelled() => Lost::Stopping,
        };
        match lost {
            Lost::Again => {}
            Lost::Asked => {
                backoff.reset();
                registrant.core.registration.send_replace(Registration::Registering);
            }
            Lost::Stopping => break,
        }
    }
    registrant.sign_out().await;
    registrant.core.registration.send_replace(Registration::Unregistered);
}

impl Registrant {
    /// One registration from its start to its loss, or one failure and the wait after it.
    async fn once(&mut self, backoff: &mut Backoff) -> Lost {
        match self.sign_in().await {
            Ok(granted) => {
                backoff.reset();
                self.hold(granted).await
            }
            Err(failure) => {
                self.core.registered.write().take();
                self.challenge = None;
                let wait = backoff.next_wait(rand::random());
                let wait = patience(&failure.why, wait.max(failure.retry_after.unwrap_or_default()));
                tracing::warn!(why = ?failure.why, ?wait, "not registered");
                let retry_at = wait.map(|wait| timestamp(SystemTime::now() + wait));
                self.core.registration.send_replace(Registration::Failed { why: failure.why, retry_at });
                let waited = async {
                    match wait {
                        Some(wait) => sleep(wait).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = waited => Lost::Again,
                    () = self.core.wake.notified() => Lost::Asked,
                }
            }
        }
    }

    /// Tries the account's servers in their order.
    async fn sign_in(&mut self) -> Result<Granted, Failure> {
        let by = self.account.settings.transport;
        let addresses = self.core.resolver.account(&self.account.settings).await;
        if addresses.is_empty() {
            return Err(Failure { why: RegistrationFailure::NoSuchServer, retry_after: None });
        }
        {
            let mut trust = self.core.trust.write();
            trust.servers.clone_from(&addresses);
            trust.servers_over_tcp = by == SipTransport::Tcp;
        }
        let mut retry_after = None;
        for (index, address) in addresses.into_iter().enumerate() {
            let flow = match self.core.flow_to(address, by).await {
                Ok(flow) => flow,
                Err(error) => {
                    tracing::info!(%address, %error, "server not reached");
                    continue;
                }
            };
            match self.register(&flow).await {
                Ok(expires) => {
                    return Ok(Granted { flow, first_choice: index == 0, expires });
                }
                Err(Judgement::Rejected(why)) => {
                    return Err(Failure { why, retry_after: None });
                }
                Err(Judgement::TryNext(seconds)) => {
                    retry_after = retry_after.max(seconds.map(|s| Duration::from_secs(s.min(300))));
                }
                Err(_) => {}
            }
            if by == SipTransport::Tcp {
                // It may be open and dead; the next try opens another.
                flow.closed.cancel();
            }
        }
        Err(Failure { why: RegistrationFailure::Unreachable, retry_after })
    }

    /// Keeps a registration alive.
    async fn hold(&mut self, granted: Granted) -> Lost {
        let Granted { mut flow, first_choice, mut expires } = granted;
        let until = Instant::now() + SECOND_BEST;
        loop {
            tokio::select! {
                () = sleep(refresh_after(expires, flow.transport)) => {}
                () = sleep_until(until), if !first_choice => return Lost::Again,
                () = flow.closed.cancelled() => {
                    tracing::info!(server = %flow.remote, "connection lost");
                    return Lost::Again;
                }
                () = self.core.wake.notified() => {
                    flow.closed.cancel();
                    return Lost::Asked;
                }
            }
            if flow.transport == SipTransport::Udp {
                // The machine may have moved to another network.
                flow = self.core.datagrams(flow.remote);
            }
            match self.register(&flow).await {
                Ok(granted) => expires = granted,
                Err(why) => {
                    tracing::info!(server = %flow.remote, ?why, "registration lost");
                    flow.closed.cancel();
                    return Lost::Again;
                }
            }
        }
    }

    /// Registers over one flow; how long it lasts, or what stands against it.
    async fn register(&mut self, flow: &Flow) -> Result<Duration, Judgement> {
        let mut talk = Conversation::default();
        let mut seconds = self.account.settings.expires;
        let known = self.core.registered.read().clone().filter(|known| known.flow.is_same(flow));
        let mut address = known.map_or(first_address(flow), |known| known.address);
        let mut moved = false;
        loop {
            let answer = self.send(flow, address, seconds, SILENCE).await?;
            match talk.judge(summary(&answer)) {
                Judgement::Registered => {}
                Judgement::Authenticate => {
                    self.challenge = challenge_of(&answer).map(|(challenge, proxy)| (challenge, proxy, 0));
                    continue;
                }
                Judgement::Longer(least) => {
                    seconds = least;
                    continue;
                }
                against => return Err(against),
            }
            let contact = flow.contact(self.core.user(), address);
            let expires = granted(&answer, &contact).unwrap_or(seconds);
            self.bound = Some(contact);
            let seen = seen_as(&answer, flow);
            if seen != address && !moved {
                // Behind an address translator: others reach us where the registrar sees us.
                (address, moved) = (seen, true);
                continue;
            }
            *self.core.registered.write() = Some(Registered { flow: flow.clone(), address });
            self.publish();
            return Ok(Duration::from_secs(expires.max(1).into()));
        }
    }

    /// Sends one REGISTER and waits for its answer.
    async fn send(
        &mut self,
        flow: &Flow,
        address: SocketAddr,
        seconds: u32,
        silence: Duration,
    ) -> Result<Response, Judgement> {
        let settings = &self.account.settings;
        let contact = flow.contact(self.core.user(), address);
        let mut contacts =
            format!("<{contact}>;+sip.instance=\"<{}>\";expires={seconds}", self.core.instance);
        if let Some(old) = self.bound.as_ref().filter(|old| **old != contact) {
            // Where we were reached before, nobody listens any more.
            contacts.push_str(&format!(", <{old}>;expires=0"));
        }
        let uri = Uri::try_from(format!("sip:{}", settings.domain)).map_err(|_| Judgement::TryNext(None))?;
        let mut extra = vec![
            Header::Contact(contacts.into()),
            Header::Expires(seconds.to_string().into()),
            Header::Allow(ALLOW.into()),
        ];
        if let Some((challenge, proxy, count)) = &mut self.challenge {
            *count += 1;
            let user = settings.auth_user.as_deref().unwrap_or(&settings.user);
            let who = Credentials { user, password: self.account.password.reveal() };
            extra.push(authorize(challenge, *proxy, who, Method::Register, &uri.to_string(), *count));
        }
        self.seq += 1;
        let aor = format!("<sip:{}@{}>", settings.user, settings.domain);
        let outline = Outline {
            method: Method::Register,
            uri,
            from: &format!("{aor};tag={}", self.tag),
            to: &aor,
            call_id: &self.call_id,
            seq: self.seq,
            routes: &[],
            user_agent: &self.core.user_agent,
        };
        let exchanged = self.core.exchange(flow, request(outline, extra, None), silence).await;
        exchanged.map_err(|error| {
            tracing::info!(server = %flow.remote, %error, "no answer to REGISTER");
            Judgement::TryNext(None)
        })
    }

    /// Gives the registration back (RFC 3261 section 10.2.2).
    async fn sign_out(&mut self) {
        let Some(registered) = self.core.registered.write().take() else {
            return;
        };
        for _ in 0..2 {
            let sent = self.send(&registered.flow, registered.address, 0, GOODBYE).await;
            match sent.ok().and_then(|answer| challenge_of(&answer)) {
                Some((challenge, proxy)) => self.challenge = Some((challenge, proxy, 0)),
                None => return,
            }
        }
    }

    /// Says that it is registered, and when that was last so; only a change wakes those who watch.
    fn publish(&self) {
        self.core.registration.send_if_modified(|state| {
            let news = !matches!(state, Registration::Registered { .. });
            *state = Registration::Registered { since: timestamp(SystemTime::now()) };
            news
        });
    }
}

/// The address in our first Contact.
///
/// A connection is named by its own end, so that a proxy finds it open and uses it.
fn first_address(flow: &Flow) -> SocketAddr {
    match flow.transport {
        SipTransport::Udp => flow.reachable,
        SipTransport::Tcp => flow.local,
    }
}

/// Our address as the registrar saw it (RFC 3261 section 18.2.1, RFC 3581).
fn seen_as(answer: &Response, flow: &Flow) -> SocketAddr {
    let mut seen = first_address(flow);
    let Some(via) = answer.top_via_header().ok().and_then(|via| via.typed().ok()) else {
        return seen;
    };
    if let Some(ip) =
        via.params.received().and_then(|text| text.trim_matches(['[', ']']).parse::<IpAddr>().ok())
    {
        seen.set_ip(ip);
    }
    if let Some(Some(port)) = via.params.rport() {
        seen.set_port(port);
    }
    seen
}

fn summary(answer: &Response) -> Answer {
    let number = |name: &str| answer.header_value(name)?.split([' ', ';', '(']).next()?.parse::<u32>().ok();
    Answer {
        status: answer.status_code.code(),
        challenge: challenge_of(answer).map(|(challenge, _)| challenge.stale),
        min_expires: number("Min-Expires"),
        retry_after: number("Retry-After").map(u64::from),
    }
}

/// How long the registrar keeps our contact, in seconds (RFC 3261 section 10.2.4).
fn granted(answer: &Response, contact: &str) -> Option<u32> {
    let ours = Uri::try_from(contact).ok()?;
    let entries = answer.contact_headers().into_iter().flat_map(|header| split_list(header.value()));
    let mine = entries.into_iter().find(|entry| {
        uri_of(entry).is_some_and(|uri| uri.auth == ours.auth && uri.host_with_port == ours.host_with_port)
    });
    let named = mine.as_deref().and_then(|entry| {
        let parameters = entry.rsplit_once('>').map_or(entry, |(_, after)| after);
        parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("expires").then(|| value.trim().parse().ok())?
        })
    });
    named.or_else(|| answer.expires_header()?.value().trim().parse().ok())
}

fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
