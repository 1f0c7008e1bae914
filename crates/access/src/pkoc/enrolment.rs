use std::collections::BTreeSet;

use thiserror::Error;

use super::identity::ReaderIdentity;
use super::message::ReaderId;

/// A reader that a phone may open, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    identity: ReaderIdentity,
    flow: Flow,
}

/// How phone and reader prove themselves. Which one it is was agreed before, and never follows from what comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Only the phone does, and its credential goes in clear.
    Normal,
    /// Both do; the reader signs with the site's key.
    SiteKey,
    /// Both do; the reader signs with its own key, which the site vouches for.
    Certificate {
        /// Readers whose certificates the site took back.
        revoked: BTreeSet<ReaderId>,
    },
}

/// Whether a site takes credentials in clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NormalFlow {
    /// It does not.
    #[default]
    Forbidden,
    /// It does.
    Allowed,
}

/// The site forbids credentials in clear.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the site does not take credentials in clear")]
pub struct NormalForbidden;

impl Enrolment {
    /// Enrols at a reader. Error: the flow is not one of this site.
    pub fn new(identity: ReaderIdentity, flow: Flow, normal: NormalFlow) -> Result<Self, NormalForbidden> {
        if flow == Flow::Normal && normal == NormalFlow::Forbidden {
            return Err(NormalForbidden);
        }
        Ok(Self { identity, flow })
    }

    /// Who the reader is.
    pub fn identity(&self) -> &ReaderIdentity {
        &self.identity
    }

    /// How it is spoken to.
    pub fn flow(&self) -> &Flow {
        &self.flow
    }
}
