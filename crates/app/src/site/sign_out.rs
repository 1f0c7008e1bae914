use std::time::Duration;

use vestibule_ipc::Error;
use vestibule_model::Settings;

use super::keychain::InKeychain;
use crate::App;

/// How long the server is waited for. Whoever is offline can sign out all the same.
const PATIENCE: Duration = Duration::from_secs(5);

impl App {
    /// Signs out of the building: tells its server, as far as it can be reached, and forgets all that was read and
    /// made there, with the calls of this resident.
    pub(crate) async fn leave_site(&self) -> Result<(), Error> {
        let _change = self.inner.site.change.lock().await;
        if self.inner.storage.with(|store| store.membership()).await?.is_none() {
            // A session may be left of a cache that was lost.
            return InKeychain::new(self.inner.storage.keychain()?).forget().await;
        }
        let running = self.inner.site.lock().take();
        let keeper = match running {
            Some(mut running) => {
                running.tasks.shutdown().await;
                match tokio::time::timeout(PATIENCE, running.session.sign_out()).await {
                    Ok(Ok(())) => (),
                    Ok(Err(error)) => tracing::warn!(%error, "the site server was not told of the sign-out"),
                    Err(_) => tracing::warn!("the site server was too slow to be told of the sign-out"),
                }
                running.keeper
            }
            None => InKeychain::new(self.inner.storage.keychain()?),
        };
        self.inner.site.stop().await;
        keeper.forget().await?;
        self.inner.storage.with(|store| store.forget_building()).await?;
        self.intercoms_changed().await?;
        self.change_history(|store| store.forget_calls()).await?;
        self.look_at_all_apartments().await?;
        self.inner.hub.visitors_changed();
        self.inner.hub.access_changed();
        Ok(())
    }

    /// The apartment that was looked at is none of another building, or of another resident.
    pub(super) async fn look_at_all_apartments(&self) -> Result<(), Error> {
        let settings = self.inner.hub.settings();
        if settings.apartment.is_none() {
            return Ok(());
        }
        self.keep_settings(Settings { apartment: None, ..settings }).await
    }
}
