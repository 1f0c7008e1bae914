use std::io;
use std::net::SocketAddr;

use thiserror::Error;
use vestibule_model::AccountProblem;

/// Why a user agent did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The port is taken, or the address is not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The account cannot work as it is written.
    #[error("the account cannot be used")]
    Account(#[from] AccountProblem),
    /// The stack below refused to start.
    #[error("the SIP stack did not start: {0}")]
    Stack(String),
}

/// Why a step of a call was not possible.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CallError {
    /// The caller gave up first.
    #[error("the caller gave up")]
    Cancelled,
    /// The call is over, or the user agent stopped.
    #[error("the call is over")]
    Over,
    /// Nobody answered in time.
    #[error("no answer in time")]
    Timeout,
    /// No way leads there: name unknown, connection refused, user not registered here.
    #[error("{0} cannot be reached")]
    Unreachable(String),
    /// The other side said no.
    #[error("refused with {status} {reason}")]
    Refused {
        /// SIP status code, 300 to 699.
        status: u16,
        /// Its reason phrase.
        reason: String,
    },
    /// Another offer is open (RFC 3261 section 14.1).
    #[error("another change of the session is pending")]
    Pending,
    /// The answer makes no sense, as a 200 without Contact or SDP.
    #[error("the answer cannot be understood: {0}")]
    Malformed(&'static str),
    /// A header cannot be written from this value.
    #[error("{0:?} cannot be written into a SIP message")]
    BadValue(String),
}
