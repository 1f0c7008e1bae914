use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;
use uuid::Uuid;
use vestibule_cloud::{Backoff, CloudError, Events, Heard, Session};
use vestibule_ipc::Error;
use vestibule_model::Timestamp;
use vestibule_model::api::ProblemCode;
use vestibule_store::{Anew, Touched};

use super::keychain::InKeychain;
use crate::{App, clock};

/// Lines of the access log that are asked for at a time: as many as a server gives.
const PAGE: u32 = 500;
/// How long lines of the access log are kept: 90 days, as the server keeps them.
const KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Lines that are removed at a time, so that a call that rings meanwhile does not wait.
const PRUNED_AT_ONCE: u32 = 1_000;
/// A stream of events that was up for so long is a good one; an access token is good for longer.
const LASTING: Duration = Duration::from_secs(60);
/// How often old lines are looked for.
const PRUNE: Duration = Duration::from_secs(3600);

/// Why cache and server are not the same now.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error("the cache: {0}")]
    Cache(#[from] Error),
}

/// Keeps cache and server the same until the session is over.
pub(super) async fn run(app: App, session: Arc<Session<InKeychain>>) {
    let (mut backoff, mut brief) = (Backoff::default(), Backoff::default());
    loop {
        let begun = Instant::now();
        let ended = app.follow(&session, &mut backoff).await;
        let asked = match &ended {
            Ok(()) => {
                // The stream ended as it does with every access token. One that ends at once, time and again, is the
                // work of something on the way, and must not make this a storm.
                if begun.elapsed() >= LASTING {
                    brief.reset();
                } else {
                    tokio::time::sleep(brief.wait(dice(), None)).await;
                }
                continue;
            }
            Err(Trouble::Cloud(CloudError::SignedOut)) => {
                tracing::warn!("the site server does not know this device any more");
                return app.signed_out_elsewhere().await;
            }
            Err(Trouble::Cloud(CloudError::RetryAfter(asked))) => Some(*asked),
            Err(_) => None,
        };
        app.set_online(false).await;
        let pause = backoff.wait(dice(), asked);
        if let Err(trouble) = &ended {
            tracing::info!(%trouble, ?pause, "the site server is not followed");
        }
        let poked = app.inner.site.poked.notified();
        tokio::select! {
            () = tokio::time::sleep(pause) => (),
            // Whoever does something wants it tried, unless the server asked to be left alone.
            () = poked, if asked.is_none() => (),
        }
    }
}

/// A number that nobody can foresee.
pub(super) fn dice() -> u64 {
    Uuid::new_v4().as_u64_pair().0
}

impl App {
    /// Follows the server for as long as its stream of events is up.
    async fn follow(&self, session: &Session<InKeychain>, backoff: &mut Backoff) -> Result<(), Trouble> {
        // First the stream: what changes while all is read is told by it.
        let mut events = session.events().await?;
        let mut outbox = Outbox::default();
        self.exchange(session, &mut outbox).await?;
        self.read_household(session).await?;
        backoff.reset();
        self.set_online(true).await;
        self.hear(session, &mut events, &mut outbox).await
    }

