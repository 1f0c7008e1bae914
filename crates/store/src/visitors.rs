//! Visitors as the resident wants them: what the server said, and upon it what waits to be sent.

use rusqlite::{Connection, TransactionBehavior};
use vestibule_model::api::{NewTicket, NewVisitor, Utc};
use vestibule_model::{Delivery, Ticket, Uses, Visitor, VisitorId};

use crate::Store;
use crate::error::StoreError;
use crate::table::outbox::{self, Item, ItemKind, NewItem};
use crate::table::visitor::{self, Known};
use crate::table::{ticket, to_json};

impl Store {
    /// All visitors of this resident's apartments, in the order in which they became known.
    pub fn visitors(&self) -> Result<Vec<Visitor>, StoreError> {
        let mut reader = self.reader();
        let transaction = reader.transaction()?;
        let items = outbox::all(&transaction)?;
        let known = visitor::all(&transaction)?;
        Ok(known.into_iter().filter_map(|known| as_wanted(known, &items)).collect())
    }

    /// Makes a visitor (id 0) or changes one, and has it sent under this key. Codes and delivery are not looked at.
    ///
    /// An edit upon one that nobody has seen becomes part of it.
    pub fn save_visitor(&self, wanted: &Visitor, key: &str) -> Result<VisitorId, StoreError> {
        let body = to_json(&new_visitor(wanted))?;
        self.change(|db| {
            let new = wanted.id == VisitorId(0);
            let known = if new { None } else { Some(there(db, wanted.id)?) };
            let id = match &known {
                Some(known) => known.id,
                None => visitor::add(db)?,
            };
            outbox::delete_refused(db, id)?;
            let items = outbox::of_visitor(db, id)?;
            let last = items.last();
            if let Some(last) = last
                .filter(|last| last.is_untried() && matches!(last.kind, ItemKind::Create | ItemKind::Change))
            {
                outbox::set_body(db, last.id, &body)?;
                return Ok(id);
            }
            let unknown = known.is_none_or(|known| known.server.is_none()) && items.is_empty();
            let kind = if unknown { ItemKind::Create } else { ItemKind::Change };
            add(db, id, kind, key, &body)?;
            Ok(id)
        })
    }

    /// Gives a visitor another PIN. One that was never sent gets its first one anyway.
    pub fn renew_pin(&self, id: VisitorId, key: &str) -> Result<(), StoreError> {
        self.act(id, ItemKind::RenewPin, key)
    }

    /// Takes a visitor's codes back.
    pub fn revoke_visitor(&self, id: VisitorId, key: &str) -> Result<(), StoreError> {
        self.act(id, ItemKind::Revoke, key)
    }

    /// Removes a visitor; one that was never sent at once.
    pub fn delete_visitor(&self, id: VisitorId, key: &str) -> Result<(), StoreError> {
        self.change(|db| {
            let known = there(db, id)?;
            outbox::delete_refused(db, id)?;
            let items = outbox::of_visitor(db, id)?;
            let may_be_there = known.server.is_some() || items.iter().any(|item| item.sent.is_some());
            if !may_be_there {
                return visitor::delete(db, id);
            }
            for item in items.iter().filter(|item| item.is_untried()) {
                outbox::delete(db, item.id)?;
            }
            add(db, id, ItemKind::Delete, key, "")
        })
    }

    /// Reports a problem, and has it sent under this key. Returns the report's local id.
    pub fn add_ticket(&self, new: &Ticket, key: &str) -> Result<i64, StoreError> {
        let body = to_json(&NewTicket {
            description: new.description.clone(),
            email: new.email.clone(),
            diagnostics: new.diagnostics.clone(),
        })?;
        self.change(|db| {
            let id = ticket::add(db, new)?;
            let kind = ItemKind::Ticket;
            outbox::add(
                db,
                &NewItem { kind, visitor: None, ticket: Some(id), key, revision: None, body: &body },
            )?;
            Ok(id)
        })
    }

