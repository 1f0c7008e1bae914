use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use vestibule_model::api::{DeviceId, ProblemCode, UserId};
use vestibule_model::{Secret, Timestamp};

use crate::clock::Clock;
use crate::config::{Config, Sip};
use crate::db::Db;
use crate::db::table::{access, call_record, change, idempotency, link, page_session, session, upload};
use crate::exchange::Exchange;
use crate::handler::presence;
use crate::http::{Failure, Reply, Sent, Signed, Write, once};
use crate::keys::Keys;
use crate::licensing;
use crate::limit::Limit;
use crate::mail::Mailer;
use crate::password;
use crate::token::Digest;
use crate::viewer::Viewer;

/// Passwords that are hashed at once: each takes 19 MiB and a processor.
const HASHING: usize = 2;

/// What every handler works with.
pub(crate) struct App {
    db: Db,
    pub(crate) keys: Keys,
    clock: Clock,
    pub(crate) config: Config,
    pub(crate) limits: Limits,
    /// The last change; whoever listens is woken by a later one.
    newest: watch::Sender<i64>,
    /// The server stops: streams end.
    pub(crate) closing: CancellationToken,
    hashing: Semaphore,
    /// What the password of somebody unknown is held against, so that it takes as long.
    pub(crate) nobody: String,
    /// What the exchange reads, where there is one.
    pub(crate) exchange: Option<Exchange>,
    /// What sends mail, where something does.
    pub(crate) mailer: Option<Mailer>,
}

/// How often somebody may do what others could suffer from.
pub(crate) struct Limits {
    /// Sign-in, by e-mail address (as a digest): a guesser gets 2,880 tries a day.
    pub(crate) sign_in: Limit<Digest>,
    /// Sign-in, refresh and links, by where they come from.
    pub(crate) peer: Limit<IpAddr>,
    /// Links that sign a device in.
    pub(crate) links: Limit<UserId>,
    /// PINs, made or renewed.
    pub(crate) pins: Limit<UserId>,
    /// Reports.
    pub(crate) tickets: Limit<UserId>,
    /// All checks of a door.
    pub(crate) checks: Limit<DeviceId>,
    /// Codes at a door that nobody has. With 100 visitors and five digits, a guesser at one door needs about two
    /// days for a hit, and every try stands in the log.
    pub(crate) wrong_codes: Limit<DeviceId>,
    /// Vouchers, redeemed or tried.
    pub(crate) vouchers: Limit<UserId>,
    /// Calls that a device reports.
    pub(crate) calls: Limit<DeviceId>,
    /// What a device says of itself.
    pub(crate) heartbeats: Limit<DeviceId>,
}

/// A step of a handler: one transaction, for one user, at one time.
pub(crate) struct Step<'a> {
    pub(crate) app: &'a App,
    pub(crate) db: &'a Transaction<'a>,
    pub(crate) viewer: Viewer,
    pub(crate) now: Timestamp,
}

impl Limits {
    fn new() -> Self {
        let seconds = Duration::from_secs;
        Self {
            sign_in: Limit::new(10, seconds(30)),
            peer: Limit::new(60, seconds(1)),
            links: Limit::new(10, seconds(60)),
            pins: Limit::new(20, seconds(180)),
            tickets: Limit::new(5, seconds(600)),
            checks: Limit::new(30, seconds(1)),
            wrong_codes: Limit::new(5, seconds(180)),
            vouchers: Limit::new(10, seconds(60)),
            calls: Limit::new(30, seconds(2)),
            heartbeats: Limit::new(10, seconds(5)),
        }
    }
}

