use vestibule_ipc::{AccessPage, Error, ListAccess};

use crate::App;

impl App {
    /// See [`ListAccess`].
    pub async fn list_access(&self, ask: ListAccess) -> Result<AccessPage, Error> {
        let (entries, more) = self.inner.storage.with(move |store| store.access(&ask.filter)).await?;
        Ok(AccessPage { entries, more })
    }
}
