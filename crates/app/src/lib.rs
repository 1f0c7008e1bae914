//! Use-cases: calls, doors, history, account, settings, the building. A shell or a command line only delegates to [`App`].
//!
//! Here the domain crates meet: `sip` carries SDP as bytes, `media` reads it, `store` keeps what happened.

mod account;
mod admission;
mod calls;
mod clock;
mod diagnostics;
mod history;
mod hub;
mod intercoms;
mod line;
mod link;
mod profile;
mod ring;
mod settings;
mod site;
mod storage;
mod timing;
mod video;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};
use vestibule_ipc::{AppState, Error, Event, GetState, StorageState};

pub use profile::{Profile, Role, default_profile_dir, keychain_service};
pub use site::Foreground;
pub use vestibule_media::{audio, picture};
pub use vestibule_store::{FileKeychain, Keychain, KeychainError, SystemKeychain};
pub use video::VideoDecoder;

use calls::Calls;
use hub::Hub;
use line::Line;
use ring::Ring;
use site::SiteSide;
use storage::Storage;
use video::VideoFeed;

/// The resident's app without a window. Cheap to clone; all clones are one app.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    profile: Profile,
    hub: Hub,
    storage: Storage,
    video: VideoFeed,
    calls: Calls,
    line: Line,
    ring: Ring,
    site: SiteSide,
}

impl App {
    /// Opens the cache, and registers when an account is set up.
    ///
    /// A cache or a keychain that cannot be used is no error: the app starts, and says so in its
    /// [`StorageState`]. An error means that not even the folder can be made.
    pub async fn start(profile: Profile) -> Result<App, anyhow::Error> {
        tokio::fs::create_dir_all(&profile.dir).await?;
        let app = App {
            inner: Arc::new(Inner {
                hub: Hub::new(StorageState::KeychainLocked),
                storage: Storage::new(&profile),
                video: VideoFeed::new(),
                calls: Calls::new(),
                line: Line::new(),
                ring: Ring::new(profile.ringtone),
                site: SiteSide::new(),
                profile,
            }),
        };
        app.open_storage().await;
        Ok(app)
    }

    /// Every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.inner.hub.subscribe()
    }

    /// Frames of the call on the screen, each a [`vestibule_ipc::video::Frame`], beginning with a key frame.
    pub fn video(&self, decoder: VideoDecoder) -> mpsc::Receiver<Vec<u8>> {
        self.inner.video.watch(decoder)
    }

    /// See [`GetState`].
    pub async fn get_state(&self, _: GetState) -> Result<AppState, Error> {
        Ok(self.inner.hub.snapshot())
    }

    /// Where SIP is listened for, while it is.
    pub fn sip_address(&self) -> Option<SocketAddr> {
        self.inner.line.agent().map(|agent| agent.local_addr())
    }

    /// How many calls from nobody that may ring were refused since the account was last changed.
    pub fn strangers_refused(&self) -> u64 {
        self.inner.line.agent().map(|agent| agent.counters().strangers).unwrap_or_default()
    }

    /// Hangs up, un-registers and closes the cache. Bounded: a server that does not answer is not waited for.
    pub async fn shut_down(&self) {
        self.end_all_calls().await;
        self.inner.site.stop().await;
        self.inner.line.stop().await;
        self.inner.storage.close();
    }
}
