//! What the site server says of the building, taken over whole or change by change.

use rusqlite::{Connection, TransactionBehavior};
use vestibule_model::api::{self, Access, Change, Changes, Snapshot};
use vestibule_model::{PhoneSetup, Refusal, Timestamp, VisitorId};

use crate::Store;
use crate::error::StoreError;
use crate::household;
use crate::table::outbox::{self, ItemKind};
use crate::table::place::{self, Kind};
use crate::table::{Membership, access, membership, phone, ticket, visitor};

/// The building of this resident, as the server last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Where the resident is signed in.
    pub membership: Membership,
    /// The building.
    pub site: api::Site,
    /// The resident's own apartments.
    pub apartments: Vec<api::Apartment>,
    /// Devices that the resident may see.
    pub devices: Vec<api::Device>,
    /// How it configures this phone.
    pub phone: PhoneSetup,
    /// The resident; `None` in a cache from before the server was asked.
    pub user: Option<api::User>,
}

/// What a page of changes was about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Site, apartments, devices or contacts.
    pub building: bool,
    /// Visitors.
    pub visitors: bool,
    /// The access log.
    pub access: bool,
    /// Reports.
    pub tickets: bool,
}

/// Everything anew.
#[derive(Clone, Copy, Debug)]
pub struct Anew<'a> {
    /// The server that said it.
    pub server: &'a str,
    /// What it said.
    pub snapshot: &'a Snapshot,
    /// The newest lines of its access log.
    pub access: &'a api::Page<Access>,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The building of this resident; `None` when nobody is signed in.
    pub fn building(&self) -> Result<Option<Building>, StoreError> {
        let mut reader = self.reader();
        let transaction = reader.transaction()?;
        let Some(membership) = membership::read(&transaction)? else { return Ok(None) };
        let sites: Vec<api::Site> = place::all(&transaction, Kind::Site)?;
        let Some(site) = sites.into_iter().find(|site| site.id == membership.site) else { return Ok(None) };
        let mut apartments: Vec<api::Apartment> = place::all(&transaction, Kind::Apartment)?;
        apartments.retain(|apartment| membership.apartments.contains(&apartment.id));
        let mut devices: Vec<api::Device> = place::all(&transaction, Kind::Device)?;
        devices.retain(|device| device.site == site.id);
        let phone = phone::read(&transaction)?;
        let user = household::own(&transaction, &membership)?;
        Ok(Some(Building { membership, site, apartments, devices, phone, user }))
    }

    /// The facility management of the resident's site.
    pub fn contacts(&self) -> Result<Vec<api::Contact>, StoreError> {
        let mut reader = self.reader();
        let transaction = reader.transaction()?;
        let Some(membership) = membership::read(&transaction)? else { return Ok(Vec::new()) };
        let mut contacts: Vec<api::Contact> = place::all(&transaction, Kind::Contact)?;
        contacts.retain(|contact| contact.site == membership.site);
        Ok(contacts)
    }

    /// Takes a snapshot in place of everything that was there, in one transaction with its cursor. What waits to be
    /// sent stays.
    pub fn take_snapshot(&self, anew: Anew<'_>) -> Result<(), StoreError> {
        let Anew { server, snapshot, access: lines, at } = anew;
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let db = &transaction;
        place::clear(db, &[Kind::Site, Kind::Apartment, Kind::Device, Kind::Contact])?;
        for site in &snapshot.sites {
            place::put(db, Kind::Site, site.id.0, Some(site))?;
        }
        for apartment in &snapshot.apartments {
            place::put(db, Kind::Apartment, apartment.id.0, Some(apartment))?;
        }
        for device in &snapshot.devices {
            place::put(db, Kind::Device, device.id.0, Some(device))?;
        }
        for contact in &snapshot.contacts {
            place::put(db, Kind::Contact, contact.id.0, Some(contact))?;
        }
        household::is_now(db, &snapshot.user)?;
        for known in visitor::all(db)? {
            let Some(server) = known.server else { continue };
            match snapshot.visitors.iter().find(|now| now.id == server) {
                None => visitor_gone(db, known.id)?,
                // A server that was restored may have given the same number to somebody else since.
                Some(now) if known.now.is_some_and(|before| is_another(&before, now)) => {
                    refuse_all(db, known.id)?;
                }
                Some(_) => (),
            }
        }
        for now in &snapshot.visitors {
            visitor::put(db, now)?;
        }
        ticket::retain(db, &snapshot.tickets)?;
        for now in &snapshot.tickets {
            ticket::put(db, now)?;
        }
        access::clear(db)?;
        for line in &lines.items {
            access::put(db, line)?;
        }
        let membership = Membership {
            server: server.to_owned(),
            user: snapshot.user.id,
            site: snapshot.user.site,
            apartments: snapshot.user.apartments.clone(),
            signed_in: true,
            cursor: snapshot.cursor.clone(),
            read_at: at,
            access_cursor: lines.next.clone(),
        };
        membership::write(db, &membership)?;
        Ok(transaction.commit()?)
    }

    /// Takes a page of changes, in one transaction with its cursor.
    pub fn take_changes(&self, changes: &Changes, at: Timestamp) -> Result<Touched, StoreError> {
        let mut touched = Touched::default();
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for change in &changes.items {
            take(&transaction, change, &mut touched)?;
        }
        membership::set_cursor(&transaction, &changes.cursor, at)?;
        transaction.commit()?;
        Ok(touched)
    }

    /// Takes a page of older lines of the access log, in one transaction with the place of the next.
    pub fn take_access(&self, lines: &[Access], next: Option<&str>) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for line in lines {
            access::put(&transaction, line)?;
        }
        membership::set_access_cursor(&transaction, next)?;
        Ok(transaction.commit()?)
    }

    /// Forgets the building, whoever lived there, and what was not sent.
    pub fn forget_building(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(
            "DELETE FROM outbox; DELETE FROM visitor; DELETE FROM ticket; DELETE FROM access;
             DELETE FROM access_name; DELETE FROM place; DELETE FROM membership;
             DELETE FROM phone; DELETE FROM intercom WHERE device IS NOT NULL;",
        )?;
        Ok(transaction.commit()?)
    }
}

