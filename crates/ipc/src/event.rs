use serde::{Deserialize, Serialize};
#[cfg(feature = "mobile")]
use vestibule_model::MobileAccess;
use vestibule_model::{CallId, Intercom, Registration, Settings, Site};

use crate::CallView;

/// What the core tells every window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// How the phone stands with its registrar.
    Registration(Registration),
    /// A call began, changed or ended.
    Call(CallView),
    /// A call that ended is no longer to be shown.
    CallClosed(CallId),
    /// Rows of the history were written or removed; lists ask anew.
    HistoryChanged {
        /// How many missed calls have not been seen.
        unseen: u32,
    },
    /// Settings changed.
    Settings(Settings),
    /// The list of intercoms changed.
    Intercoms(Vec<Intercom>),
    /// How it stands with the cache and the keychain.
    Storage(StorageState),
    /// What is known of the building changed; `None` once nobody is signed in at a site server.
    Site(Option<Site>),
    /// Visitors were made, changed or removed; lists ask anew.
    VisitorsChanged,
    /// Lines came into the access log or left it; lists ask anew.
    AccessChanged,
    /// Whether a link that the system was asked to open waits for its server to be confirmed.
    LinkWaits(bool),
    /// A report was written, sent or refused; lists ask anew.
    TicketsChanged,
    /// Somebody came into the household, left it or was changed; lists ask anew.
    HouseholdChanged,
    /// The phone as a key: its card, its modes or the doors nearby changed.
    #[cfg(feature = "mobile")]
    MobileAccess(MobileAccess),
}

impl Event {
    /// The name under which the shell emits every event.
    pub const NAME: &'static str = "vestibule";
}

/// Everything a window needs to draw its first page; events keep it true from there on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppState {
    /// How the phone stands with its registrar.
    pub registration: Registration,
    /// Settings.
    pub settings: Settings,
    /// Calls that are up, the one on the screen first.
    pub calls: Vec<CallView>,
    /// Intercoms, in the order of their names.
    pub intercoms: Vec<Intercom>,
    /// How many missed calls have not been seen.
    pub unseen: u32,
    /// How it stands with the cache and the keychain.
    pub storage: StorageState,
    /// The building, for a resident who is signed in at its site server.
    pub site: Option<Site>,
    /// Whether a link that the system was asked to open waits for its server to be confirmed.
    pub link_waits: bool,
    /// Version of the program.
    pub version: String,
}

/// How it stands with the cache and the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageState {
    /// Open, with its key in the keychain.
    Ready,
    /// The keychain is locked; the app waits for it.
    KeychainLocked,
    /// There is no keychain. The resident has to say whether a file that only this user can read will do.
    NoKeychain,
    /// Open, with its key in a file that only this user can read, as the resident agreed.
    KeyInFile,
    /// The cache was damaged or its key was lost: it was kept aside, and a new one was begun.
    StartedAnew {
        /// Where the old file is kept.
        kept_as: String,
        /// Why.
        why: StartedAnew,
    },
    /// The cache comes from a newer version of the program. It was left as it is and is not used.
    FromNewerVersion {
        /// The version of its tables.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The cache cannot be opened for another reason.
    Unusable {
        /// English, for people who look into it.
        message: String,
    },
}

/// Why a new cache was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartedAnew {
    /// The file is damaged.
    Damaged,
    /// Its key is no longer in the keychain.
    KeyLost,
}
