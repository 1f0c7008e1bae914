use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::json;
use thiserror::Error;
use tokio::sync::Mutex;
use uuid::Uuid;
use vestibule_model::api::{
    Access, Changes, Heartbeat, Page, Phone, Presence, ProblemCode, Refresh, SipSecret, Snapshot, Visitor,
};
use vestibule_model::{Secret, VisitorId};

use crate::client::{Caller, Client, Granted};
use crate::error::CloudError;
use crate::events::Events;
use crate::writes::{Write, Written};

/// An access token is renewed so long before its end.
const AHEAD: Duration = Duration::from_secs(60);

/// What a session needs to go on after a restart. All of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What this device calls itself.
    pub device: Secret,
    /// The last access token.
    pub access: Secret,
    /// The refresh token, good once.
    pub refresh: Secret,
    /// The key of a refresh that was begun, and of which no answer is known.
    pub refresh_key: Option<Secret>,
}

/// Keeps what a session needs after a restart, before the session goes on.
pub trait Keeper: Send + Sync {
    /// Keeps it, in place of what was kept before.
    fn keep(&self, kept: Kept) -> impl Future<Output = Result<(), KeepError>> + Send;
}

/// Why it could not be kept.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct KeepError(#[from] pub Box<dyn Error + Send + Sync>);

/// A user who is signed in at a site server. Whoever calls is given a valid access token; of many at a time, one
/// renews it and the others wait.
#[derive(Debug)]
pub struct Session<K> {
    client: Client,
    keeper: K,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    kept: Kept,
    /// When to renew, on a clock that nobody sets; `None` where only the server knows.
    renew_at: Option<Instant>,
    /// The server does not know this device any more.
    over: bool,
    renewal: Renewal,
}

/// Who renews the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Renewal {
    /// This session.
    Here,
    /// The session of another program: each refresh token is good once, and two would use each other's up.
    Elsewhere,
}

impl<K: Keeper> Session<K> {
    /// Goes on with what was kept.
    pub fn resume(client: Client, keeper: K, kept: Kept) -> Self {
        let renewal = Renewal::Here;
        Self { client, keeper, state: Mutex::new(State { kept, renew_at: None, over: false, renewal }) }
    }

    /// Asks with the token that another program keeps, for as long as it is good, and never renews it.
    pub fn beside(client: Client, keeper: K, kept: Kept) -> Self {
        let renewal = Renewal::Elsewhere;
        Self { client, keeper, state: Mutex::new(State { kept, renew_at: None, over: false, renewal }) }
    }

    /// Begins with tokens that were just given to `device`. They are kept before this returns.
    pub async fn begin(
        client: Client,
        keeper: K,
        device: Secret,
        granted: Granted,
    ) -> Result<Self, CloudError> {
        let renew_at = renew_at(granted.lifetime);
        let kept = kept(device, granted);
        keeper.keep(kept.clone()).await?;
        let renewal = Renewal::Here;
        Ok(Self { client, keeper, state: Mutex::new(State { kept, renew_at, over: false, renewal }) })
    }

    /// The server.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Everything but the access log.
    pub async fn snapshot(&self) -> Result<Snapshot, CloudError> {
        self.call(|caller| {
            let client = self.client.clone();
            async move { client.snapshot(&caller).await }
        })
        .await
    }

    /// What changed after a cursor.
    pub async fn changes(&self, since: &str) -> Result<Changes, CloudError> {
        self.call(|caller| {
            let client = self.client.clone();
            async move { client.changes(&caller, since).await }
        })
        .await
    }

    /// A visitor as it is now; `None` when there is none.
    pub async fn visitor(&self, id: VisitorId) -> Result<Option<Visitor>, CloudError> {
        let asked = self.call(|caller| {
            let client = self.client.clone();
            async move { client.visitor(&caller, id).await }
        });
        if_there(asked.await)
    }

    /// A page of the access log, newest first, from `cursor` on; at most 500 lines.
    pub async fn access(&self, cursor: Option<&str>, limit: u32) -> Result<Page<Access>, CloudError> {
        self.call(|caller| {
            let client = self.client.clone();
            async move { client.access(&caller, cursor, limit).await }
        })
        .await
    }

    /// What this phone is configured by; `None` until it has asked to ring.
    pub async fn phone(&self) -> Result<Option<Phone>, CloudError> {
        let asked = self.call(|caller| {
            let client = self.client.clone();
            async move { client.phone(&caller).await }
        });
        if_there(asked.await)
    }

    /// Lets this phone ring under `name`; `None` where the building has no exchange. The password that it had before
    /// is worth nothing any more.
    pub async fn new_phone(&self, name: Option<&str>) -> Result<Option<SipSecret>, CloudError> {
        let (body, key) = (&json!({ "name": name }).to_string(), &Uuid::new_v4().to_string());
        let asked = self.call(|caller| {
            let client = self.client.clone();
            async move { client.new_phone(&caller, body, key).await }
        });
        if_there(asked.await)
    }

