use std::sync::Once;
use std::time::{Duration, SystemTime};

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vestibule_model::Secret;
use vestibule_model::VisitorId;
use vestibule_model::api::{
    Access, Changes, Claim, Heartbeat, Page, Phone, Refresh, SignIn, SipSecret, Snapshot, Tokens, User,
    Visitor,
};

use crate::address::ServerAddress;
use crate::answer;
use crate::error::CloudError;
use crate::events::Events;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long to wait for more of an answer; a stream of events shows every 15 s that it is alive.
const SILENCE: Duration = Duration::from_secs(40);
/// How long a whole answer may take; a snapshot of a large house over a slow line is the longest.
const WHOLE: Duration = Duration::from_secs(60);
/// An access token that is good for longer than this was dated by a clock that is off.
const LONGEST_TOKEN: Duration = Duration::from_secs(86_400);

/// Speaks to one site server. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    server: ServerAddress,
}

/// Tokens, as they came.
#[derive(Debug)]
pub struct Granted {
    /// The tokens.
    pub tokens: Tokens,
    /// How long the access token is good for from now on, as far as the server's clock tells. This device's clock
    /// has no part in it.
    pub lifetime: Option<Duration>,
}

/// Who asks: what stands in the headers of a request.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) access: Secret,
    pub(crate) device: Secret,
}

impl Client {
    /// A client of this server. Redirects are not followed: they would carry tokens elsewhere.
    pub fn new(server: ServerAddress) -> Result<Self, CloudError> {
        static PROVIDER: Once = Once::new();
        // The whole program uses one; another part of it may have installed the same before.
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http = reqwest::Client::builder()
            .user_agent(concat!("Vestibule/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE);
        // A server of this machine is not to be asked for by way of another.
        let http = if server.as_str().starts_with("http://") { http.no_proxy() } else { http };
        let http = http.build().map_err(|error| CloudError::Unusable(error.into()))?;
        Ok(Self { http, server })
    }

    /// The server.
    pub fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// Signs in by account.
    pub async fn sign_in(&self, asked: &SignIn) -> Result<Granted, CloudError> {
        granted(self.post(&["session"], asked)?).await
    }

    /// Signs in by a link.
    pub async fn claim(&self, asked: &Claim) -> Result<Granted, CloudError> {
        granted(self.post(&["provisioning"], asked)?).await
    }

    /// The next pair of tokens. The same with the same key gives the same pair, in case the answer was lost.
    pub async fn refresh(&self, asked: &Refresh, key: &str) -> Result<Granted, CloudError> {
        granted(self.post(&["session", "refresh"], asked)?.header("Idempotency-Key", key)).await
    }

    /// Signs this device out.
    pub(crate) async fn sign_out(&self, caller: &Caller, key: &str) -> Result<(), CloudError> {
        answer::done(self.write(caller, Method::DELETE, &["session"], "", key).send().await?).await
    }

    /// Everything but the access log.
    pub(crate) async fn snapshot(&self, caller: &Caller) -> Result<Snapshot, CloudError> {
        answer::json(self.read(caller, &["snapshot"]).send().await?).await
    }

    /// What changed after a cursor.
    pub(crate) async fn changes(&self, caller: &Caller, since: &str) -> Result<Changes, CloudError> {
        let mut url = self.server.join(&["changes"]);
        url.query_pairs_mut().append_pair("since", since);
        let request = self.http.request(Method::GET, url).timeout(WHOLE);
        answer::json(signed(request, caller).send().await?).await
    }

    /// A visitor, as it is now.
    pub(crate) async fn visitor(&self, caller: &Caller, id: VisitorId) -> Result<Visitor, CloudError> {
        answer::json(self.read(caller, &["visitors", &id.0.to_string()]).send().await?).await
    }

    /// A page of the access log, newest first, from `cursor` on.
    pub(crate) async fn access(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Access>, CloudError> {
        self.page(caller, "access", cursor, limit).await
    }

    /// A page of the users that the caller may see, from `cursor` on.
    pub(crate) async fn users(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<User>, CloudError> {
        self.page(caller, "users", cursor, limit).await
    }

    /// What this phone is configured by.
    pub(crate) async fn phone(&self, caller: &Caller) -> Result<Phone, CloudError> {
        answer::json(self.read(caller, &["phone"]).send().await?).await
    }

    /// Lets this phone ring, and gives its password.
    pub(crate) async fn new_phone(
        &self,
        caller: &Caller,
        body: &str,
        key: &str,
    ) -> Result<SipSecret, CloudError> {
        answer::json(self.write(caller, Method::POST, &["phone"], body, key).send().await?).await
    }

    /// Says how this phone stands.
    pub(crate) async fn presence(&self, caller: &Caller, heard: Heartbeat) -> Result<(), CloudError> {
        let url = self.server.join(&["phone", "presence"]);
        let request = signed(self.http.request(Method::PUT, url).timeout(WHOLE), caller);
        answer::done(request.json(&heard).send().await?).await
    }

    /// Opens the stream that says when something changed.
    pub(crate) async fn events(&self, caller: &Caller) -> Result<Events, CloudError> {
        let request = self.http.request(Method::GET, self.server.join(&["events"]));
        Events::of(signed(request, caller).send().await?).await
    }

    /// A request that changes something, with these bytes.
    pub(crate) fn write(
        &self,
        caller: &Caller,
        method: Method,
        path: &[&str],
        body: &str,
        key: &str,
    ) -> RequestBuilder {
        let request = self.http.request(method, self.server.join(path)).timeout(WHOLE);
        let request = signed(request, caller).header("Idempotency-Key", key);
        if body.is_empty() {
            return request;
        }
        request.header(CONTENT_TYPE, "application/json").body(body.to_owned())
    }

    async fn page<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        list: &str,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<T>, CloudError> {
        let mut url = self.server.join(&[list]);
        url.query_pairs_mut().append_pair("limit", &limit.to_string());
        if let Some(cursor) = cursor {
            url.query_pairs_mut().append_pair("cursor", cursor);
        }
        let request = self.http.request(Method::GET, url).timeout(WHOLE);
        answer::json(signed(request, caller).send().await?).await
    }

    fn read(&self, caller: &Caller, path: &[&str]) -> RequestBuilder {
        signed(self.http.request(Method::GET, self.server.join(path)).timeout(WHOLE), caller)
    }

    fn post(&self, path: &[&str], body: &impl Serialize) -> Result<RequestBuilder, CloudError> {
        let body = serde_json::to_vec(body).map_err(|error| CloudError::Unusable(error.into()))?;
        let request = self.http.request(Method::POST, self.server.join(path)).timeout(WHOLE);
        Ok(request.header(CONTENT_TYPE, "application/json").body(body))
    }
}

fn signed(request: RequestBuilder, caller: &Caller) -> RequestBuilder {
    request.bearer_auth(caller.access.reveal()).header("Vestibule-Device", caller.device.reveal())
}

async fn granted(request: RequestBuilder) -> Result<Granted, CloudError> {
    let response = request.send().await?;
    let date = answer::date(response.headers());
    let tokens: Tokens = answer::json(response).await?;
    let until = u64::try_from(tokens.access_until.0.0).ok().map(Duration::from_millis);
    let until = until.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    let lifetime = until.zip(date).and_then(|(until, date)| until.duration_since(date).ok());
    Ok(Granted { tokens, lifetime: lifetime.filter(|lifetime| *lifetime <= LONGEST_TOKEN) })
}
