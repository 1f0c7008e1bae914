//! The SIP account: set up, changed, signed out.

use vestibule_ipc::{Error, ErrorCode, SaveAccount, SignOut};
use vestibule_model::{Registration, Settings};

use crate::App;

impl App {
    /// See [`SaveAccount`].
    pub async fn save_account(&self, ask: SaveAccount) -> Result<(), Error> {
        ask.account.check().map_err(|problem| Error::new(ErrorCode::BadAccount, problem.to_string()))?;
        self.must_be_ours().await?;
        match ask.password {
            Some(password) => self.inner.storage.set_sip_password(Some(password)).await?,
            None if self.inner.storage.sip_password().await?.is_none() => {
                return Err(Error::new(ErrorCode::BadAccount, "the account needs a password"));
            }
            None => {}
        }
        let settings = Settings { account: Some(ask.account), ..self.inner.hub.settings() };
        self.keep_settings(settings).await?;
        self.connect().await;
        Ok(())
    }

    /// See [`SignOut`].
    pub async fn sign_out(&self, _: SignOut) -> Result<(), Error> {
        self.end_all_calls().await;
        self.inner.line.stop().await;
        self.inner.storage.set_sip_password(None).await?;
        let settings = Settings { account: None, ..self.inner.hub.settings() };
        self.keep_settings(settings).await?;
        self.inner.hub.set_registration(Registration::NotConfigured);
        self.leave_site().await?;
        // Without an account an intercom on the same network may still call directly.
        self.connect().await;
        Ok(())
    }
}