    fn act(&self, id: VisitorId, kind: ItemKind, key: &str) -> Result<(), StoreError> {
        self.change(|db| {
            let known = there(db, id)?;
            let items = outbox::of_visitor(db, id)?;
            // Something that was never made, and waits for the resident to say what to do with it.
            if known.server.is_none() && !items.iter().any(Item::waits) {
                return Err(StoreError::NotFound);
            }
            outbox::delete_refused(db, id)?;
            let same = items.last().is_some_and(|last| last.is_untried() && last.kind == kind);
            let first = kind == ItemKind::RenewPin
                && items.iter().any(|item| item.kind == ItemKind::Create && item.is_untried());
            if same || first { Ok(()) } else { add(db, id, kind, key, "") }
        })
    }

    fn change<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// A visitor that is there, and was not removed here.
fn there(db: &Connection, id: VisitorId) -> Result<Known, StoreError> {
    let known = visitor::one(db, id)?.ok_or(StoreError::NotFound)?;
    let items = outbox::of_visitor(db, id)?;
    let is_deleted = items.iter().any(|item| item.kind == ItemKind::Delete && item.waits());
    if is_deleted { Err(StoreError::NotFound) } else { Ok(known) }
}

/// Puts something into the outbox, upon the revision that the resident sees; none where one is on its way.
fn add(db: &Connection, id: VisitorId, kind: ItemKind, key: &str, body: &str) -> Result<(), StoreError> {
    let is_first = !outbox::of_visitor(db, id)?.iter().any(Item::waits);
    let known = visitor::one(db, id)?;
    let revision = known.and_then(|known| known.now).map(|now| now.revision).filter(|_| is_first);
    outbox::add(db, &NewItem { kind, visitor: Some(id), ticket: None, key, revision, body })
}

/// What the resident sees of a visitor; `None` for one that is to be removed.
fn as_wanted(known: Known, items: &[Item]) -> Option<Visitor> {
    let id = known.id;
    let mut seen = known.now.map(Visitor::from);
    for item in items.iter().filter(|item| item.visitor == Some(id)) {
        let delivery = match item.why {
            Some(why) => Delivery::Refused { why },
            None => Delivery::Waiting,
        };
        match (item.kind, &mut seen) {
            (ItemKind::Delete, _) if item.waits() => return None,
            (ItemKind::Create, seen @ None) => *seen = Some(visitor(&item.wanted()?)),
            (ItemKind::Change, Some(seen)) if item.waits() => {
                if let Some(wanted) = item.wanted() {
                    overlay(seen, wanted);
                }
            }
            (ItemKind::Revoke, Some(seen)) if item.waits() => seen.revoked = true,
            _ => (),
        }
        if let Some(seen) = &mut seen {
            seen.delivery = delivery;
        }
    }
    seen.map(|seen| Visitor { id, ..seen })
}

/// A visitor that the server does not know.
fn visitor(wanted: &NewVisitor) -> Visitor {
    let mut made = Visitor {
        id: VisitorId(0),
        name: String::new(),
        apartment: wanted.apartment,
        from: None,
        until: None,
        schedule: Vec::new(),
        uses: None,
        apartment_door: false,
        codes: None,
        revoked: false,
        delivery: Delivery::Waiting,
    };
    overlay(&mut made, wanted.clone());
    made
}

fn overlay(seen: &mut Visitor, wanted: NewVisitor) {
    let used = seen.uses.map_or(0, |uses| uses.used);
    seen.name = wanted.name;
    seen.from = wanted.from.map(|from| from.0);
    seen.until = wanted.until.map(|until| until.0);
    seen.schedule = wanted.schedule;
    seen.uses = wanted.uses.map(|allowed| Uses { allowed, used });
    seen.apartment_door = wanted.apartment_door;
}

fn new_visitor(wanted: &Visitor) -> NewVisitor {
    NewVisitor {
        name: wanted.name.clone(),
        apartment: wanted.apartment,
        from: wanted.from.map(Utc),
        until: wanted.until.map(Utc),
        schedule: wanted.schedule.clone(),
        uses: wanted.uses.map(|uses| uses.allowed),
        apartment_door: wanted.apartment_door,
    }
}