fn take(db: &Connection, change: &Change, touched: &mut Touched) -> Result<(), StoreError> {
    match change {
        Change::Site { id, now } => place::put(db, Kind::Site, id.0, now.as_ref())?,
        Change::Apartment { id, now } => place::put(db, Kind::Apartment, id.0, now.as_ref())?,
        Change::Device { id, now } => place::put(db, Kind::Device, id.0, now.as_ref())?,
        Change::Contact { id, now } => place::put(db, Kind::Contact, id.0, now.as_ref())?,
        Change::Visitor { now: Some(now), .. } => visitor::put(db, now)?,
        Change::Visitor { id, now: None } => {
            if let Some(known) = visitor::by_server(db, *id)? {
                visitor_gone(db, known)?;
            }
        }
        Change::Access { now: Some(now), .. } => access::put(db, now)?,
        Change::Access { id, now: None } => access::delete(db, *id)?,
        Change::Ticket { now: Some(now), .. } => ticket::put(db, now)?,
        Change::Ticket { id, now: None } => ticket::delete(db, *id)?,
        // The app keeps the calls that it saw itself.
        Change::CallRecord { .. } | Change::Unknown => return Ok(()),
    }
    match change {
        Change::Visitor { .. } => touched.visitors = true,
        Change::Access { .. } => touched.access = true,
        Change::Ticket { .. } => touched.tickets = true,
        _ => touched.building = true,
    }
    Ok(())
}

/// The server has it no more. An edit that was not sent is not lost with it: it stays as a visitor that was refused.
pub(crate) fn visitor_gone(db: &Connection, id: VisitorId) -> Result<(), StoreError> {
    let items = outbox::of_visitor(db, id)?;
    let is_deleted = items.iter().any(|item| item.kind == ItemKind::Delete && item.waits());
    let edit = items.iter().rfind(|item| matches!(item.kind, ItemKind::Create | ItemKind::Change));
    let Some(edit) = edit.filter(|_| !is_deleted) else { return visitor::delete(db, id) };
    visitor::unknown(db, id)?;
    for item in items.iter().filter(|item| item.id != edit.id) {
        outbox::delete(db, item.id)?;
    }
    outbox::turn_into_refused_create(db, edit.id, Refusal::ChangedElsewhere)
}

/// What was done to a visitor that is no longer the one that was seen.
fn refuse_all(db: &Connection, id: VisitorId) -> Result<(), StoreError> {
    for item in outbox::of_visitor(db, id)?.iter().filter(|item| item.waits()) {
        outbox::refuse(db, item.id, Refusal::ChangedElsewhere)?;
    }
    Ok(())
}

/// Revisions only grow, and codes never change without them.
fn is_another(before: &api::Visitor, now: &api::Visitor) -> bool {
    before.revision > now.revision
        || before.apartment != now.apartment
        || (before.revision == now.revision && before.codes != now.codes)
}
