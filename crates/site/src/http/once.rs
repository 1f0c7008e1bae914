use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Transaction;
use serde::Serialize;
use serde::de::DeserializeOwned;
use vestibule_model::Timestamp;
use vestibule_model::api::ProblemCode;
use zeroize::Zeroizing;

use crate::app::App;
use crate::db::table::idempotency::{self, Given};
use crate::http::Failure;
use crate::keys::Keys;

/// An answer that went well, written out, so that it can be kept and given again.
pub(crate) struct Reply {
    status: StatusCode,
    body: Zeroizing<Vec<u8>>,
}

/// What tells a request from all others.
pub(crate) struct Sent<'a> {
    /// Who sent the key; others may use the same one.
    pub(crate) owner: String,
    pub(crate) key: &'a str,
    pub(crate) digest: [u8; 32],
}

impl Reply {
    /// Something that was made, 201.
    pub(crate) fn created(value: &impl Serialize) -> Result<Self, Failure> {
        Self::new(StatusCode::CREATED, value)
    }

    /// 200.
    pub(crate) fn ok(value: &impl Serialize) -> Result<Self, Failure> {
        Self::new(StatusCode::OK, value)
    }

    /// What it says, for a page that shows it.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Nothing to say, 204.
    pub(crate) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Zeroizing::default() }
    }

    fn new(status: StatusCode, value: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self { status, body: Zeroizing::new(serde_json::to_vec(value)?) })
    }
}

impl IntoResponse for Reply {
    fn into_response(mut self) -> Response {
        if self.body.is_empty() {
            return self.status.into_response();
        }
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (self.status, json, std::mem::take(&mut *self.body)).into_response()
    }
}

/// Does `work` once for a key: a replay is given the first answer. Key and work are one transaction, so that neither
/// is there without the other. What was refused left nothing behind, and is judged anew.
pub(crate) fn once(
    app: &App,
    db: &Transaction<'_>,
    now: Timestamp,
    sent: &Sent<'_>,
    work: impl FnOnce() -> Result<Reply, Failure>,
) -> Result<Reply, Failure> {
    if let Some(reply) = given(&app.keys, db, sent)? {
        return Ok(reply);
    }
    let reply = work()?;
    keep(&app.keys, db, now, sent, &reply)?;
    Ok(reply)
}

/// The answer that was given, if one was.
pub(crate) fn given(keys: &Keys, db: &Transaction<'_>, sent: &Sent<'_>) -> Result<Option<Reply>, Failure> {
    let Some(given) = idempotency::find(db, &sent.owner, sent.key)? else { return Ok(None) };
    if given.request != sent.mac(keys) {
        return Err(Failure::Told(ProblemCode::IdempotencyKeyReused));
    }
    let body = keys.open(sent.place().as_bytes(), &given.answer)?;
    let status = StatusCode::from_u16(given.status).map_err(|error| Failure::Internal(error.into()))?;
    Ok(Some(Reply { status, body }))
}

/// Keeps an answer for a replay.
pub(crate) fn keep(
    keys: &Keys,
    db: &Transaction<'_>,
    now: Timestamp,
    sent: &Sent<'_>,
    reply: &Reply,
) -> Result<(), Failure> {
    let answer = keys.seal(sent.place().as_bytes(), &reply.body)?;
    let given = Given { request: sent.mac(keys), status: reply.status.as_u16(), answer };
    Ok(idempotency::keep(db, &sent.owner, sent.key, now, &given)?)
}

impl Sent<'_> {
    fn place(&self) -> String {
        format!("answer {} {}", self.owner, self.key)
    }

    /// What is kept of the request. A bare digest would give away the PIN in it: there are only so many to try.
    fn mac(&self, keys: &Keys) -> [u8; 32] {
        keys.mac("request", &self.digest)
    }
}
