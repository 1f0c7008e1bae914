//! Where secrets are kept: the operating system's keychain, else files that only this user can read.

mod file;
mod memory;
mod platform;
mod system;

use std::error::Error;

use thiserror::Error;

pub use file::FileKeychain;
pub use memory::MemoryKeychain;
pub use system::SystemKeychain;

/// Keeps small secrets by name. Calls block; an implementation sees to it that none blocks for ever.
pub trait Keychain: Send + Sync {
    /// The secret of this name; `None` when the keychain is open and does not hold it.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, KeychainError>;

    /// Keeps a secret, in place of the one before. After an error it may have been kept all the same.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError>;

    /// Forgets a secret. It is no error when there is none.
    fn delete(&self, name: &str) -> Result<(), KeychainError>;

    /// The resident wants to be asked for the keychain's password once more, after having put it off.
    /// A keychain that asks nobody has nothing to do.
    fn ask_again(&self) {}
}

/// Why a secret could not be read or kept.
#[derive(Debug, Error)]
pub enum KeychainError {
    /// It is locked, and nobody has unlocked it yet.
    #[error("the keychain is locked")]
    Locked,
    /// There is no keychain in this session, or none that new secrets could be kept in.
    #[error("there is no keychain")]
    Absent,
    /// Anything else.
    #[error("the keychain failed")]
    Other(#[source] Box<dyn Error + Send + Sync>),
}
