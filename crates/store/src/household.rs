//! The users that the resident may see: oneself, and for who administers apartments whoever lives there.

use rusqlite::{Connection, TransactionBehavior};
use vestibule_model::api::{Role, User, UserId};

use crate::Store;
use crate::error::StoreError;
use crate::table::place::{self, Kind};
use crate::table::{Membership, membership};

impl Store {
    /// The resident and the others, in the order of their ids; nobody while the server was not asked, or when the
    /// resident administers no apartment.
    pub fn household(&self) -> Result<Vec<User>, StoreError> {
        let mut reader = self.reader();
        let transaction = reader.transaction()?;
        let Some(membership) = membership::read(&transaction)? else { return Ok(Vec::new()) };
        let own = own(&transaction, &membership)?;
        if own.is_none_or(|own| !administers(&own)) {
            return Ok(Vec::new());
        }
        place::all(&transaction, Kind::User)
    }

    /// Takes the users that the server names in place of those that were known. Returns whether they are others.
    pub fn take_users(&self, users: &[User]) -> Result<bool, StoreError> {
        let mut writer = self.writer();
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before: Vec<User> = place::all(&transaction, Kind::User)?;
        place::clear(&transaction, &[Kind::User])?;
        for user in users {
            place::put(&transaction, Kind::User, user.id.0, Some(user))?;
        }
        let after: Vec<User> = place::all(&transaction, Kind::User)?;
        transaction.commit()?;
        Ok(before != after)
    }

    /// The server has this user as this now, or not any more.
    pub fn put_user(&self, id: UserId, now: Option<&User>) -> Result<(), StoreError> {
        place::put(&self.writer(), Kind::User, id.0, now)
    }
}

/// The resident, as the server last said.
pub(crate) fn own(connection: &Connection, membership: &Membership) -> Result<Option<User>, StoreError> {
    let users: Vec<User> = place::all(connection, Kind::User)?;
    Ok(users.into_iter().find(|user| user.id == membership.user))
}

/// A snapshot says who the resident is. The others stay until they are read anew, unless they are none of the
/// resident's business any more.
pub(crate) fn is_now(connection: &Connection, own: &User) -> Result<(), StoreError> {
    if !administers(own) {
        place::clear(connection, &[Kind::User])?;
    }
    place::put(connection, Kind::User, own.id.0, Some(own))
}

/// Who administers a site does it on its pages, and not by household.
fn administers(own: &User) -> bool {
    own.role == Role::ApartmentAdministrator
}
