//! From the outbox to the server: what goes next, and what became of it.

use rusqlite::{Connection, TransactionBehavior};
use vestibule_model::api;
use vestibule_model::{Delivery, Refusal, Ticket, VisitorId};

use crate::Store;
use crate::building::visitor_gone;
use crate::error::StoreError;
use crate::table::outbox::{self, Item, ItemKind};
use crate::table::{ItemId, Sending, ticket, to_json, visitor};

/// What the server has after something was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The visitor is this now.
    Visitor {
        /// As it is.
        now: Box<api::Visitor>,
        /// The revision that what was sent led to, which later edits of this device are upon.
        led_to: i64,
    },
    /// There is no such visitor.
    Gone,
    /// The report is this.
    Ticket(Box<api::Ticket>),
}

impl Store {
    /// What to send next, with the bytes that it is sent with from now on: they are on the disk before this returns,
    /// so that a second try is the same, whatever happens meanwhile.
    pub fn next_to_send(&self) -> Result<Option<Sending>, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(item) = outbox::next(&transaction)? else { return Ok(None) };
        let known = item.visitor.map(|id| visitor::one(&transaction, id)).transpose()?.flatten();
        let body = match &item.sent {
            Some(sent) => sent.clone(),
            None => {
                let revision = known.as_ref().and_then(|known| known.now.as_ref()).map(|now| now.revision);
                let body = first_bytes(&item, revision)?;
                outbox::set_sent(&transaction, item.id, &body)?;
                body
            }
        };
        transaction.commit()?;
        Ok(Some(Sending {
            id: item.id,
            kind: item.kind,
            server: known.and_then(|known| known.server),
            body,
            key: item.key,
            tried: item.sent.is_some(),
        }))
    }

    /// The server took it, and has this now.
    pub fn delivered(&self, id: ItemId, outcome: &Outcome) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let db = &transaction;
        let Some(item) = outbox::one(db, id)? else { return Ok(()) };
        if (outcome, item.kind) != (&Outcome::Gone, ItemKind::Change) {
            outbox::delete(db, id)?;
        }
        match (outcome, item.visitor, item.ticket) {
            (Outcome::Visitor { now, led_to }, Some(local), _) => {
                visitor::put_as(db, local, now)?;
                outbox::set_revision(db, local, *led_to)?;
            }
            (Outcome::Gone, Some(local), _) if item.kind == ItemKind::Delete => visitor::delete(db, local)?,
            // An edit that finds nothing to edit is what the resident may want to make anew.
            (Outcome::Gone, Some(local), _) => visitor_gone(db, local)?,
            (Outcome::Ticket(now), _, Some(local)) => ticket::took(db, local, now)?,
            // Nothing else goes with its kind.
            _ => (),
        }
        Ok(transaction.commit()?)
    }

    /// The server does not take it. It stays, and is shown with the reason, until the resident does something else.
    pub fn refused(&self, id: ItemId, why: Refusal) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let db = &transaction;
        let Some(item) = outbox::one(db, id)? else { return Ok(()) };
        outbox::refuse(db, id, why)?;
        if let Some(local) = item.visitor {
            refuse_what_follows(db, &item, local, why)?;
        }
        Ok(transaction.commit()?)
    }

    /// How many wait to be sent.
    pub fn waiting(&self) -> Result<u32, StoreError> {
        outbox::waiting(&self.reader())
    }

    /// Whether a visitor may have been made at the server of which the answer did not come. Until it does, the feed
    /// would tell of that visitor as of somebody else.
    pub fn awaits_answer(&self) -> Result<bool, StoreError> {
        outbox::has_tried_create(&self.reader())
    }

    /// The resident's reports, newest first, with what became of them.
    pub fn tickets(&self) -> Result<Vec<(i64, Ticket)>, StoreError> {
        let mut reader = self.reader();
        let transaction = reader.transaction()?;
        let items = outbox::all(&transaction)?;
        let mut tickets = ticket::all(&transaction)?;
        for (id, ticket) in &mut tickets {
            let item = items.iter().find(|item| item.ticket == Some(*id));
            ticket.delivery = match item.map(|item| item.why) {
                None => Delivery::Sent,
                Some(None) => Delivery::Waiting,
                Some(Some(why)) => Delivery::Refused { why },
            };
        }
        Ok(tickets)
    }
}

/// What goes out at the first try.
fn first_bytes(item: &Item, known: Option<i64>) -> Result<String, StoreError> {
    match item.kind {
        ItemKind::Change => {
            let wanted = item.wanted().ok_or(StoreError::NotFound)?;
            to_json(&outbox::change(wanted, item.revision.or(known).unwrap_or(0)))
        }
        _ => Ok(item.body.clone()),
    }
}

/// What was done after something that is refused was done upon it. Of edits the last one is what the resident wants:
/// it is tried in its place, unless another device came between, and else kept in its place.
fn refuse_what_follows(
    db: &Connection,
    refused: &Item,
    local: VisitorId,
    why: Refusal,
) -> Result<(), StoreError> {
    if !matches!(refused.kind, ItemKind::Create | ItemKind::Change) {
        return Ok(());
    }
    let mut later = outbox::of_visitor(db, local)?;
    later.retain(|item| item.id.0 > refused.id.0);
    let is_new = refused.kind == ItemKind::Create;
    if is_new && later.iter().any(|item| item.kind == ItemKind::Delete) {
        return visitor::delete(db, local);
    }
    let last = later.iter().rposition(|item| item.kind == ItemKind::Change).map(|at| later.remove(at));
    if let Some(last) = &last {
        if why != Refusal::ChangedElsewhere {
            outbox::put_in_place_of(db, last.id, refused)?;
            return outbox::delete(db, refused.id);
        }
        outbox::set_body(db, refused.id, &last.body)?;
        outbox::delete(db, last.id)?;
    }
    for item in later.iter().filter(|item| is_new || item.kind == ItemKind::Change) {
        outbox::delete(db, item.id)?;
    }
    Ok(())
}
