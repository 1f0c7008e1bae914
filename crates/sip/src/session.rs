//! The task that keeps one call.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rsipstack::sip::{Header, Method, Request, Response};
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::call::{Call, CallControl, CallEvent, Command, HangUp, ReOffer};
use crate::client::Inviting;
use crate::core::Core;
use crate::dialog::Dialog;
use crate::error::CallError;
use crate::flow::Flow;
use crate::message::{ALLOW, Content, capabilities, new_tag, reason_phrase, response};
use crate::uas::{Invite, InviteEvent, dismiss, offer_of};

/// How long the peer may take to answer a request inside the call, or to ring up again for a re-INVITE.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// How a call came to be.
pub(crate) enum Beginning {
    /// We answer an INVITE now.
    Answered { invite: Invite, events: UnboundedReceiver<InviteEvent>, sdp: Bytes },
    /// Our INVITE was answered, and we acknowledged it.
    Acknowledged,
}

struct Session {
    core: Arc<Core>,
    dialog: Dialog,
    flow: Flow,
    events: UnboundedSender<CallEvent>,
    /// Acknowledgements of our 2xx answers that are still waited for.
    waiting: Option<UnboundedReceiver<InviteEvent>>,
    done: UnboundedSender<Done>,
    /// The INVITE that began the call was acknowledged.
    up: bool,
    /// A re-INVITE of ours is open.
    offering: bool,
    /// A re-INVITE of ours that waits until no other is open (RFC 3261 section 14.1).
    queued: Option<Asked>,
}

/// The outcome of a request of ours.
struct Done {
    asked: Asked,
    outcome: Result<(Request, Response), CallError>,
    authenticated: bool,
}

enum Asked {
    Info { kind: String, body: Bytes, reply: oneshot::Sender<Result<u16, CallError>> },
    Reinvite { offer: Bytes, reply: oneshot::Sender<Result<Bytes, CallError>> },
}

/// What ends the loop.
enum End {
    HangUp(HangUp),
    /// Somebody waits for the goodbye.
    Asked(oneshot::Sender<()>),
}

/// Starts the task of a call. What begins here is in the directory before any 200 leaves.
pub(crate) fn start(core: &Arc<Core>, dialog: Dialog, flow: Flow, beginning: Beginning) -> Call {
    let (events, events_receiver) = unbounded_channel();
    let (commands, command_receiver) = channel(16);
    let (inbox, inbox_receiver) = unbounded_channel();
    let (done, done_receiver) = unbounded_channel();
    core.directory.lock().insert(dialog.id().clone(), inbox);
    let waiting = match beginning {
        Beginning::Acknowledged => None,
        Beginning::Answered { invite, events, sdp } => {
            invite.respond(200, Vec::new(), Some(sdp));
            Some(events)
        }
    };
    let up = waiting.is_none();
    let session = Session {
        core: core.clone(),
        dialog,
        flow,
        events,
        waiting,
        done,
        up,
        offering: false,
        queued: None,
    };
    core.farewells.spawn(session.run(inbox_receiver, command_receiver, done_receiver));
    Call { control: CallControl { commands }, events: events_receiver, over: None }
}

impl Session {
    async fn run(
        mut self,
        mut inbox: UnboundedReceiver<Transaction>,
        mut commands: Receiver<Command>,
        mut done: UnboundedReceiver<Done>,
    ) {
        let end = loop {
            let step = tokio::select! {
                Some(transaction) = inbox.recv() => self.request(transaction).await,
                command = commands.recv() => match command {
                    Some(command) => self.command(command).await,
                    None => Some(End::HangUp(HangUp::Local)),
                },
                event = acknowledgement(&mut self.waiting) => self.acknowledged(event).await,
                Some(done) = done.recv() => self.done(done).await,
                () = self.events.closed() => Some(End::HangUp(HangUp::Local)),
                () = self.core.stopping.cancelled() => Some(End::HangUp(HangUp::Local)),
            };
            if let Some(end) = step {
                break end;
            }
        };
        let (who, reply) = match end {
            End::HangUp(who) => (who, None),
            End::Asked(reply) => (HangUp::Local, Some(reply)),
        };
        self.events.send(CallEvent::Ended(who)).ok();
        if who != HangUp::Remote {
            timeout(GOODBYE, self.goodbye(&mut inbox)).await.ok();
        }
        self.core.directory.lock().remove(self.dialog.id());
        if let Some(reply) = reply {
            reply.send(()).ok();
        }
    }

