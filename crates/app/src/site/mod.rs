//! The building: what its site server says, and what the resident does there. Everything is answered from the cache;
//! one task keeps the cache and the server the same, as far as the network allows.

mod access;
mod help;
mod household;
mod keychain;
mod outbox;
mod phone;
mod presence;
mod sign_in;
mod sign_out;
mod sync;
mod visitors;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use vestibule_cloud::{Client, Session};
use vestibule_ipc::{Error, ErrorCode};
use vestibule_model::{Apartment, Device, Intercom, Site};
use vestibule_store::{Building, StoreError};

use crate::{App, Role};
use keychain::InKeychain;

pub use presence::Foreground;

/// The side of the app that speaks to the site server.
pub(crate) struct SiteSide {
    /// Held while somebody signs in or out.
    change: tokio::sync::Mutex<()>,
    running: Mutex<Option<Running>>,
    online: AtomicBool,
    /// When the server was last heard, in milliseconds since 1970.
    heard: AtomicI64,
    /// Something waits to be sent.
    poked: Notify,
    /// Held while the configuration of this phone is asked for and taken over.
    configuring: tokio::sync::Mutex<()>,
    /// Whether the resident looks at the app, and that this changed.
    shown: AtomicBool,
    moved: Notify,
    /// Counts what was sent or refused, for those who wait for it.
    settled: watch::Sender<u64>,
}

struct Running {
    session: Arc<Session<InKeychain>>,
    keeper: InKeychain,
    tasks: JoinSet<()>,
}

impl SiteSide {
    pub(crate) fn new() -> Self {
        Self {
            change: tokio::sync::Mutex::new(()),
            running: Mutex::new(None),
            online: AtomicBool::new(false),
            heard: AtomicI64::new(0),
            poked: Notify::new(),
            configuring: tokio::sync::Mutex::new(()),
            shown: AtomicBool::new(false),
            moved: Notify::new(),
            settled: watch::Sender::new(0),
        }
    }

    /// Ends what runs. Whatever was on its way is asked for again next time.
    pub(crate) async fn stop(&self) {
        let running = self.lock().take();
        if let Some(mut running) = running {
            running.tasks.shutdown().await;
        }
        self.online.store(false, Ordering::Relaxed);
    }

    /// The session, while there is one.
    fn session(&self) -> Option<Arc<Session<InKeychain>>> {
        self.lock().as_ref().map(|running| Arc::clone(&running.session))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// Goes on where the last start ended: follows the server of the building that the cache has.
    pub(crate) async fn open_site(&self) {
        match self.resume_session().await {
            Ok(Some((session, keeper))) => self.follow_site(session, keeper),
            Ok(None) => (),
            Err(error) => tracing::error!(%error, "the building cannot be followed"),
        }
    }

    /// Shows the building as the cache has it.
    pub(crate) async fn show_site(&self) {
        match self.inner.storage.with(|store| store.building()).await {
            Ok(building) => {
                let online = self.inner.site.online.load(Ordering::Relaxed);
                let intercoms = self.inner.hub.intercoms();
                self.inner.hub.set_site(building.map(|building| present(building, online, &intercoms)));
            }
            Err(error) => tracing::error!(%error, "the building cannot be read"),
        }
    }

    /// Something waits to be sent.
    fn poke_site(&self) {
        self.inner.site.poked.notify_one();
    }

    /// Starts the task that keeps cache and server the same. Only the phone of a profile does.
    fn follow_site(&self, session: Session<InKeychain>, keeper: InKeychain) {
        let session = Arc::new(session);
        let mut tasks = JoinSet::new();
        if self.inner.profile.role == Role::Phone {
            tasks.spawn(sync::run(self.clone(), Arc::clone(&session)));
            tasks.spawn(phone::run(self.clone(), Arc::clone(&session)));
            tasks.spawn(presence::run(self.clone(), Arc::clone(&session)));
        }
        *self.inner.site.lock() = Some(Running { session, keeper, tasks });
    }

    /// The session of the keychain, if somebody is signed in.
    async fn resume_session(&self) -> Result<Option<(Session<InKeychain>, InKeychain)>, Error> {
        let Some(membership) = self.inner.storage.with(|store| store.membership()).await? else {
            return Ok(None);
        };
        let keeper = InKeychain::new(self.inner.storage.keychain()?);
        let Some(kept) = keeper.read().await?.filter(|_| membership.signed_in) else {
            if membership.signed_in {
                tracing::warn!("the keychain holds no session any more: sign in again");
                self.inner.storage.with(|store| store.set_signed_in(false)).await?;
                self.show_site().await;
            }
            return Ok(None);
        };
        let server = membership.server.parse().map_err(internal)?;
        let client = Client::new(server).map_err(internal)?;
        let session = match self.inner.profile.role {
            Role::Phone => Session::resume(client, keeper.clone(), kept),
            Role::Check | Role::Desk => Session::beside(client, keeper.clone(), kept),
        };
        Ok(Some((session, keeper)))
    }

    async fn must_be_resident(&self) -> Result<Site, Error> {
        self.inner
            .hub
            .site()
            .ok_or_else(|| Error::new(ErrorCode::NoSite, "nobody is signed in at a site server"))
    }
}

/// A building as its resident sees it.
fn present(building: Building, online: bool, intercoms: &[Intercom]) -> Site {
    let Building { membership, site, apartments, devices, phone, user } = building;
    let device = |device: vestibule_model::api::Device| Device {
        intercom: intercoms.iter().find(|it| is_device(it, &device)).map(|intercom| intercom.id),
        name: device.name,
        kind: device.kind,
        status: device.status,
        apartment: device.apartment,
    };
    let apartment = |apartment: vestibule_model::api::Apartment| Apartment {
        id: apartment.id,
        name: apartment.name,
        has_access_unit: apartment.has_access_unit,
    };
    Site {
        name: site.name,
        address: site.address,
        zone: site.zone,
        pin_length: site.pin_length,
        qr_codes: site.qr_codes,
        apartments: apartments.into_iter().map(apartment).collect(),
        devices: devices.into_iter().map(device).collect(),
        household: household::administers(user.as_ref()),
        licence: site.licence.shown(),
        phone,
        read_at: membership.read_at,
        online: online && membership.signed_in,
        signed_in: membership.signed_in,
    }
}

/// One that was entered by hand is known by its name alone.
fn is_device(intercom: &Intercom, device: &vestibule_model::api::Device) -> bool {
    match intercom.device {
        Some(known) => known == device.id,
        None => intercom.name == device.name,
    }
}

/// What is not there is told apart from what cannot be read.
fn if_there<T>(result: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match result {
        Err(StoreError::NotFound) => Ok(None),
        other => other.map(Some),
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Internal, error.to_string())
}