impl App {
    pub(crate) fn new(
        db: Db,
        keys: Keys,
        clock: Clock,
        config: Config,
        exchange: Option<Exchange>,
        mailer: Option<Mailer>,
    ) -> Result<Arc<Self>, Failure> {
        if let Some(exchange) = &exchange {
            db.read(|db| exchange.update(db, &keys))?;
        }
        let newest = db.read(change::newest)?;
        let mut nobody = [0; 32];
        getrandom::fill(&mut nobody)?;
        let nobody: String = nobody.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Arc::new(Self {
            db,
            keys,
            clock,
            config,
            limits: Limits::new(),
            newest: watch::Sender::new(newest),
            closing: CancellationToken::new(),
            hashing: Semaphore::new(HASHING),
            nobody: password::hash(&Secret::new(nobody))?,
            exchange,
            mailer,
        }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Wakes whoever listens when something changed.
    pub(crate) fn changes(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// Reads, on a thread for blocking work.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let app = Arc::clone(self);
        blocking(move || app.db.read(work)).await
    }

    /// Writes, on a thread for blocking work, and wakes those who listen.
    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&App, &Transaction<'_>, Timestamp) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let app = Arc::clone(self);
        blocking(move || {
            let asked = Arc::clone(&app);
            let (done, newest) = app.db.write_together(move |db| {
                let now = asked.now();
                let done = work(&asked, db, now)?;
                licensing::follow(db, now)?;
                Ok::<_, Failure>((done, change::newest(db)?))
            })?;
            app.tell_exchange();
            app.newest.send_if_modified(|last| std::mem::replace(last, newest) != newest);
            Ok(done)
        })
        .await
    }

    /// The exchange beside the server, if it has one.
    pub(crate) fn sip(&self) -> Result<&Sip, Failure> {
        let exchange = self.exchange.as_ref();
        exchange.map(|exchange| &exchange.sip).ok_or(Failure::Told(ProblemCode::NotFound))
    }

    /// Brings what the exchange reads up to date. If that fails, what was written is written: it is tried again with
    /// the next write, and within seconds at the latest.
    fn tell_exchange(&self) {
        let Some(exchange) = &self.exchange else { return };
        if let Err(failure) = self.db.read(|db| exchange.update(db, &self.keys)) {
            tracing::error!(?failure, "the exchange could not be told");
        }
    }

    /// Reads for a user.
    pub(crate) async fn read_as<T: Send + 'static>(
        self: &Arc<Self>,
        signed: Signed,
        work: impl FnOnce(&App, &Connection, &Viewer, Timestamp) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let app = Arc::clone(self);
        self.read(move |db| {
            let now = app.now();
            work(&app, db, &signed.viewer(db, now)?, now)
        })
        .await
    }

    /// Writes for a user, once for a key.
    pub(crate) async fn write_once<T: Send + 'static>(
        self: &Arc<Self>,
        signed: Signed,
        write: Write<T>,
        work: impl FnOnce(&Step<'_>, T) -> Result<Reply, Failure> + Send + 'static,
    ) -> Result<Reply, Failure> {
        self.write(move |app, db, now| {
            let viewer = signed.viewer(db, now)?;
            let Write { value, key, digest } = write;
            let sent = Sent { owner: format!("user {}", viewer.user.0), key: &key, digest };
            once(app, db, now, &sent, || work(&Step { app, db, viewer, now }, value))
        })
        .await
    }

    /// Does what takes a processor and memory, a few at a time.
    pub(crate) async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let _turn = self.hashing.acquire().await.map_err(|error| Failure::Internal(error.into()))?;
        blocking(work).await
    }

    /// Shows as offline what was silent for too long, and sees to licences whose time has come.
    pub(crate) async fn look(self: &Arc<Self>) -> Result<(), Failure> {
        self.write(|_, db, now| {
            presence::miss(db, now)?;
            licensing::settle(db, now)
        })
        .await
    }

    /// Forgets what is too old.
    pub(crate) async fn prune(self: &Arc<Self>) -> Result<(), Failure> {
        self.write(|_, db, now| {
            access::prune(db, now)?;
            call_record::prune(db, now)?;
            change::prune(db, now)?;
            idempotency::prune(db, now)?;
            link::prune(db, now)?;
            page_session::prune(db, now)?;
            session::prune(db, now)?;
            upload::prune(db, now)?;
            Ok(())
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::Internal(error.into()))?
}
