use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use thiserror::Error;
use vestibule_model::Secret;

/// Characters of a password, at least (NIST SP 800-63B-4, 3.1.1.2, beside a second factor) and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=256;

/// A password that nobody may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too short or too long.
    #[error("a password has {} to {} characters", LENGTH.start(), LENGTH.end())]
    Length,
    /// The system cannot hash it, for want of memory or of random bytes.
    #[error("the password could not be hashed")]
    Hash,
}

/// Hashes with Argon2id, 19 MiB and two passes (OWASP's choice and the crate's default), to a PHC string.
pub(crate) fn hash(password: &Secret) -> Result<String, PasswordError> {
    if !LENGTH.contains(&password.reveal().chars().count()) {
        return Err(PasswordError::Length);
    }
    let hash = Argon2::default().hash_password(password.reveal().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| PasswordError::Hash)
}

/// Whether the password is that of the hash. It takes about as long when it is not.
pub(crate) fn is_right(password: &Secret, hash: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(|_| PasswordError::Hash)?;
    match Argon2::default().verify_password(password.reveal().as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(PasswordError::Hash),
    }
}