    async fn hear(
        &self,
        session: &Session<InKeychain>,
        events: &mut Events,
        outbox: &mut Outbox,
    ) -> Result<(), Trouble> {
        let mut prune = tokio::time::interval(PRUNE);
        let mut older = self.older_access().await?;
        loop {
            let hold = outbox.hold;
            let wait = async {
                match hold {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                heard = events.next() => match heard? {
                    Some(Heard::Changed) => self.exchange(session, outbox).await?,
                    Some(Heard::Alive) => {
                        self.inner.site.heard.store(clock::now().0, Ordering::Relaxed);
                        // The command line may have put something into the same cache.
                        if self.inner.storage.with(|store| store.waiting()).await? > 0 {
                            self.exchange(session, outbox).await?;
                        }
                    }
                    None => return Ok(()),
                },
                () = self.inner.site.poked.notified() => self.exchange(session, outbox).await?,
                () = wait => {
                    outbox.hold = None;
                    self.exchange(session, outbox).await?;
                }
                page = session.access(older.as_deref(), PAGE), if older.is_some() => {
                    let page = page?;
                    let last = page.next.is_none();
                    self.inner.storage.with(move |store| store.take_access(&page.items, page.next.as_deref())).await?;
                    if last {
                        self.inner.hub.access_changed();
                    }
                }
                _ = prune.tick() => self.prune_access().await?,
            }
            older = self.older_access().await?;
        }
    }

    /// Sends what waits, then reads what changed.
    async fn exchange(&self, session: &Session<InKeychain>, outbox: &mut Outbox) -> Result<(), Trouble> {
        if outbox.hold.is_none() {
            match self.send_outbox(session).await {
                Ok(()) => outbox.backoff.reset(),
                Err(Trouble::Cloud(
                    error @ (CloudError::RetryAfter(_)
                    | CloudError::Server(_)
                    | CloudError::Shape(_)
                    | CloudError::TooLong(_)),
                )) => {
                    // The server is there, and does not take this now: what it says is read all the same.
                    let asked = match error {
                        CloudError::RetryAfter(asked) => Some(asked),
                        _ => None,
                    };
                    let pause = outbox.backoff.wait(dice(), asked);
                    tracing::info!(%error, ?pause, "something waits to be sent");
                    outbox.hold = Some(Instant::now() + pause);
                }
                Err(trouble) => return Err(trouble),
            }
        }
        self.read_changes(session).await
    }

    async fn read_changes(&self, session: &Session<InKeychain>) -> Result<(), Trouble> {
        let Some(membership) = self.inner.storage.with(|store| store.membership()).await? else {
            return Ok(());
        };
        let mut cursor = membership.cursor;
        loop {
            let changes = match session.changes(&cursor).await {
                Err(error) if error.problem() == Some(ProblemCode::CursorLost) => {
                    return self.read_anew(session).await;
                }
                other => other?,
            };
            let more = changes.more;
            if more && changes.cursor == cursor {
                return Err(CloudError::Shape("its changes have no end").into());
            }
            cursor.clone_from(&changes.cursor);
            let now = clock::now();
            self.inner.site.heard.store(now.0, Ordering::Relaxed);
            let touched = self.inner.storage.with(move |store| store.take_changes(&changes, now)).await?;
            self.tell(touched);
            if !more {
                self.show_site().await;
                return Ok(());
            }
        }
    }

    /// Reads everything anew, and the newest lines of the access log with it; older ones come later.
    pub(super) async fn read_anew(&self, session: &Session<InKeychain>) -> Result<(), Trouble> {
        let snapshot = session.snapshot().await?;
        let access = session.access(None, PAGE).await?;
        let server = session.client().server().to_string();
        let at = clock::now();
        self.inner
            .storage
            .with(move |store| {
                store.take_snapshot(Anew { server: &server, snapshot: &snapshot, access: &access, at })
            })
            .await?;
        self.show_site().await;
        self.tell(Touched { building: true, visitors: true, access: true, tickets: true });
        self.read_household(session).await
    }

    fn tell(&self, touched: Touched) {
        if touched.visitors {
            self.inner.hub.visitors_changed();
        }
        if touched.access {
            self.inner.hub.access_changed();
        }
        if touched.tickets {
            self.inner.hub.tickets_changed();
        }
    }

    async fn older_access(&self) -> Result<Option<String>, Error> {
        let membership = self.inner.storage.with(|store| store.membership()).await?;
        Ok(membership.and_then(|membership| membership.access_cursor))
    }

    async fn prune_access(&self) -> Result<(), Error> {
        let before = Timestamp(clock::now().0 - KEPT_MS);
        loop {
            let gone =
                self.inner.storage.with(move |store| store.prune_access(before, PRUNED_AT_ONCE)).await?;
            if gone > 0 {
                self.inner.hub.access_changed();
            }
            if gone < PRUNED_AT_ONCE {
                return Ok(());
            }
        }
    }

    async fn set_online(&self, online: bool) {
        if self.inner.site.online.swap(online, Ordering::Relaxed) == online {
            return;
        }
        if !online {
            // Until then nothing had changed, as the server said by being there.
            let heard = Timestamp(self.inner.site.heard.load(Ordering::Relaxed));
            if let Err(error) = self.inner.storage.with(move |store| store.set_read_at(heard)).await {
                tracing::warn!(%error, "it cannot be kept when the server was last heard");
            }
        }
        self.show_site().await;
    }

    /// The building stays readable, and what waits stays where it is, until the resident signs in again.
    async fn signed_out_elsewhere(&self) {
        self.inner.site.online.store(false, Ordering::Relaxed);
        if let Err(error) = self.inner.storage.with(|store| store.set_signed_in(false)).await {
            tracing::error!(%error, "it cannot be kept that this device is signed out");
        }
        self.show_site().await;
    }
}

/// How it stands with sending, while the stream is up.
#[derive(Default)]
struct Outbox {
    backoff: Backoff,
    /// Nothing is sent before.
    hold: Option<Instant>,
}
