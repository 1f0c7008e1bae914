//! A link that the system was asked to open, and handed to the app.

use vestibule_ipc::{Error, TakeLink};
use vestibule_model::Secret;

use crate::App;

/// Characters of the longest link that is looked at.
const LONGEST: usize = 4_096;

impl App {
    /// Keeps a provisioning link until a window takes it; of several the last. Nothing is done with it before the
    /// resident has confirmed its server, and whatever else comes by this way is dropped.
    pub fn offer_link(&self, link: Secret) {
        let text = link.reveal();
        let is_ours = text.get(..12).is_some_and(|scheme| scheme.eq_ignore_ascii_case("vestibule://"));
        if is_ours && text.len() <= LONGEST {
            self.inner.hub.set_link(Some(link));
        } else {
            tracing::warn!("what the system wants opened is no link of this app");
        }
    }

    /// See [`TakeLink`].
    pub async fn take_link(&self, _: TakeLink) -> Result<Option<Secret>, Error> {
        Ok(self.inner.hub.set_link(None))
    }
}
