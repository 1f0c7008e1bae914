//! The core as the shell holds it: it starts while the windows are made, and commands wait for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager};
use tokio::sync::SetOnce;
use vestibule_app::{App, Foreground, Profile, Role, SystemKeychain, keychain_service};
use vestibule_ipc::{Error, ErrorCode};

use crate::profile::Place;

/// The ringtone; its source and licence are in `assets/`.
static RINGTONE: &[u8] = include_bytes!("../../assets/ringtone.wav");

/// How long the registrar and the peers may take to hear that we go. The session that ends us waits no longer.
const FAREWELL: Duration = Duration::from_secs(4);

/// The core, as soon as it has started.
#[derive(Default)]
pub(crate) struct Phone {
    started: SetOnce<Result<App, Error>>,
    /// Whether a window has the focus.
    shown: AtomicBool,
}

impl Phone {
    /// Starts the core on a profile. Whoever waits in [`Phone::app`] gets it, or hears why there is none.
    pub(crate) async fn start(&self, place: &Place, listen: SocketAddr) {
        let profile = Profile {
            role: Role::Phone,
            dir: place.dir.clone(),
            keychain: Arc::new(SystemKeychain::new(keychain_service(&place.dir))),
            listen,
            media_address: None,
            audio: None,
            ringtone: Some(RINGTONE),
        };
        let started = App::start(profile).await.map_err(|error| {
            tracing::error!("the core did not start: {error:#}");
            Error::new(ErrorCode::Internal, format!("{error:#}"))
        });
        if let Ok(app) = &started {
            app.set_foreground(self.foreground());
        }
        if self.started.set(started).is_err() {
            tracing::error!("the core was started twice");
        }
    }

    /// The core, once it has started.
    pub(crate) async fn app(&self) -> Result<App, Error> {
        self.started.wait().await.clone()
    }

    /// Takes note of whether a window has the focus; the building shows it to the household.
    pub(crate) fn look(&self, shown: bool) {
        self.shown.store(shown, Ordering::Relaxed);
        if let Some(Ok(app)) = self.started.get() {
            app.set_foreground(self.foreground());
        }
    }

    fn foreground(&self) -> Foreground {
        if self.shown.load(Ordering::Relaxed) { Foreground::Shown } else { Foreground::Hidden }
    }

    async fn shut_down(&self) {
        let Some(Ok(app)) = self.started.get() else { return };
        if tokio::time::timeout(FAREWELL, app.shut_down()).await.is_err() {
            tracing::warn!("the farewell took too long and was cut short");
        }
    }
}

/// Ends the app: calls are hung up, the registrar is told, the cache is closed.
pub(crate) async fn quit(handle: AppHandle) {
    tracing::info!("ending");
    crate::windows::hide_all(&handle);
    handle.state::<Phone>().shut_down().await;
    handle.exit(0);
}
