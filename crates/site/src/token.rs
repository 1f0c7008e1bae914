use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use vestibule_model::Secret;
use zeroize::Zeroizing;

/// What a token is for: the word it begins with, so that one that leaks is known for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Access,
    Refresh,
    Link,
    Device,
    Qr,
    Sip,
    Page,
}

/// SHA-256 of a token; all that the database has of it. A token is 32 random bytes, so nothing slower is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) [u8; 32]);

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Access => "vsa_",
            Self::Refresh => "vsr_",
            Self::Link => "vsl_",
            Self::Device => "vsd_",
            Self::Qr => "vsq_",
            Self::Sip => "vss_",
            Self::Page => "vsp_",
        }
    }

    /// A new token: prefix and 32 random bytes in base64url.
    pub(crate) fn generate(self) -> Result<Secret, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Secret::new(format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }
}

impl Digest {
    /// Of any text.
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }
}
