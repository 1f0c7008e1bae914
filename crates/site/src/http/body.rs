use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use vestibule_model::api::ProblemCode;

use crate::app::App;
use crate::http::Failure;

/// Bytes of a body, at most. The longest is a ticket with its diagnostics.
const LONGEST: usize = 1 << 20;
/// Characters of an idempotency key, at most; a UUID has 36.
const KEY: usize = 128;

/// A body of JSON, in which every field is known.
pub(crate) struct Body<T>(pub(crate) T);

/// A request that changes something: its body, and what tells it from every other request.
pub(crate) struct Write<T> {
    pub(crate) value: T,
    pub(crate) key: String,
    /// Of method, path and body.
    pub(crate) digest: [u8; 32],
}

/// The body of a request that needs none: nothing at all, or an object with nothing in it.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct NoBody {}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Failure> {
        parse(&read(app, request.into_body()).await?).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Write<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let key = key(&parts.headers)?.ok_or_else(|| missing(KEY_HEADER))?;
        let body = read(app, body).await?;
        let digest = digest(parts.method.as_str(), parts.uri.path(), &body);
        Ok(Self { value: parse(&body)?, key, digest })
    }
}

const KEY_HEADER: &str = "Idempotency-Key";

/// What a request came with as `Idempotency-Key`: 1 to 128 visible characters.
pub(crate) fn key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get(KEY_HEADER) else { return Ok(None) };
    let text = value.to_str().map_err(|_| missing(KEY_HEADER))?;
    let fits = (1..=KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(Some(text.to_owned())) } else { Err(missing(KEY_HEADER)) }
}

fn missing(header: &str) -> Failure {
    Failure::Field(ProblemCode::HeaderInvalid, header.to_owned())
}

/// What tells one request from another. The parts are set apart by a byte that neither method nor path can hold.
pub(crate) fn digest(method: &str, path: &str, body: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(method)
        .chain_update([0])
        .chain_update(path)
        .chain_update([0])
        .chain_update(body)
        .finalize()
        .into()
}

pub(crate) async fn read(app: &App, body: axum::body::Body) -> Result<Bytes, Failure> {
    let whole = tokio::time::timeout(app.config.patience(), to_bytes(body, LONGEST)).await;
    let whole = whole.map_err(|_| Failure::Told(ProblemCode::TooSlow))?;
    // It fails for a body that is too long, and for one that breaks off; nobody reads the answer to the latter.
    whole.map_err(|_| Failure::Told(ProblemCode::BodyTooLarge))
}

/// Reads JSON. The failure names the place, and not what stands there: that may be a password.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let body = if body.is_empty() { b"{}" } else { body };
    let invalid = |field: String| Failure::Field(ProblemCode::BodyInvalid, field);
    let mut unknown = None;
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let value = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert_with(|| path.to_string());
    });
    let value = value.map_err(|_| invalid(track.path().to_string()))?;
    json.end().map_err(|_| invalid(".".to_owned()))?;
    match unknown {
        Some(field) => Err(invalid(field)),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use vestibule_model::api::NewVisitor;

    use super::*;

    fn wrong(body: &str) -> String {
        match parse::<NewVisitor>(body.as_bytes()) {
            Err(Failure::Field(ProblemCode::BodyInvalid, field)) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_with_a_body_is_named_by_its_place() {
        let good = r#"{"name":"Guest","apartment":1,"schedule":[{"days":[1],"from":0,"until":60}]}"#;
        assert_eq!(parse::<NewVisitor>(good.as_bytes()).unwrap().name, "Guest");
        for (body, field) in [
            ("", "."),
            ("nonsense", "."),
            (r#"{"name":"Guest","apartment":1}{}"#, "."),
            (r#"{"name":"Guest","apartment":"x"}"#, "apartment"),
            (r#"{"name":"Guest","apartment":1,"colour":{"a":1}}"#, "colour"),
            (r#"{"name":"Guest","apartment":1,"from":"tomorrow"}"#, "from"),
            (
                r#"{"name":"Guest","apartment":1,"schedule":[{"days":[1],"from":0,"until":60,"zone":"x"}]}"#,
                "schedule.0.zone",
            ),
            (
                r#"{"name":"Guest","apartment":1,"schedule":[{"days":[1],"from":-1,"until":60}]}"#,
                "schedule[0].from",
            ),
        ] {
            assert_eq!(wrong(body), field, "{body}");
        }
    }

    #[test]
    fn requests_are_told_apart() {
        assert_ne!(digest("POST", "/a", b"b"), digest("POST", "/ab", b""));
        assert_ne!(digest("POST", "/a", b"b"), digest("PUT", "/a", b"b"));
    }
}
