use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rsipstack::sip::{Header, Method, Response, Uri};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::timeout;
use vestibule_model::{SipAddress, SipTransport};

use crate::call::Call;
use crate::client::Inviting;
use crate::core::Core;
use crate::dialog::Dialog;
use crate::error::CallError;
use crate::flow::Flow;
use crate::message::{Content, Outline, capabilities, new_call_id, new_tag, quote, reason_phrase, request};
use crate::session::{self, Beginning};

/// How long nothing at all may come back.
const SILENCE: Duration = Duration::from_secs(10);
/// How long the other side may ring.
const RINGING: Duration = Duration::from_secs(180);
/// How long a CANCEL may take to work.
const CANCELLING: Duration = Duration::from_secs(5);

/// A call of ours that is not answered yet. Dropping it cancels it.
pub struct OutgoingCall {
    progress: UnboundedReceiver<Progress>,
    cancel: Option<oneshot::Sender<()>>,
    over: bool,
}

/// What becomes of a call of ours.
pub enum Progress {
    /// A server works on it.
    Trying,
    /// It rings there.
    Ringing {
        /// An early session description.
        early: Option<Bytes>,
    },
    /// It is up. The last event.
    Answered {
        /// The call.
        call: Call,
        /// The session description of the answer.
        sdp: Bytes,
    },
    /// The other side, or a server, said no. The last event.
    Refused {
        /// SIP status code, 300 to 699.
        status: u16,
        /// Its reason phrase.
        reason: String,
    },
    /// It came to nothing. The last event.
    Failed(CallError),
}

impl OutgoingCall {
    /// What happens next. Cancel-safe. After the last event it is [`Progress::Failed`].
    pub async fn next(&mut self) -> Progress {
        let progress = match self.over {
            true => Progress::Failed(CallError::Over),
            false => self.progress.recv().await.unwrap_or(Progress::Failed(CallError::Over)),
        };
        self.over |= !matches!(progress, Progress::Trying | Progress::Ringing { .. });
        progress
    }

    /// Gives up; returns when the other side knows, or after two seconds.
    pub async fn cancel(mut self) {
        drop(self.cancel.take());
        let ended = async { while self.progress.recv().await.is_some() {} };
        timeout(Duration::from_secs(2), ended).await.ok();
    }
}

struct Dialing {
    core: Arc<Core>,
    flow: Flow,
    uri: Uri,
    from: String,
    to: String,
    call_id: String,
    seq: u32,
    offer: Bytes,
    progress: UnboundedSender<Progress>,
}

/// Calls `to`.
pub(crate) async fn dial(core: &Arc<Core>, to: &SipAddress, offer: Bytes) -> Result<OutgoingCall, CallError> {
    let (flow, uri) = route(core, to).await?;
    let identity = match &core.account {
        Some(account) => {
            let settings = &account.settings;
            let name = settings.display_name.as_deref().map(|name| format!("{} ", quote(name)));
            format!("{}<sip:{}@{}>", name.unwrap_or_default(), settings.user, settings.domain)
        }
        None => format!("<sip:{}@{}>", core.user(), flow.reachable),
    };
    let (progress, receiver) = unbounded_channel();
    let (cancel, cancelled) = oneshot::channel();
    let dialing = Dialing {
        core: core.clone(),
        flow,
        uri,
        from: format!("{identity};tag={}", new_tag()),
        to: format!("<sip:{to}>"),
        call_id: new_call_id(),
        seq: 0,
        offer,
        progress,
    };
    core.farewells.spawn(dialing.run(cancelled));
    Ok(OutgoingCall { progress: receiver, cancel: Some(cancel), over: false })
}

/// The way to `to`, and the Request-URI that is sent along it.
async fn route(core: &Arc<Core>, to: &SipAddress) -> Result<(Flow, Uri), CallError> {
    let unreachable = || CallError::Unreachable(to.to_string());
    let plain = Uri::try_from(format!("sip:{to}")).map_err(|_| unreachable())?;
    if let Some(registrar) = &core.registrar {
        if let Some((flow, contact)) = registrar.binding(to.user()) {
            return Ok((flow, contact));
        }
    } else if core.account.is_some() {
        let registered = core.registered.read().clone();
        return registered.map(|registered| (registered.flow, plain)).ok_or_else(unreachable);
    }
    let servers = core.resolver.servers(to.host(), to.port(), SipTransport::Udp).await;
    let remote =
        servers.into_iter().next().filter(|remote| *remote != core.listen).ok_or_else(unreachable)?;
    Ok((core.flow_to(remote, SipTransport::Udp).await?, plain))
}

