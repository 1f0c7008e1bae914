use serde::{Deserialize, Serialize};

/// Why a request was not served: a problem document of RFC 9457, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:vestibule:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every problem of this code, in English, for whoever reads a log.
    pub title: String,
    /// The status of the answer once more.
    pub status: u16,
    /// What to decide by.
    pub code: ProblemCode,
    /// The field of the request that it is about, such as `schedule[0].days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The codes of [`Problem`]. They are never given another meaning; new ones are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// No token, or none that the server knows, or its time is over: refresh, or sign in.
    TokenInvalid,
    /// E-mail, password or second factor is wrong.
    SignInRefused,
    /// The password is right, and a second factor is needed.
    TotpRequired,
    /// The refresh token is not valid, or was used before: sign in again.
    RefreshRefused,
    /// The link is unknown, was used, or its time is over.
    LinkInvalid,
    /// The user may not do this.
    Forbidden,
    /// There is no such thing, or this user may not see it.
    NotFound,
    /// The path exists, with other methods.
    MethodNotAllowed,
    /// The body is not JSON, lacks a field, or has one that the server does not know.
    BodyInvalid,
    /// A part of the address after `?`, or in the path, cannot be read.
    QueryInvalid,
    /// A header is missing or cannot be read; `field` names it.
    HeaderInvalid,
    /// The body is longer than anything that the server takes.
    BodyTooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// A value is outside what the site allows.
    ValueInvalid,
    /// The same `Idempotency-Key` came before, with another request.
    IdempotencyKeyReused,
    /// Somebody changed it since it was read: read it again.
    RevisionOutdated,
    /// Something else has this name, number or address.
    Taken,
    /// It cannot be removed while other things need it.
    InUse,
    /// The apartment has as many paid devices as it may.
    DeviceLimit,
    /// The voucher is unknown, was redeemed, or its time is over.
    VoucherInvalid,
    /// So many PINs are in use in the site that no free one was found.
    NoPinFree,
    /// The cursor is too old, or from before the server was restored: begin with a snapshot.
    CursorLost,
    /// Too many requests; `Retry-After` says how long to wait.
    TooMany,
    /// The server failed. It says more in its own log.
    Internal,
    /// A code that is newer than this program.
    #[serde(other)]
    Unknown,
}
