//! The local cache, an encrypted SQLite file, and the keychain that holds its key.
//!
//! Every call blocks, on the disk or on the keychain: asynchronous callers use a thread for blocking work.

mod aside;
mod building;
mod connection;
mod delivery;
mod error;
mod history;
mod household;
mod key;
mod keychain;
mod migration;
mod private;
mod recovery;
mod store;
mod table;
mod visitors;
mod word;

pub use building::{Anew, Building, Touched};
pub use delivery::Outcome;
pub use error::{OpenError, StoreError};
pub use key::{Key, KeyError};
pub use keychain::{FileKeychain, Keychain, KeychainError, MemoryKeychain, SystemKeychain};
pub use recovery::{OpenState, Opened, open_or_recover};
pub use store::Store;
pub use table::{ActionId, CallEnd, Configuration, ItemId, ItemKind, Known, Membership, NewCall, Sending};
