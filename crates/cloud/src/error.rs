use std::error::Error;
use std::time::Duration;

use thiserror::Error;
use vestibule_model::api::ProblemCode;

use crate::session::KeepError;

/// Why a call did not do what it should. The cases are what a caller does next.
#[derive(Debug, Error)]
pub enum CloudError {
    /// The server cannot be reached: no such name, refused, cut off, too slow. Whether it took what was sent is not
    /// known: try again, with the same key.
    #[error("the site server cannot be reached")]
    Offline(#[source] Box<dyn Error + Send + Sync>),
    /// The server asks to be left alone for so long.
    #[error("the site server asks to wait for {} s", .0.as_secs())]
    RetryAfter(Duration),
    /// The server failed (5xx): try again later.
    #[error("the site server failed ({0})")]
    Server(u16),
    /// The server does not do it, and says why. The same again would be answered the same.
    #[error("the site server refused: {code:?}{}", field_of(.field.as_deref()))]
    Problem {
        /// What to decide by.
        code: ProblemCode,
        /// The field of the request that it is about.
        field: Option<String>,
    },
    /// What came back is not what a site server says: another program, or one of a version that is not understood.
    #[error("what answers is no site server of this version: {0}")]
    Shape(&'static str),
    /// More came back than is ever asked for.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The server does not know this device any more: sign in again.
    #[error("this device is signed out")]
    SignedOut,
    /// The token is not good any more, and it is another program that renews it.
    #[error("the token is too old, and another program renews it")]
    NotRenewed,
    /// The tokens could not be kept, so nothing was asked for.
    #[error("the tokens could not be kept")]
    Keep(#[from] KeepError),
    /// The system's certificates or its network cannot be used at all.
    #[error("no connection can be made on this system")]
    Unusable(#[source] Box<dyn Error + Send + Sync>),
}

impl CloudError {
    /// Whether the same may go well later, with nothing changed.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Offline(_)
            | Self::RetryAfter(_)
            | Self::Server(_)
            | Self::Shape(_)
            | Self::TooLong(_)
            | Self::NotRenewed => true,
            Self::Problem { .. } | Self::SignedOut | Self::Keep(_) | Self::Unusable(_) => false,
        }
    }

    /// The code of a problem, if it is one.
    pub fn problem(&self) -> Option<ProblemCode> {
        match self {
            Self::Problem { code, .. } => Some(*code),
            _ => None,
        }
    }
}

/// Addresses may hold what somebody searched for, and errors are logged.
impl From<reqwest::Error> for CloudError {
    fn from(error: reqwest::Error) -> Self {
        Self::Offline(error.without_url().into())
    }
}

fn field_of(field: Option<&str>) -> String {
    field.map(|field| format!(" ({field})")).unwrap_or_default()
}
