use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use vestibule_cloud::{CloudError, Session};
use vestibule_ipc::Event;
use vestibule_model::api::Presence;
use vestibule_model::{PhoneState, Registration};

use super::keychain::InKeychain;
use crate::App;

/// How often the building is told how this phone stands, as it wants it; after three times it takes it for offline.
const BEAT: Duration = Duration::from_secs(60);
/// Changes that follow each other are told together.
const SETTLE: Duration = Duration::from_secs(1);

/// Whether the resident looks at the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreground {
    /// One of its windows has the focus.
    Shown,
    /// It waits behind others, or in the tray.
    Hidden,
}

/// Tells the building how this phone stands, each minute and when it changes, until the session is over.
pub(super) async fn run(app: App, session: Arc<Session<InKeychain>>) {
    let mut events = app.subscribe();
    let mut told = None;
    loop {
        let presence = app.presence();
        if let Some(presence) = presence {
            match session.presence(presence).await {
                Ok(()) => (),
                Err(CloudError::SignedOut) => return,
                Err(error) => tracing::debug!(%error, "the building was not told how this phone stands"),
            }
        }
        told = presence.or(told);
        let beat = tokio::time::sleep(BEAT);
        tokio::pin!(beat);
        loop {
            tokio::select! {
                () = &mut beat => break,
                event = events.recv() => match event {
                    Ok(Event::Registration(_) | Event::Site(_)) | Err(RecvError::Lagged(_)) => (),
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                },
                () = app.inner.site.moved.notified() => (),
            }
            tokio::time::sleep(SETTLE).await;
            if app.presence() != told {
                break;
            }
        }
    }
}

impl App {
    /// Says whether the resident looks at the app.
    pub fn set_foreground(&self, foreground: Foreground) {
        let shown = foreground == Foreground::Shown;
        if self.inner.site.shown.swap(shown, Ordering::Relaxed) != shown {
            self.inner.site.moved.notify_one();
        }
    }

    /// How this phone stands; `None` where the building does not know it.
    fn presence(&self) -> Option<Presence> {
        let phone = self.inner.hub.site()?.phone;
        match phone.state {
            PhoneState::Configured => (),
            PhoneState::Unsupported(_) => return Some(Presence::NeedsConfiguration),
            _ => return None,
        }
        let shown = self.inner.site.shown.load(Ordering::Relaxed);
        Some(match self.inner.hub.snapshot().registration {
            Registration::Registered { .. } if shown => Presence::Registered,
            Registration::Registered { .. } => Presence::Ready,
            Registration::Registering => Presence::Online,
            _ => Presence::NotRegistered,
        })
    }
}
