use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use crate::app::App;
use crate::db::table::change;
use crate::http::{Failure, Signed};

/// How often a stream that has nothing to say shows that it is alive, looks whether the session is, and looks for
/// what a command changed beside the server.
const ALIVE: Duration = Duration::from_secs(15);

struct Listening {
    app: Arc<App>,
    signed: Signed,
    changes: watch::Receiver<i64>,
    /// The last change that was told of; `None` before the first event.
    told: Option<i64>,
}

/// Be told that something changed, as server-sent events
///
/// The first event, `changed`, comes at once, so that nothing is missed between the last look and this one; another
/// comes with every change that `/v1/changes` would show. The stream ends with the access token.
#[utoipa::path(get, path = "/v1/events", tag = "sync",
    responses((status = OK, body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    signed: Signed,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = app.changes();
    let listening = Listening { app, signed, changes, told: None };
    Sse::new(stream::unfold(listening, |mut listening| async move {
        let event = listening.next().await?;
        Some((Ok(event), listening))
    }))
}

impl Listening {
    /// The next event; `None` when the session or the server ends.
    async fn next(&mut self) -> Option<Event> {
        if self.told.is_none() {
            self.told = Some(*self.changes.borrow_and_update());
            return Some(changed());
        }
        loop {
            let quiet = ALIVE.min(self.left());
            let alive = tokio::select! {
                changed = self.changes.changed() => {
                    changed.ok()?;
                    false
                }
                () = tokio::time::sleep(quiet) => true,
                () = self.app.closing.cancelled() => return None,
            };
            if self.something_changed().await.ok()? {
                return Some(changed());
            }
            if alive {
                return Some(Event::default().comment("alive"));
            }
        }
    }

    /// How long the access token is good for.
    fn left(&self) -> Duration {
        let left = self.signed.until.millis_since(self.app.now()).max(0);
        // A moment more, so that it is over when it is asked again.
        Duration::from_millis(left.unsigned_abs() + 1)
    }

    /// Whether there is something new for this user. Fails when the session is over.
    async fn something_changed(&mut self) -> Result<bool, Failure> {
        let told = self.told.unwrap_or(0);
        let (newest, visible) = self
            .app
            .read_as(self.signed, move |_, db, viewer, _| {
                Ok((change::newest(db)?, !change::visible(db, viewer, told, 1)?.is_empty()))
            })
            .await?;
        self.told = Some(newest);
        Ok(visible)
    }
}

fn changed() -> Event {
    Event::default().event("changed").data("{}")
}