    /// A request of the peer inside the call.
    async fn request(&mut self, mut transaction: Transaction) -> Option<End> {
        let request = transaction.original.clone();
        if !self.dialog.receive(&request) {
            // RFC 3261 section 12.2.2: out of order.
            self.reply(&mut transaction, 500, Vec::new()).await;
            return None;
        }
        match request.method {
            Method::Bye => {
                self.reply(&mut transaction, 200, Vec::new()).await;
                return Some(End::HangUp(HangUp::Remote));
            }
            Method::Info => {
                self.reply(&mut transaction, 200, Vec::new()).await;
                if let Some(content) = Content::of(&request.headers, &request.body) {
                    let event = CallEvent::Info { content_type: content.kind, body: content.body };
                    self.events.send(event).ok();
                }
            }
            Method::Invite => self.offered(transaction),
            Method::Options => self.reply(&mut transaction, 200, capabilities()).await,
            _ => self.reply(&mut transaction, 405, vec![Header::Allow(ALLOW.into())]).await,
        }
        None
    }

    fn offered(&mut self, transaction: Transaction) {
        if self.offering || self.waiting.is_some() {
            // RFC 3261 section 14.2: one offer at a time.
            return dismiss(&self.core, transaction, 491, Vec::new());
        }
        let Ok(sdp) = offer_of(&transaction.original) else {
            let accept = vec![Header::Accept(crate::message::SDP.into())];
            return dismiss(&self.core, transaction, 415, accept);
        };
        let contact = self.core.contact_uri(&self.flow);
        let (invite, events) = Invite::open(&self.core, transaction, new_tag(), contact);
        self.waiting = Some(events);
        self.events.send(CallEvent::Offer(ReOffer { invite: Some(invite), sdp })).ok();
    }

    async fn command(&mut self, command: Command) -> Option<End> {
        match command {
            Command::HangUp { reply } => return Some(End::Asked(reply)),
            Command::Info { kind, body, reply } => self.ask(Asked::Info { kind, body, reply }, None).await,
            Command::Reinvite { reply, .. } if self.queued.is_some() => {
                reply.send(Err(CallError::Pending)).ok();
            }
            Command::Reinvite { offer, reply } => {
                self.queued = Some(Asked::Reinvite { offer, reply });
                self.offer_next().await;
            }
        }
        None
    }

    /// Offers what is queued, when no other offer is open.
    async fn offer_next(&mut self) {
        if self.offering || self.waiting.is_some() {
            return;
        }
        if let Some(asked) = self.queued.take() {
            self.offering = true;
            self.ask(asked, None).await;
        }
    }

    async fn acknowledged(&mut self, event: Option<InviteEvent>) -> Option<End> {
        match event {
            Some(InviteEvent::Acknowledged) => {
                (self.waiting, self.up) = (None, true);
                self.offer_next().await;
            }
            // The CANCEL was there before our 200: there is no call.
            Some(InviteEvent::Cancelled(_)) if !self.up => return Some(End::HangUp(HangUp::Remote)),
            // A re-INVITE was taken back.
            Some(InviteEvent::Cancelled(_)) => {}
            None => {
                self.waiting = None;
                // When the user agent stops, its transactions end at once.
                let stopping = self.core.stopping.is_cancelled();
                return Some(End::HangUp(if stopping { HangUp::Local } else { HangUp::Lost }));
            }
        }
        None
    }

    /// Sends a request of ours and has its outcome delivered to the loop.
    async fn ask(&mut self, asked: Asked, authorization: Option<Header>) {
        let authenticated = authorization.is_some();
        let (method, content, mut extra) = match &asked {
            Asked::Info { kind, body, .. } => {
                let content = Content { kind: kind.clone(), body: body.clone() };
                (Method::Info, content, Vec::new())
            }
            Asked::Reinvite { offer, .. } => (Method::Invite, Content::sdp(offer.clone()), capabilities()),
        };
        extra.extend(authorization);
        let flow = self.core.flow_towards(&self.dialog.next_hop(), &self.flow).await;
        if method == Method::Invite {
            extra.push(Header::Contact(format!("<{}>", self.core.contact_uri(&flow)).into()));
        }
        let request = self.dialog.request(method, &self.core.user_agent, extra, Some(content));
        let (core, done) = (self.core.clone(), self.done.clone());
        self.core.run(async move {
            let answered = match method {
                Method::Invite => match core.invite(&flow, request.clone()) {
                    Ok(inviting) => final_answer(inviting).await,
                    Err(error) => Err(error),
                },
                _ => core.exchange(&flow, request.clone(), PATIENCE).await,
            };
            let outcome = answered.map(|response| (request, response));
            done.send(Done { asked, outcome, authenticated }).ok();
        });
    }

