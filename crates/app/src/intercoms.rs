//! The intercoms that this resident knows.

use vestibule_ipc::{DeleteIntercom, Error, ErrorCode, SaveIntercom};
use vestibule_model::{Intercom, IntercomId};

use crate::App;

impl App {
    /// See [`SaveIntercom`].
    pub async fn save_intercom(&self, ask: SaveIntercom) -> Result<IntercomId, Error> {
        let intercom = ask.intercom;
        if intercom.name.trim().is_empty() || intercom.switches.iter().any(|s| s.name.trim().is_empty()) {
            return Err(Error::new(ErrorCode::BadValue, "an intercom and each of its switches need a name"));
        }
        self.must_be_entered_here(intercom.id).await?;
        let id = self.inner.storage.with(move |store| store.save_intercom(&intercom)).await?;
        self.intercoms_changed().await?;
        Ok(id)
    }

    /// See [`DeleteIntercom`].
    pub async fn delete_intercom(&self, ask: DeleteIntercom) -> Result<(), Error> {
        self.must_be_entered_here(ask.intercom).await?;
        self.inner.storage.with(move |store| store.delete_intercom(ask.intercom)).await?;
        // A new intercom may get its id, and must ring.
        let mut settings = self.inner.hub.settings();
        if settings.silent.contains(&ask.intercom) {
            settings.silent.retain(|silent| *silent != ask.intercom);
            self.keep_settings(settings).await?;
        }
        self.intercoms_changed().await
    }

    /// One that the building put into the list is the building's, as the account is.
    async fn must_be_entered_here(&self, id: IntercomId) -> Result<(), Error> {
        let known = self.inner.hub.intercoms().into_iter().find(|intercom| intercom.id == id);
        match known {
            Some(Intercom { device: Some(_), .. }) => self.must_be_ours().await,
            _ => Ok(()),
        }
    }

    pub(crate) async fn intercoms_changed(&self) -> Result<(), Error> {
        let intercoms = self.inner.storage.with(|store| store.intercoms()).await?;
        self.inner.hub.set_intercoms(intercoms);
        // Its devices are told which of them can be called from here.
        self.show_site().await;
        self.update_direct_peers().await;
        Ok(())
    }
}
