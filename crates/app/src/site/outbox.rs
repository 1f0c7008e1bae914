use vestibule_cloud::{CloudError, Session, Write, Written};
use vestibule_model::api::ProblemCode;
use vestibule_model::{Refusal, VisitorId};
use vestibule_store::{ItemKind, Outcome, Sending};

use super::keychain::InKeychain;
use super::sync::Trouble;
use crate::App;

impl App {
    /// Sends what waits, in its order, up to what does not go through.
    pub(super) async fn send_outbox(&self, session: &Session<InKeychain>) -> Result<(), Trouble> {
        while let Some(sending) = self.inner.storage.with(|store| store.next_to_send()).await? {
            let id = sending.id;
            match send(session, &sending).await {
                Ok(outcome) => self.inner.storage.with(move |store| store.delivered(id, &outcome)).await?,
                Err(CloudError::Problem { code, field }) => {
                    tracing::warn!(?code, field, kind = ?sending.kind, "the site server does not take it");
                    let why = refusal(code);
                    self.inner.storage.with(move |store| store.refused(id, why)).await?;
                }
                Err(error) => return Err(error.into()),
            }
            self.inner.site.settled.send_modify(|count| *count = count.wrapping_add(1));
            match sending.kind {
                ItemKind::Ticket => self.inner.hub.tickets_changed(),
                _ => self.inner.hub.visitors_changed(),
            }
        }
        Ok(())
    }
}

/// Sends something, and gives what the server has after that.
async fn send(session: &Session<InKeychain>, sending: &Sending) -> Result<Outcome, CloudError> {
    let server = sending.server.unwrap_or(VisitorId(0));
    let what = match sending.kind {
        ItemKind::Create => Write::CreateVisitor,
        ItemKind::Change => Write::ChangeVisitor(server),
        ItemKind::RenewPin => Write::RenewPin(server),
        ItemKind::Revoke => Write::RevokeVisitor(server),
        ItemKind::Delete => Write::DeleteVisitor(server),
        ItemKind::Ticket => Write::CreateTicket,
    };
    let written = match session.write(what, &sending.body, &sending.key).await {
        // Another device removed it, or the first try did.
        Err(CloudError::Problem { code: ProblemCode::NotFound, .. }) if sending.server.is_some() => {
            Written::Gone
        }
        other => other?,
    };
    match written {
        Written::Gone => Ok(Outcome::Gone),
        Written::Ticket(ticket) => Ok(Outcome::Ticket(ticket)),
        Written::Visitor(answer) => {
            let led_to = answer.revision;
            if !sending.tried {
                return Ok(Outcome::Visitor { now: answer, led_to });
            }
            // It may be the answer to the first try, from before others changed the visitor or removed it.
            let now = session.visitor(answer.id).await?;
            Ok(now.map_or(Outcome::Gone, |now| Outcome::Visitor { now: Box::new(now), led_to }))
        }
    }
}

fn refusal(code: ProblemCode) -> Refusal {
    match code {
        ProblemCode::Forbidden | ProblemCode::NotFound => Refusal::NotAllowed,
        ProblemCode::RevisionOutdated => Refusal::ChangedElsewhere,
        ProblemCode::NoPinFree | ProblemCode::TooMany => Refusal::TooMany,
        _ => Refusal::BadValue,
    }
}
