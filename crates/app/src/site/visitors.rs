use uuid::Uuid;
use vestibule_ipc::{DeleteVisitor, Error, ErrorCode, ListVisitors, RenewPin, RevokeVisitor, SaveVisitor};
use vestibule_model::{Visitor, VisitorId};
use vestibule_store::{Store, StoreError};

use super::if_there;
use crate::App;

/// Characters of a name, at most, as a site server takes it.
const NAME: usize = 100;

impl App {
    /// See [`ListVisitors`].
    pub async fn list_visitors(&self, _: ListVisitors) -> Result<Vec<Visitor>, Error> {
        self.inner.storage.with(|store| store.visitors()).await
    }

    /// See [`SaveVisitor`].
    pub async fn save_visitor(&self, ask: SaveVisitor) -> Result<VisitorId, Error> {
        let site = self.must_be_resident().await?;
        let visitor = ask.visitor;
        if let Some(wrong) = wrong(&visitor) {
            return Err(Error::new(ErrorCode::BadValue, wrong));
        }
        let Some(apartment) = site.apartments.iter().find(|apartment| apartment.id == visitor.apartment)
        else {
            return Err(Error::new(ErrorCode::BadValue, "a visitor is one of an own apartment"));
        };
        if visitor.apartment_door && !apartment.has_access_unit {
            return Err(Error::new(
                ErrorCode::BadValue,
                "the apartment has no door of its own with a reader",
            ));
        }
        self.do_to_visitor(move |store, key| store.save_visitor(&visitor, key)).await
    }

    /// See [`RenewPin`].
    pub async fn renew_pin(&self, ask: RenewPin) -> Result<(), Error> {
        self.do_to_visitor(move |store, key| store.renew_pin(ask.visitor, key)).await
    }

    /// See [`RevokeVisitor`].
    pub async fn revoke_visitor(&self, ask: RevokeVisitor) -> Result<(), Error> {
        self.do_to_visitor(move |store, key| store.revoke_visitor(ask.visitor, key)).await
    }

    /// See [`DeleteVisitor`].
    pub async fn delete_visitor(&self, ask: DeleteVisitor) -> Result<(), Error> {
        self.do_to_visitor(move |store, key| store.delete_visitor(ask.visitor, key)).await
    }

    /// Writes what the resident did, with the key that it is sent with, and has it sent.
    async fn do_to_visitor<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        self.must_be_resident().await?;
        let key = Uuid::new_v4().to_string();
        let done = self.inner.storage.with(move |store| if_there(work(store, &key))).await?;
        let done = done.ok_or_else(|| Error::new(ErrorCode::BadValue, "no such visitor"))?;
        self.inner.hub.visitors_changed();
        self.poke_site();
        Ok(done)
    }
}

/// What no site server would take.
fn wrong(visitor: &Visitor) -> Option<&'static str> {
    if visitor.name.trim().is_empty() || visitor.name.chars().count() > NAME {
        return Some("a visitor needs a name of at most 100 characters");
    }
    if visitor.until.zip(visitor.from).is_some_and(|(until, from)| until <= from) {
        return Some("a visit ends after its begin");
    }
    if visitor.uses.is_some_and(|uses| uses.allowed == 0) {
        return Some("codes work once at least");
    }
    None
}
