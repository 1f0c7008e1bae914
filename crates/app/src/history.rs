//! The history: pages, pictures, what was seen.

use vestibule_ipc::{DeleteCall, Error, ErrorCode, HistoryPage, ListHistory, MarkSeen};
use vestibule_model::CallId;

use crate::App;

impl App {
    /// See [`ListHistory`].
    pub async fn list_history(&self, ask: ListHistory) -> Result<HistoryPage, Error> {
        let (entries, more) = self.inner.storage.with(move |store| store.history(&ask.filter)).await?;
        Ok(HistoryPage { entries, more })
    }

    /// See [`MarkSeen`].
    pub async fn mark_seen(&self, ask: MarkSeen) -> Result<(), Error> {
        self.change_history(move |store| store.mark_seen(ask.up_to)).await
    }

    /// See [`DeleteCall`].
    pub async fn delete_call(&self, ask: DeleteCall) -> Result<(), Error> {
        if self.inner.hub.call(ask.call).is_some() {
            return Err(Error::new(ErrorCode::WrongPhase, "the call is still up"));
        }
        self.change_history(move |store| store.delete_call(ask.call)).await
    }

    /// The picture of a call as JPEG, when one is kept.
    pub async fn picture(&self, call: CallId) -> Result<Option<Vec<u8>>, Error> {
        self.inner.storage.with(move |store| store.picture(call)).await
    }

    /// Changes the history, and tells the windows that it changed.
    pub(crate) async fn change_history<T: Send + 'static>(
        &self,
        change: impl FnOnce(&vestibule_store::Store) -> Result<T, vestibule_store::StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let (done, unseen) =
            self.inner.storage.with(move |store| Ok((change(store)?, store.unseen()?))).await?;
        self.inner.hub.history_changed(unseen);
        Ok(done)
    }
}
