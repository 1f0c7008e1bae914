use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Data};
use crate::db::table::server;
use crate::db::{Db, OpenError};
use crate::exchange::Exchange;
use crate::keys::{Keys, KeysError};
use crate::mail::{self, MailError, Mailer};
use crate::{listen, router};

/// How often what is too old is forgotten.
const PRUNE: Duration = Duration::from_secs(3600);
/// How often it is looked who has fallen silent, and whose licence is over.
const LOOK: Duration = Duration::from_secs(15);
/// How long a server that stops waits for requests that were begun.
const GRACE: Duration = Duration::from_secs(20);

/// A server that is ready to serve.
pub struct Server {
    app: Arc<App>,
}

/// Why the server did not start, or stopped.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The keys could not be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The keys are not those that this database was made with: no PIN could be read or found.
    #[error("these are not the keys of this database")]
    OtherKeys,
    /// `init` was not run, or did not end.
    #[error("there is no site yet: run init")]
    Empty,
    /// Mail cannot be set up.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The first steps failed.
    #[error("the server could not begin")]
    Begin,
}

impl Server {
    /// Opens what [`crate::Admin::init`] made.
    pub fn open(data: &Data, config: Config, clock: Clock) -> Result<Self, ServerError> {
        let keys = Keys::read(&data.keys)?;
        let db = Db::open(&data.database())?;
        match db.read(|db| server::has_keys(db, &keys)).map_err(OpenError::Sqlite)? {
            Some(true) => (),
            Some(false) => return Err(ServerError::OtherKeys),
            None => return Err(ServerError::Empty),
        }
        let begin = |failure| {
            tracing::error!(?failure, "the server could not begin");
            ServerError::Begin
        };
        let exchange = config.sip.clone().map(|sip| Exchange::open(&data.exchange(&sip), sip));
        let exchange = exchange.transpose().map_err(begin)?;
        let mailer = config.mail.as_ref().map(Mailer::new).transpose()?;
        let app = App::new(db, keys, clock, config, exchange, mailer).map_err(begin)?;
        Ok(Self { app })
    }

    /// Serves until `stop`; then no new request is taken, streams end, and what was begun has 20 seconds to finish.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let app = self.app;
        let closing = app.closing.clone();
        let keeping = tokio::spawn(keep(Arc::clone(&app)));
        let mailing = tokio::spawn(post(Arc::clone(&app)));
        let patience = app.config.patience();
        let stop = {
            let closing = closing.clone();
            async move {
                stop.await;
                closing.cancel();
            }
        };
        let serving = listen::serve(listener, router::router(app), patience, stop);
        tokio::select! {
            () = serving => (),
            () = async {
                closing.cancelled().await;
                tokio::time::sleep(GRACE).await;
            } => tracing::warn!("somebody was not done in time"),
        }
        closing.cancel();
        // It ends by itself now; if it panicked, that was logged.
        let _ = tokio::join!(keeping, mailing);
        Ok(())
    }
}

/// What the server does by itself, at once and then again and again.
async fn keep(app: Arc<App>) {
    let every = |period| {
        let mut tick = tokio::time::interval(period);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tick
    };
    let (mut prune, mut look) = (every(PRUNE), every(LOOK));
    loop {
        let done = tokio::select! {
            _ = prune.tick() => app.prune().await,
            _ = look.tick() => app.look().await,
            () = app.closing.cancelled() => return,
        };
        if let Err(failure) = done {
            tracing::error!(?failure, "what is to be done now and then failed");
        }
    }
}

/// Sends mail, when something changed and now and then.
async fn post(app: Arc<App>) {
    if app.mailer.is_none() {
        return;
    }
    let mut changes = app.changes();
    loop {
        let sent = tokio::select! {
            sent = mail::send_due(&app) => sent,
            () = app.closing.cancelled() => return,
        };
        if let Err(failure) = sent {
            tracing::error!(?failure, "mail could not be sent");
        }
        tokio::select! {
            _ = changes.changed() => (),
            () = tokio::time::sleep(LOOK) => (),
            () = app.closing.cancelled() => return,
        }
    }
}
