use bytes::Bytes;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::sync::oneshot;

use crate::error::CallError;
use crate::uas::Invite;

/// A call that is up. Dropping it hangs up.
pub struct Call {
    pub(crate) control: CallControl,
    pub(crate) events: UnboundedReceiver<CallEvent>,
    pub(crate) over: Option<HangUp>,
}

/// What can be done with a call, from several places at once.
#[derive(Clone)]
pub struct CallControl {
    pub(crate) commands: Sender<Command>,
}

/// What happens in a call.
pub enum CallEvent {
    /// The peer wants to change the session, as to put it on hold.
    Offer(ReOffer),
    /// The peer sent an INFO (RFC 6086), which was answered with 200.
    Info {
        /// Its Content-Type, empty when there was none.
        content_type: String,
        /// Its body.
        body: Bytes,
    },
    /// The call is over. The last event.
    Ended(HangUp),
}

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// The peer.
    Remote,
    /// We did.
    Local,
    /// The peer or the way to it is gone: no answer to a request, 481, or no ACK for our 200.
    Lost,
}

/// A change of the session that the peer asks for. Dropping it refuses with 488.
pub struct ReOffer {
    pub(crate) invite: Option<Invite>,
    pub(crate) sdp: Option<Bytes>,
}

/// What a [`CallControl`] asks of the task that keeps the call.
pub(crate) enum Command {
    Info { kind: String, body: Bytes, reply: oneshot::Sender<Result<u16, CallError>> },
    Reinvite { offer: Bytes, reply: oneshot::Sender<Result<Bytes, CallError>> },
    HangUp { reply: oneshot::Sender<()> },
}

impl Call {
    /// A handle that may be cloned and given away.
    pub fn control(&self) -> CallControl {
        self.control.clone()
    }

    /// The next event. Cancel-safe. After the end it says so again.
    pub async fn next(&mut self) -> CallEvent {
        if let Some(over) = self.over {
            return CallEvent::Ended(over);
        }
        let event = self.events.recv().await.unwrap_or(CallEvent::Ended(HangUp::Lost));
        if let CallEvent::Ended(over) = event {
            self.over = Some(over);
        }
        event
    }
}

impl CallControl {
    /// Sends an INFO (RFC 6086) and returns the status of its answer.
    ///
    /// A 200 proves that it was received, and nothing else.
    pub async fn send_info(&self, content_type: &str, body: Bytes) -> Result<u16, CallError> {
        if content_type.is_empty() || content_type.chars().any(char::is_control) {
            return Err(CallError::BadValue(content_type.to_owned()));
        }
        let (reply, answer) = oneshot::channel();
        let kind = content_type.to_owned();
        self.commands.send(Command::Info { kind, body, reply }).await.map_err(|_| CallError::Over)?;
        answer.await.unwrap_or(Err(CallError::Over))
    }

    /// Offers a change of the session and returns the peer's answer.
    pub async fn reinvite(&self, offer: Bytes) -> Result<Bytes, CallError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Reinvite { offer, reply }).await.map_err(|_| CallError::Over)?;
        answer.await.unwrap_or(Err(CallError::Over))
    }

    /// Ends the call; returns when the peer knows, or after two seconds.
    pub async fn hang_up(&self) {
        let (reply, done) = oneshot::channel();
        if self.commands.send(Command::HangUp { reply }).await.is_ok() {
            done.await.ok();
        }
    }
}

impl ReOffer {
    /// The peer's offer; `None` when it leaves the offer to us.
    pub fn sdp(&self) -> Option<&Bytes> {
        self.sdp.as_ref()
    }

    /// Agrees, with the answer, or with our offer when the peer made none.
    pub async fn accept(mut self, sdp: Bytes) -> Result<(), CallError> {
        let invite = self.invite.take().ok_or(CallError::Over)?;
        invite.respond(200, Vec::new(), Some(sdp));
        Ok(())
    }

    /// Refuses; the session stays as it was (RFC 3261 section 14.2).
    ///
    /// `warning` is a whole Warning value or its text. A status that is no refusal is sent as 488.
    pub async fn refuse(mut self, status: u16, warning: Option<String>) -> Result<(), CallError> {
        let invite = self.invite.take().ok_or(CallError::Over)?;
        let status = if (300..700).contains(&status) { status } else { 488 };
        invite.refuse(status, warning.as_deref());
        Ok(())
    }
}

impl Drop for ReOffer {
    fn drop(&mut self) {
        if let Some(invite) = self.invite.take() {
            invite.refuse(488, None);
        }
    }
}