impl Dialing {
    async fn run(mut self, mut cancelled: oneshot::Receiver<()>) {
        let mut authorization = None;
        let last = loop {
            let authenticated = authorization.is_some();
            let mut inviting = match self.invite(authorization.take()) {
                Ok(inviting) => inviting,
                Err(error) => break Progress::Failed(error),
            };
            let answer = match self.wait(&mut inviting, &mut cancelled).await {
                Ok(answer) => answer,
                Err(error) => break Progress::Failed(error),
            };
            let status = answer.status_code.code();
            if !authenticated {
                let uri = inviting.request.uri.to_string();
                authorization = self.core.authorization(&answer, Method::Invite, &uri);
            }
            if authorization.is_none() {
                break match status {
                    200..300 => self.answered(inviting, &answer).await,
                    _ => Progress::Refused { status, reason: reason_phrase(&answer) },
                };
            }
        };
        self.progress.send(last).ok();
    }

    fn invite(&mut self, authorization: Option<Header>) -> Result<Inviting, CallError> {
        self.seq += 1;
        let outline = Outline {
            method: Method::Invite,
            uri: self.uri.clone(),
            from: &self.from,
            to: &self.to,
            call_id: &self.call_id,
            seq: self.seq,
            routes: &[],
            user_agent: &self.core.user_agent,
        };
        let mut extra = capabilities();
        extra.push(Header::Contact(format!("<{}>", self.core.contact_uri(&self.flow)).into()));
        extra.extend(authorization);
        self.core.invite(&self.flow, request(outline, extra, Some(Content::sdp(self.offer.clone()))))
    }

    /// Waits for the final answer, reports what comes before, and cancels when nobody wants it any more.
    async fn wait(
        &self,
        inviting: &mut Inviting,
        cancelled: &mut oneshot::Receiver<()>,
    ) -> Result<Response, CallError> {
        let mut provisional = false;
        let mut given_up = false;
        let mut patience = SILENCE;
        loop {
            let answer = tokio::select! {
                answer = timeout(patience, inviting.answers.recv()) => answer,
                _ = &mut *cancelled, if !given_up => {
                    (given_up, patience) = (true, CANCELLING);
                    if provisional {
                        self.cancel(inviting);
                    }
                    continue;
                }
                () = self.core.stopping.cancelled(), if !given_up => {
                    (given_up, patience) = (true, CANCELLING);
                    if provisional {
                        self.cancel(inviting);
                    }
                    continue;
                }
            };
            let answer = match answer {
                Ok(Some(answer)) => answer,
                Ok(None) => return Err(CallError::Unreachable(inviting.flow.remote.to_string())),
                Err(_) if given_up || !provisional => return Err(CallError::Timeout),
                Err(_) => {
                    self.cancel(inviting);
                    return Err(CallError::Timeout);
                }
            };
            let status = answer.status_code.code();
            if status >= 200 {
                if given_up && (200..300).contains(&status) {
                    self.too_late(inviting, &answer).await;
                    return Err(CallError::Cancelled);
                }
                return if given_up { Err(CallError::Cancelled) } else { Ok(answer) };
            }
            if given_up && !provisional {
                // RFC 3261 section 9.1: a CANCEL waits for the first answer.
                self.cancel(inviting);
            }
            if !given_up {
                patience = RINGING;
                let early =
                    Content::of(&answer.headers, &answer.body).filter(Content::is_sdp).map(|c| c.body);
                let progress = if status == 100 { Progress::Trying } else { Progress::Ringing { early } };
                self.progress.send(progress).ok();
            }
            provisional = true;
        }
    }

    fn cancel(&self, inviting: &Inviting) {
        let (core, flow, cancel) = (self.core.clone(), inviting.flow.clone(), inviting.cancel());
        self.core.run(async move {
            core.exchange(&flow, cancel, CANCELLING).await.ok();
        });
    }

    async fn answered(&self, inviting: Inviting, answer: &Response) -> Progress {
        let Some(dialog) = Dialog::from_answer(&inviting.request, answer) else {
            return Progress::Failed(CallError::Malformed("a 200 without Contact"));
        };
        self.core.acknowledge(&dialog, &inviting.flow, &inviting.request, answer).await;
        let call = session::start(&self.core, dialog, inviting.flow, Beginning::Acknowledged);
        match Content::of(&answer.headers, &answer.body).filter(Content::is_sdp) {
            Some(content) => Progress::Answered { call, sdp: content.body },
            None => Progress::Failed(CallError::Malformed("a 200 without a session description")),
        }
    }

    /// A 200 crossed our CANCEL: the call is up and has to be ended (RFC 3261 section 9.1).
    async fn too_late(&self, inviting: &Inviting, answer: &Response) {
        let Some(dialog) = Dialog::from_answer(&inviting.request, answer) else {
            return;
        };
        self.core.acknowledge(&dialog, &inviting.flow, &inviting.request, answer).await;
        drop(session::start(&self.core, dialog, inviting.flow.clone(), Beginning::Acknowledged));
    }
}
