use std::error::Error;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vestibule_model::api::{Problem, ProblemCode};

use crate::admin::AdminError;
use crate::keys::{SealError, Unsealed};
use crate::limit::TooOften;
use crate::password::PasswordError;

/// Why a request is not served. It becomes a problem document (RFC 9457).
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the caller is told.
    Told(ProblemCode),
    /// The same, of one field of the request or one header.
    Field(ProblemCode, String),
    /// Too many requests.
    Wait(Duration),
    /// What the caller is not told; it is logged.
    Internal(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// A value that the site does not allow.
    pub(crate) fn value(field: impl Into<String>) -> Self {
        Self::Field(ProblemCode::ValueInvalid, field.into())
    }

    /// Status, title and field, for a page. What the caller is not told is logged.
    pub(crate) fn say(&self) -> (StatusCode, &'static str, Option<&str>) {
        if let Self::Internal(error) = self {
            tracing::error!(error = %chain(error.as_ref()), "a request failed");
        }
        let (status, title) = describe(self.code());
        let field = match self {
            Self::Field(_, field) => Some(field.as_str()),
            _ => None,
        };
        (status, title, field)
    }

    fn code(&self) -> ProblemCode {
        match self {
            Self::Told(code) | Self::Field(code, _) => *code,
            Self::Wait(_) => ProblemCode::TooMany,
            Self::Internal(_) => ProblemCode::Internal,
        }
    }
}

/// Status and title of a code.
pub(crate) fn describe(code: ProblemCode) -> (StatusCode, &'static str) {
    use ProblemCode as P;
    match code {
        P::TokenInvalid => (StatusCode::UNAUTHORIZED, "The token is missing, unknown or over"),
        P::SignInRefused => (StatusCode::UNAUTHORIZED, "E-mail, password or second factor is wrong"),
        P::TotpRequired => (StatusCode::UNAUTHORIZED, "A second factor is needed"),
        P::RefreshRefused => (StatusCode::UNAUTHORIZED, "The refresh token is not valid"),
        P::LinkInvalid => (StatusCode::GONE, "The link is unknown, used or over"),
        P::Forbidden => (StatusCode::FORBIDDEN, "The user may not do this"),
        P::NotFound => (StatusCode::NOT_FOUND, "There is no such thing"),
        P::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "The path has other methods"),
        P::BodyInvalid => (StatusCode::BAD_REQUEST, "The body cannot be read"),
        P::QueryInvalid => (StatusCode::BAD_REQUEST, "The address cannot be read"),
        P::HeaderInvalid => (StatusCode::BAD_REQUEST, "A header is missing or cannot be read"),
        P::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"),
        P::TooSlow => (StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time"),
        P::ValueInvalid => (StatusCode::UNPROCESSABLE_ENTITY, "A value is not allowed"),
        P::IdempotencyKeyReused => {
            (StatusCode::UNPROCESSABLE_ENTITY, "The idempotency key came with another request")
        }
        P::RevisionOutdated => (StatusCode::CONFLICT, "It was changed since it was read"),
        P::Taken => (StatusCode::CONFLICT, "Something has this name, number or address already"),
        P::InUse => (StatusCode::CONFLICT, "Something is there that needs it"),
        P::DeviceLimit => (StatusCode::CONFLICT, "The apartment has as many devices as it may"),
        P::VoucherInvalid => (StatusCode::GONE, "The voucher is unknown, used or over"),
        P::NoPinFree => (StatusCode::SERVICE_UNAVAILABLE, "No PIN is free"),
        P::CursorLost => (StatusCode::GONE, "The cursor is lost; begin with a snapshot"),
        P::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
        P::Internal | P::Unknown => (StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.code();
        if let Self::Internal(error) = &self {
            // SQLite's errors name tables and constraints, never values.
            tracing::error!(error = %chain(error.as_ref()), "a request failed");
        }
        let (status, title) = describe(code);
        let word = serde_json::to_value(code).ok();
        let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or("internal");
        let wait = match &self {
            Self::Wait(wait) => Some(wait.as_millis().div_ceil(1_000)),
            _ => None,
        };
        let problem = Problem {
            kind: format!("urn:vestibule:problem:{word}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            field: match self {
                Self::Field(_, field) => Some(field),
                _ => None,
            },
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = wait.and_then(|wait| HeaderValue::try_from(wait.to_string()).ok()) {
            headers.insert(header::RETRY_AFTER, wait);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl From<TooOften> for Failure {
    fn from(TooOften(wait): TooOften) -> Self {
        Self::Wait(wait)
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Length => Self::value("password"),
            PasswordError::Hash => Self::Internal(error.into()),
        }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Text(field) | AdminError::NotFound(field) => Self::value(field),
            AdminError::Zone(_) => Self::value("zone"),
            AdminError::PinLength => Self::value("pin_length"),
            AdminError::Taken => Self::Told(ProblemCode::Taken),
            AdminError::DeviceLimit => Self::Told(ProblemCode::DeviceLimit),
            AdminError::InUse => Self::Told(ProblemCode::InUse),
            AdminError::Password(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<postgres::Error> for Failure {
    fn from(error: postgres::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<SealError> for Failure {
    fn from(error: SealError) -> Self {
        Self::Internal(error.into())
    }
}

impl From<Unsealed> for Failure {
    fn from(error: Unsealed) -> Self {
        Self::Internal(error.into())
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}
