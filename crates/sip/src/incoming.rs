use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use rsipstack::sip::{Header, HeadersExt, Request};
use rsipstack::transaction::transaction::Transaction;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::call::Call;
use crate::core::Core;
use crate::counters::Tally;
use crate::dialog::Dialog;
use crate::error::CallError;
use crate::flow::Flow;
use crate::message::{call_id, display_name, from_tag, new_tag, seq, uri_of};
use crate::reason::Cancelled;
use crate::session::{self, Beginning};
use crate::uas::{Invite, InviteEvent, dismiss, offer_of};

/// The other side of a call, as its messages say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// `user@host` of the From header, with the port when it holds one; unproved.
    pub address: String,
    /// The name in the From header.
    pub display_name: Option<String>,
    /// Where its messages come from: the server, for a call through one.
    pub source: SocketAddr,
    /// Which way it came.
    pub arrival: Arrival,
}

/// Which way a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// From the registrar or proxy, or from a user who registered here.
    Registrar,
    /// Straight from a listed address.
    Direct,
}

/// A call that rings here. Dropping it answers 480.
pub struct IncomingCall {
    peer: Peer,
    call_id: String,
    received: Instant,
    offer: Option<Bytes>,
    early: Option<Early>,
    events: UnboundedReceiver<InviteEvent>,
    cancelled: Option<Cancelled>,
}

/// What an unanswered call needs for its answer.
struct Early {
    invite: Invite,
    dialog: Dialog,
    flow: Flow,
}

impl IncomingCall {
    /// Who calls.
    pub fn caller(&self) -> &Peer {
        &self.peer
    }

    /// The Call-ID, the same on all devices that ring.
    pub fn call_id(&self) -> &str {
        &self.call_id
    }

    /// When the INVITE was received.
    pub fn received(&self) -> Instant {
        self.received
    }

    /// The caller's session description; `None` when it leaves the offer to us.
    pub fn offer(&self) -> Option<&Bytes> {
        self.offer.as_ref()
    }

    /// Tells the caller that it rings here: 180, or 183 with an early session description.
    ///
    /// Fails with [`CallError::Cancelled`] when the caller gave up.
    pub async fn ring(&mut self, early: Option<Bytes>) -> Result<(), CallError> {
        self.notice();
        let invite = self.invite()?;
        match early {
            Some(sdp) => invite.respond(183, Vec::new(), Some(sdp)),
            None => invite.respond(180, Vec::new(), None),
        }
        Ok(())
    }

    /// Waits until the caller gives up. Cancel-safe.
    pub async fn cancelled(&mut self) -> Cancelled {
        loop {
            if let Some(cancelled) = self.cancelled {
                return cancelled;
            }
            match self.events.recv().await {
                Some(InviteEvent::Cancelled(why)) => self.cancelled = Some(why),
                Some(InviteEvent::Acknowledged) => {}
                // The transaction ended: the user agent stopped.
                None => self.cancelled = Some(Cancelled::GaveUp),
            }
        }
    }

    /// Answers with 200, sent again until it is acknowledged, and makes it a call.
    ///
    /// Fails with [`CallError::Cancelled`] when the caller gave up first. A CANCEL that crosses the 200 on the
    /// wire has no effect (RFC 3261 section 9.2).
    pub async fn answer(mut self, sdp: Bytes) -> Result<Call, CallError> {
        self.notice();
        self.invite()?;
        let early = self.finish().ok_or(CallError::Over)?;
        let events = std::mem::replace(&mut self.events, tokio::sync::mpsc::unbounded_channel().1);
        let core = early.invite.core().clone();
        let beginning = Beginning::Answered { invite: early.invite, events, sdp };
        Ok(session::start(&core, early.dialog, early.flow, beginning))
    }

    /// Declines: 486 busy, 603 decline, 488 with a warning, and the like.
    ///
    /// `warning` is a whole Warning value or its text. A status that is no refusal is sent as 480.
    pub async fn reject(mut self, status: u16, warning: Option<String>) -> Result<(), CallError> {
        self.notice();
        let status = if (300..700).contains(&status) { status } else { 480 };
        self.invite()?.refuse(status, warning.as_deref());
        self.finish();
        Ok(())
    }

    fn notice(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            if let InviteEvent::Cancelled(why) = event {
                self.cancelled = Some(why);
            }
        }
    }

    fn invite(&self) -> Result<&Invite, CallError> {
        if self.cancelled.is_some() {
            return Err(CallError::Cancelled);
        }
        self.early.as_ref().map(|early| &early.invite).ok_or(CallError::Over)
    }

    fn finish(&mut self) -> Option<Early> {
        let early = self.early.take()?;
        early.invite.core().ringing.lock().remove(&ringing_key(early.invite.request()));
        Some(early)
    }
}

impl Drop for IncomingCall {
    fn drop(&mut self) {
        if let Some(early) = self.finish() {
            early.invite.refuse(480, None);
        }
    }
}

/// What tells one INVITE from another, whatever way it took here.
pub(crate) fn ringing_key(invite: &Request) -> (String, String, u32) {
    (call_id(invite), from_tag(invite), seq(invite))
}

/// Takes the first INVITE of a call, or refuses it.
pub(crate) fn begin(core: &Arc<Core>, transaction: Transaction) {
    let received = Instant::now();
    let Some(flow) = transaction.connection.as_ref().and_then(|connection| core.flow_of(connection)) else {
        return dismiss(core, transaction, 503, Vec::new());
    };
    let Some(arrival) = core.arrival(&flow) else {
        tracing::info!(source = %flow.remote, "a stranger may not ring");
        Tally::add(&core.tally.strangers);
        return dismiss(core, transaction, 403, Vec::new());
    };
    let request = &transaction.original;
    if let Some(unknown) = required(request) {
        return dismiss(core, transaction, 420, vec![Header::Unsupported(unknown.into())]);
    }
    let Ok(offer) = offer_of(request) else {
        return dismiss(core, transaction, 415, vec![Header::Accept(crate::message::SDP.into())]);
    };
    let tag = new_tag();
    let Some(dialog) = Dialog::from_invite(request, &tag) else {
        return dismiss(core, transaction, 400, Vec::new());
    };
    if core.stopping.is_cancelled() {
        return dismiss(core, transaction, 480, Vec::new());
    }
    if !core.ringing.lock().insert(ringing_key(request)) {
        // The same call on a second way (RFC 3261 section 8.2.2.2): it must not ring twice.
        return dismiss(core, transaction, 482, Vec::new());
    }
    let from = request.from_header().map(|from| from.value().to_owned()).unwrap_or_default();
    let peer =
        Peer { address: address(&from), display_name: display_name(&from), source: flow.remote, arrival };
    let call_id = call_id(request);
    let contact = core.contact_uri(&flow);
    let (invite, events) = Invite::open(core, transaction, tag, contact);
    let early = Some(Early { invite, dialog, flow });
    let call = IncomingCall { peer, call_id, received, offer, early, events, cancelled: None };
    // Nobody takes calls any more, or far too many wait: the drop answers.
    core.incoming.try_send(call).ok();
}

/// The options that a caller requires: none of them is spoken here.
fn required(request: &Request) -> Option<String> {
    request.headers.iter().find_map(|header| match header {
        Header::Require(options) if !options.value().trim().is_empty() => Some(options.value().to_owned()),
        _ => None,
    })
}

fn address(from: &str) -> String {
    let Some(uri) = uri_of(from) else {
        return String::new();
    };
    match uri.user() {
        Some(user) => format!("{user}@{}", uri.host_with_port),
        None => uri.host_with_port.to_string(),
    }
}