    /// Says how this phone stands. A building that does not know the phone is no error.
    pub async fn presence(&self, presence: Presence) -> Result<(), CloudError> {
        let said = self.call(|caller| {
            let client = self.client.clone();
            async move { client.presence(&caller, Heartbeat { presence }).await }
        });
        if_there(said.await).map(|_| ())
    }

    /// Opens the stream that says when something changed.
    pub async fn events(&self) -> Result<Events, CloudError> {
        self.call(|caller| {
            let client = self.client.clone();
            async move { client.events(&caller).await }
        })
        .await
    }

    /// Does something at the site. The same bytes with the same key are done once.
    pub async fn write(&self, what: Write, body: &str, key: &str) -> Result<Written, CloudError> {
        self.call(|caller| {
            let client = self.client.clone();
            async move { client.send(&caller, what, body, key).await }
        })
        .await
    }

    /// Tells the server that this device is signed out.
    pub async fn sign_out(&self) -> Result<(), CloudError> {
        let key = &Uuid::new_v4().to_string();
        let done = self
            .call(|caller| {
                let client = self.client.clone();
                async move { client.sign_out(&caller, key).await }
            })
            .await;
        self.state.lock().await.over = true;
        match done {
            Err(CloudError::SignedOut) => Ok(()),
            other => other,
        }
    }

    /// Asks with a valid token; where the server finds that it is not, once more with the next.
    pub(crate) async fn call<T, F>(&self, ask: impl Fn(Caller) -> F) -> Result<T, CloudError>
    where
        F: Future<Output = Result<T, CloudError>>,
    {
        let caller = self.caller(None).await?;
        match ask(caller.clone()).await {
            Err(error) if error.problem() == Some(ProblemCode::TokenInvalid) => (),
            other => return other,
        }
        let next = self.caller(Some(&caller.access)).await?;
        match ask(next).await {
            // A token that was given a moment ago: the refresh token will say what is wrong.
            Err(error) if error.problem() == Some(ProblemCode::TokenInvalid) => Err(CloudError::Server(401)),
            other => other,
        }
    }

    /// Who asks, with a token that is not `refused` and not near its end.
    async fn caller(&self, refused: Option<&Secret>) -> Result<Caller, CloudError> {
        let mut state = self.state.lock().await;
        if state.over {
            return Err(CloudError::SignedOut);
        }
        let near = state.renew_at.is_some_and(|at| Instant::now() >= at);
        if near || refused == Some(&state.kept.access) {
            if state.renewal == Renewal::Elsewhere {
                return Err(CloudError::NotRenewed);
            }
            self.renew(&mut state).await?;
        }
        Ok(Caller { access: state.kept.access.clone(), device: state.kept.device.clone() })
    }

    /// Its key is kept before it is sent: when the answer is lost, or the program ends meanwhile, the same is asked
    /// again, and the server gives the same pair. Without the key it would take the second try for a thief's.
    async fn renew(&self, state: &mut State) -> Result<(), CloudError> {
        let key = match &state.kept.refresh_key {
            Some(key) => key.clone(),
            None => {
                let key = Secret::new(Uuid::new_v4().to_string());
                let kept = Kept { refresh_key: Some(key.clone()), ..state.kept.clone() };
                self.keeper.keep(kept.clone()).await?;
                state.kept = kept;
                key
            }
        };
        let device = state.kept.device.clone();
        let asked = Refresh { refresh_token: state.kept.refresh.clone(), device: device.clone() };
        match self.client.refresh(&asked, key.reveal()).await {
            Ok(granted) => {
                state.renew_at = renew_at(granted.lifetime);
                state.kept = kept(device, granted);
                // Where this fails, the old token and its key are still kept, and lead to the same pair.
                let _kept_before = self.keeper.keep(state.kept.clone()).await;
                Ok(())
            }
            Err(error) if error.problem() == Some(ProblemCode::RefreshRefused) => {
                state.over = true;
                Err(CloudError::SignedOut)
            }
            Err(error) => Err(error),
        }
    }
}

/// What is not there is told apart from what cannot be had.
fn if_there<T>(answer: Result<T, CloudError>) -> Result<Option<T>, CloudError> {
    match answer {
        Err(CloudError::Problem { code: ProblemCode::NotFound, .. }) => Ok(None),
        other => other.map(Some),
    }
}

fn kept(device: Secret, granted: Granted) -> Kept {
    let tokens = granted.tokens;
    Kept { device, access: tokens.access_token, refresh: tokens.refresh_token, refresh_key: None }
}

fn renew_at(lifetime: Option<Duration>) -> Option<Instant> {
    Instant::now().checked_add(lifetime?.saturating_sub(AHEAD))
}
