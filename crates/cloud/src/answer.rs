//! What comes back over HTTP, read with bounds, and told apart.

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use vestibule_model::api::{Problem, ProblemCode};
use zeroize::Zeroizing;

use crate::error::CloudError;

/// Bytes of an answer, at most: a snapshot of a large house is far below.
const LONGEST: usize = 32 << 20;
/// Where a server asks to wait and does not say for how long.
const PAUSE: Duration = Duration::from_secs(30);
/// Nothing that a server asks for keeps the app away for longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// An answer with nothing to read in it, or whatever it holds.
pub(crate) async fn done(response: Response) -> Result<(), CloudError> {
    refuse_failures(response).await.map(drop)
}

/// The JSON of an answer that went well.
pub(crate) async fn json<T: DeserializeOwned>(response: Response) -> Result<T, CloudError> {
    let response = refuse_failures(response).await?;
    if !is_json(response.headers()) {
        return Err(CloudError::Shape("it is no JSON"));
    }
    let body = body(response, LONGEST).await?;
    // The message may quote what stands there, which may be a PIN.
    serde_json::from_slice(&body).map_err(|_| CloudError::Shape("the JSON is another than expected"))
}

/// What the server's own clock says, for lengths of time that its answer names by their ends.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

/// Turns every answer but 2xx into its error.
pub(crate) async fn refuse_failures(response: Response) -> Result<Response, CloudError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if status.is_redirection() {
        return Err(CloudError::Shape("it leads elsewhere"));
    }
    let wait = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let asked = pause(response.headers());
    let problem = problem(response).await?;
    match problem {
        _ if status == StatusCode::TOO_MANY_REQUESTS => Err(CloudError::RetryAfter(asked.unwrap_or(PAUSE))),
        Some(Problem { code: ProblemCode::NoPinFree, field, .. }) => {
            Err(CloudError::Problem { code: ProblemCode::NoPinFree, field })
        }
        _ if wait && asked.is_some() => Err(CloudError::RetryAfter(asked.unwrap_or(PAUSE))),
        _ if status.is_server_error() => Err(CloudError::Server(status.as_u16())),
        Some(Problem { code, field, .. }) => Err(CloudError::Problem { code, field }),
        None => Err(CloudError::Shape("it refuses in other words")),
    }
}

/// The problem document of an answer, if it has one.
async fn problem(response: Response) -> Result<Option<Problem>, CloudError> {
    const LONGEST_PROBLEM: usize = 64 << 10;
    if !is_json(response.headers()) {
        return Ok(None);
    }
    Ok(serde_json::from_slice(&body(response, LONGEST_PROBLEM).await?).ok())
}

/// The whole body. One that breaks off is an error of the network (RFC 9112 section 8).
async fn body(mut response: Response, longest: usize) -> Result<Zeroizing<Vec<u8>>, CloudError> {
    if response.content_length().is_some_and(|length| length > longest as u64) {
        return Err(CloudError::TooLong(longest));
    }
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > longest {
            return Err(CloudError::TooLong(longest));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}

/// Seconds, or a date (RFC 9110 section 10.2.3), which is held against the server's own clock where it tells it.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = httpdate::parse_http_date(text).ok()?;
            until.duration_since(date(headers).unwrap_or_else(SystemTime::now)).unwrap_or_default()
        }
    };
    Some(asked.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_a_number_or_a_date_and_bounded() {
        let pause = |wanted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, "Sun, 22 Nov 2026 16:00:00 GMT".parse().unwrap());
            headers.insert(RETRY_AFTER, wanted.parse().unwrap());
            pause(&headers).map(|pause| pause.as_secs())
        };
        assert_eq!(pause("7"), Some(7));
        assert_eq!(pause("Sun, 22 Nov 2026 16:00:09 GMT"), Some(9));
        assert_eq!(pause("Sun, 22 Nov 2026 15:00:09 GMT"), Some(0));
        assert_eq!(pause("99999999999"), Some(3600));
        assert_eq!(pause("soon"), None);
        assert_eq!(pause("-1"), None);
    }

    #[test]
    fn json_is_told_by_its_kind() {
        for (kind, wanted) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("text/html", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_json(&headers), wanted, "{kind}");
        }
    }
}
