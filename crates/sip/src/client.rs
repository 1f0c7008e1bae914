//! Requests of ours: send them, wait for their answers, prove who we are.

use std::sync::Arc;
use std::time::Duration;

use rsipstack::sip::{Header, HeadersExt, Method, Request, Response, SipMessage};
use rsipstack::transaction::key::{TransactionKey, TransactionRole};
use rsipstack::transaction::random_text;
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use crate::core::Core;
use crate::digest::{Challenge, Credentials};
use crate::error::CallError;
use crate::flow::Flow;

/// An INVITE of ours that is under way.
pub(crate) struct Inviting {
    /// As it was sent, with its Via.
    pub(crate) request: Request,
    pub(crate) flow: Flow,
    /// Everything that comes back; closed when nothing can come any more.
    pub(crate) answers: UnboundedReceiver<Response>,
}

impl Core {
    /// Sends a request that is no INVITE and waits for its final answer.
    pub(crate) async fn exchange(
        &self,
        flow: &Flow,
        request: Request,
        patience: Duration,
    ) -> Result<Response, CallError> {
        let mut transaction = self.transaction(flow, request, None)?;
        let answer = async {
            transaction.send().await.map_err(|e| CallError::Unreachable(e.to_string()))?;
            while let Some(message) = transaction.receive().await {
                match message {
                    SipMessage::Response(response) if response.status_code.code() >= 200 => {
                        return Ok(response);
                    }
                    _ => {}
                }
            }
            Err(CallError::Timeout)
        };
        tokio::select! {
            answered = timeout(patience, answer) => answered.unwrap_or(Err(CallError::Timeout)),
            () = flow.closed.cancelled() => Err(CallError::Unreachable(flow.remote.to_string())),
        }
    }

    /// Sends an INVITE; the stack sends it again as often as it must, and acknowledges refusals.
    pub(crate) fn invite(self: &Arc<Self>, flow: &Flow, request: Request) -> Result<Inviting, CallError> {
        let mut transaction = self.transaction(flow, request, None)?;
        let request = transaction.original.clone();
        let (sender, answers) = unbounded_channel();
        let closed = flow.closed.clone();
        self.run(async move {
            let run = async {
                if transaction.send().await.is_err() {
                    return;
                }
                while let Some(message) = transaction.receive().await {
                    if let SipMessage::Response(response) = message {
                        sender.send(response).ok();
                    }
                }
            };
            tokio::select! {
                () = run => {}
                () = closed.cancelled() => {}
                () = sender.closed() => {}
            }
        });
        Ok(Inviting { request, flow: flow.clone(), answers })
    }

    /// The header that answers a challenge; `None` when there is none, or nothing to answer it with.
    pub(crate) fn authorization(&self, answer: &Response, method: Method, uri: &str) -> Option<Header> {
        let account = self.account.as_ref()?;
        let (challenge, proxy) = challenge_of(answer)?;
        let user = account.settings.auth_user.as_deref().unwrap_or(&account.settings.user);
        let who = Credentials { user, password: account.password.reveal() };
        Some(authorize(&challenge, proxy, who, method, uri, 1))
    }

    fn transaction(
        &self,
        flow: &Flow,
        mut request: Request,
        branch: Option<&str>,
    ) -> Result<Transaction, CallError> {
        if request.via_header().is_err() {
            flow.sign(&mut request, branch);
        }
        let key = TransactionKey::from_request(&request, TransactionRole::Client)
            .map_err(|_| CallError::Malformed("our own request"))?;
        let connection = Some(flow.connection.clone());
        let mut transaction = Transaction::new_client(key, request, self.endpoint.clone(), connection);
        transaction.destination = Some(flow.destination());
        Ok(transaction)
    }
}

impl Inviting {
    /// The CANCEL for this INVITE: the same way, branch and numbers (RFC 3261 section 9.1).
    pub(crate) fn cancel(&self) -> Request {
        let mut cancel = self.request.clone();
        cancel.method = Method::Cancel;
        cancel.body.clear();
        cancel.headers.retain(|header| {
            matches!(
                header,
                Header::Via(_)
                    | Header::Route(_)
                    | Header::MaxForwards(_)
                    | Header::From(_)
                    | Header::To(_)
                    | Header::CallId(_)
                    | Header::UserAgent(_)
            )
        });
        let seq = crate::message::seq(&self.request);
        cancel.headers.push(Header::CSeq(format!("{seq} CANCEL").into()));
        cancel
    }
}

/// The challenge of a 401 or 407 that can be answered, and whether a proxy made it.
pub(crate) fn challenge_of(answer: &Response) -> Option<(Challenge, bool)> {
    let proxy = match answer.status_code.code() {
        401 => false,
        407 => true,
        _ => return None,
    };
    let values = answer.headers.iter().filter_map(|header| match header {
        Header::WwwAuthenticate(value) if !proxy => Some(value.value()),
        Header::ProxyAuthenticate(value) if proxy => Some(value.value()),
        _ => None,
    });
    Challenge::choose(values).map(|challenge| (challenge, proxy))
}

/// The header that answers `challenge`.
pub(crate) fn authorize(
    challenge: &Challenge,
    proxy: bool,
    who: Credentials<'_>,
    method: Method,
    uri: &str,
    count: u32,
) -> Header {
    let value = challenge.answer(who, &method.to_string(), uri, count, &random_text(16));
    if proxy { Header::ProxyAuthorization(value.into()) } else { Header::Authorization(value.into()) }
}
