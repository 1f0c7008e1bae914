use std::sync::Arc;

use bytes::Bytes;
use rsipstack::sip::{Header, Method, Request, SipMessage};
use rsipstack::transaction::transaction::{Transaction, TransactionEvent, TransactionEventSender};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::core::Core;
use crate::message::{Content, capabilities, response};
use crate::reason::Cancelled;
use crate::warning::warning;

/// What becomes of an INVITE that we answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InviteEvent {
    /// The caller gave up; the INVITE is answered with 487 already.
    Cancelled(Cancelled),
    /// Our 2xx was acknowledged, or we refused and it does not matter whether the peer knows.
    Acknowledged,
}

/// An INVITE that we answer: the first of a call, or a later one.
pub(crate) struct Invite {
    core: Arc<Core>,
    request: Box<Request>,
    tag: String,
    contact: String,
    responder: TransactionEventSender,
}

impl Invite {
    /// Takes the transaction over: says 100 and drives it to its end.
    ///
    /// The receiver closes when the transaction ends; without an acknowledgement before, the peer never got our
    /// 2xx, or we never its ACK.
    pub(crate) fn open(
        core: &Arc<Core>,
        mut transaction: Transaction,
        tag: String,
        contact: String,
    ) -> (Self, UnboundedReceiver<InviteEvent>) {
        let (sender, events) = unbounded_channel();
        let invite = Self {
            core: core.clone(),
            request: Box::new(transaction.original.clone()),
            tag,
            contact,
            responder: transaction.tu_sender.clone(),
        };
        let trying = response(&invite.request, 100, "", &core.user_agent, Vec::new(), None);
        let final_answer =
            |status| response(&invite.request, status, &invite.tag, &core.user_agent, Vec::new(), None);
        let (terminated, unavailable) = (final_answer(487), final_answer(480));
        let stopping = core.stopping.clone();
        core.farewells.spawn(async move {
            transaction.respond(trying).await.ok();
            loop {
                let message = tokio::select! {
                    message = transaction.receive() => message,
                    () = stopping.cancelled() => {
                        // The transaction takes no second final answer.
                        transaction.respond(unavailable).await.ok();
                        return;
                    }
                };
                let event = match message {
                    Some(SipMessage::Request(request)) if request.method == Method::Cancel => {
                        transaction.respond(terminated.clone()).await.ok();
                        InviteEvent::Cancelled(reason(&request))
                    }
                    Some(SipMessage::Request(request)) if request.method == Method::Ack => {
                        InviteEvent::Acknowledged
                    }
                    Some(_) => continue,
                    None => break,
                };
                sender.send(event).ok();
            }
            let answer = transaction.last_response.as_ref();
            if answer.is_some_and(|answer| answer.status_code.code() >= 300) {
                sender.send(InviteEvent::Acknowledged).ok();
            }
        });
        (invite, events)
    }

    /// Answers; what comes after a final answer is ignored by the transaction.
    pub(crate) fn respond(&self, status: u16, extra: Vec<Header>, sdp: Option<Bytes>) {
        let mut headers = Vec::new();
        if (101..300).contains(&status) {
            headers.push(Header::Contact(format!("<{}>", self.contact).into()));
            headers.extend(capabilities());
        }
        headers.extend(extra);
        let answer =
            response(&self.request, status, &self.tag, &self.core.user_agent, headers, sdp.map(Content::sdp));
        self.responder.send(TransactionEvent::Respond(answer)).ok();
    }

    /// Answers with a refusal and its ground.
    pub(crate) fn refuse(&self, status: u16, ground: Option<&str>) {
        let extra = ground.map(|ground| Header::Warning(warning(ground).into())).into_iter().collect();
        self.respond(status, extra, None);
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }
}

/// Answers an INVITE that nobody will look at and sees the transaction to its end.
pub(crate) fn dismiss(core: &Arc<Core>, mut transaction: Transaction, status: u16, extra: Vec<Header>) {
    let tag = crate::message::new_tag();
    let answer = response(&transaction.original, status, &tag, &core.user_agent, extra, None);
    core.run(async move {
        transaction.respond(answer).await.ok();
        while transaction.receive().await.is_some() {}
    });
}

/// The session description of an INVITE; `Err` when its body is something else.
pub(crate) fn offer_of(request: &Request) -> Result<Option<Bytes>, ()> {
    match Content::of(&request.headers, &request.body) {
        None => Ok(None),
        Some(content) if content.is_sdp() => Ok(Some(content.body)),
        Some(_) => Err(()),
    }
}

fn reason(cancel: &Request) -> Cancelled {
    Cancelled::from_reasons(cancel.headers.iter().filter_map(|header| match header {
        Header::Reason(reason) => Some(reason.value()),
        _ => None,
    }))
}