    async fn done(&mut self, done: Done) -> Option<End> {
        let Done { asked, outcome, authenticated } = done;
        if let Ok((request, answer)) = &outcome
            && !authenticated
            && let Some(header) = self.core.authorization(answer, request.method, &request.uri.to_string())
        {
            self.ask(asked, Some(header)).await;
            return None;
        }
        // RFC 3261 section 12.2.1.2: the peer knows no such call, or is gone.
        let lost = match &outcome {
            Ok((_, answer)) => matches!(answer.status_code.code(), 408 | 481),
            Err(_) => true,
        };
        match asked {
            Asked::Info { reply, .. } => {
                let status = outcome.map(|(_, answer)| answer.status_code.code());
                reply.send(status).ok();
            }
            Asked::Reinvite { reply, .. } => {
                self.offering = false;
                let answer = match outcome {
                    Ok((request, answer)) => self.agreed(&request, &answer).await,
                    Err(error) => Err(error),
                };
                reply.send(answer).ok();
                self.offer_next().await;
            }
        }
        lost.then_some(End::HangUp(HangUp::Lost))
    }

    /// Acknowledges a 2xx to a re-INVITE and takes the answer out of it.
    async fn agreed(&mut self, request: &Request, answer: &Response) -> Result<Bytes, CallError> {
        let status = answer.status_code.code();
        if !(200..300).contains(&status) {
            return Err(CallError::Refused { status, reason: reason_phrase(answer) });
        }
        self.dialog.retarget(answer);
        self.core.acknowledge(&self.dialog, &self.flow, request, answer).await;
        match Content::of(&answer.headers, &answer.body).filter(Content::is_sdp) {
            Some(content) => Ok(content.body),
            None => Err(CallError::Malformed("a 200 without a session description")),
        }
    }

    /// Says BYE, once the peer has acknowledged the call (RFC 3261 section 15), and answers what still comes.
    async fn goodbye(&mut self, inbox: &mut UnboundedReceiver<Transaction>) {
        if self.waiting.is_some() {
            timeout(GOODBYE / 2, acknowledgement(&mut self.waiting)).await.ok();
        }
        let flow = self.core.flow_towards(&self.dialog.next_hop(), &self.flow).await;
        let mut authorization = None;
        loop {
            let authenticated = authorization.is_some();
            let extra = authorization.into_iter().collect();
            let bye = self.dialog.request(Method::Bye, &self.core.user_agent, extra, None);
            let uri = bye.uri.to_string();
            let core = self.core.clone();
            let exchange = core.exchange(&flow, bye, GOODBYE);
            tokio::pin!(exchange);
            let answer = loop {
                tokio::select! {
                    answer = &mut exchange => break answer,
                    Some(mut transaction) = inbox.recv() => {
                        // Both hung up at once.
                        let status = if transaction.original.method == Method::Bye { 200 } else { 481 };
                        self.reply(&mut transaction, status, Vec::new()).await;
                    }
                }
            };
            let challenged = answer.ok().filter(|_| !authenticated);
            authorization = challenged.and_then(|a| self.core.authorization(&a, Method::Bye, &uri));
            if authorization.is_none() {
                return;
            }
        }
    }

    async fn reply(&self, transaction: &mut Transaction, status: u16, extra: Vec<Header>) {
        let answer = response(&transaction.original, status, "", &self.core.user_agent, extra, None);
        transaction.respond(answer).await.ok();
    }
}

/// The next news of the INVITE that is waited for; pends when none is.
async fn acknowledgement(waiting: &mut Option<UnboundedReceiver<InviteEvent>>) -> Option<InviteEvent> {
    match waiting {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}

/// The final answer to a re-INVITE; a peer that does not even say 100 is gone.
async fn final_answer(mut inviting: Inviting) -> Result<Response, CallError> {
    let mut patience = PATIENCE;
    loop {
        match timeout(patience, inviting.answers.recv()).await {
            Ok(Some(answer)) if answer.status_code.code() >= 200 => return Ok(answer),
            Ok(Some(_)) => patience = Duration::from_secs(32),
            Ok(None) => return Err(CallError::Unreachable(inviting.flow.remote.to_string())),
            Err(_) => return Err(CallError::Timeout),
        }
    }
}

impl Core {
    /// Sends the ACK for a 2xx, now and whenever the 2xx comes again.
    pub(crate) async fn acknowledge(
        self: &Arc<Self>,
        dialog: &Dialog,
        origin: &Flow,
        invite: &Request,
        answer: &Response,
    ) {
        let flow = self.flow_towards(&dialog.next_hop(), origin).await;
        let credentials = invite.headers.iter().filter(|header| {
            // RFC 3261 section 13.2.2.4: the ACK carries the INVITE's credentials.
            matches!(header, Header::Authorization(_) | Header::ProxyAuthorization(_))
        });
        let credentials = credentials.cloned().collect();
        let mut ack = dialog.ack(crate::message::seq(invite), &self.user_agent, credentials);
        flow.sign(&mut ack, None);
        self.acks.remember(answer, ack.clone(), flow.clone(), Instant::now());
        flow.connection.send(ack.into(), Some(&flow.destination())).await.ok();
    }
}
