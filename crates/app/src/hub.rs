//! What every window is told: the present state of the house, and each change as an event.
//!
//! State and event are changed under one lock, so a window that asks for the state and then listens misses
//! nothing and sees nothing twice out of order.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use vestibule_ipc::{AppState, CallPhase, CallView, Event, StorageState};
use vestibule_model::{CallId, Direction, Intercom, Registration, Secret, Settings, Site};

/// Events that a slow window may lag behind before it has to ask for the state anew.
const BACKLOG: usize = 256;

pub(crate) struct Hub {
    state: Mutex<State>,
    events: broadcast::Sender<Event>,
}

struct State {
    registration: Registration,
    settings: Settings,
    intercoms: Vec<Intercom>,
    calls: BTreeMap<CallId, CallView>,
    unseen: u32,
    storage: StorageState,
    site: Option<Site>,
    link: Option<Secret>,
}

impl Hub {
    pub(crate) fn new(storage: StorageState) -> Self {
        let state = State {
            registration: Registration::NotConfigured,
            settings: Settings::default(),
            intercoms: Vec::new(),
            calls: BTreeMap::new(),
            unseen: 0,
            storage,
            site: None,
            link: None,
        };
        Self { state: Mutex::new(state), events: broadcast::channel(BACKLOG).0 }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(crate) fn snapshot(&self) -> AppState {
        let state = self.lock();
        let mut calls: Vec<CallView> = state.calls.values().cloned().collect();
        calls.sort_by_key(|call| call.waiting);
        AppState {
            registration: state.registration.clone(),
            settings: state.settings.clone(),
            calls,
            intercoms: state.intercoms.clone(),
            unseen: state.unseen,
            storage: state.storage.clone(),
            site: state.site.clone(),
            link_waits: state.link.is_some(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.lock().settings.clone()
    }

    pub(crate) fn intercoms(&self) -> Vec<Intercom> {
        self.lock().intercoms.clone()
    }

    pub(crate) fn call(&self, id: CallId) -> Option<CallView> {
        self.lock().calls.get(&id).cloned()
    }

    /// Whether the ringtone is to sound: somebody rings for the first time today and was not silenced.
    pub(crate) fn wants_ringtone(&self) -> bool {
        self.lock().calls.values().any(|call| {
            call.phase == CallPhase::Ringing
                && call.direction == Direction::Incoming
                && !call.silenced
                && !call.waiting
        })
    }

    pub(crate) fn set_registration(&self, registration: Registration) {
        let mut state = self.lock();
        if state.registration != registration {
            state.registration = registration.clone();
            self.tell(Event::Registration(registration));
        }
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        let mut state = self.lock();
        if state.settings != settings {
            state.settings = settings.clone();
            self.tell(Event::Settings(settings));
        }
    }

    pub(crate) fn set_intercoms(&self, intercoms: Vec<Intercom>) {
        let mut state = self.lock();
        state.intercoms = intercoms.clone();
        self.tell(Event::Intercoms(intercoms));
    }

    pub(crate) fn set_storage(&self, storage: StorageState) {
        let mut state = self.lock();
        if state.storage != storage {
            state.storage = storage.clone();
            self.tell(Event::Storage(storage));
        }
    }

    /// The building of this resident, if they are signed in at one.
    pub(crate) fn site(&self) -> Option<Site> {
        self.lock().site.clone()
    }

    pub(crate) fn set_site(&self, site: Option<Site>) {
        let mut state = self.lock();
        if state.site != site {
            state.site = site.clone();
            self.tell(Event::Site(site));
        }
    }

    /// Puts a link in place of the one that waited, which is returned.
    pub(crate) fn set_link(&self, link: Option<Secret>) -> Option<Secret> {
        let mut state = self.lock();
        let waits = link.is_some();
        let before = std::mem::replace(&mut state.link, link);
        if waits || before.is_some() {
            self.tell(Event::LinkWaits(waits));
        }
        before
    }

    /// Visitors changed; lists ask anew.
    pub(crate) fn visitors_changed(&self) {
        self.tell(Event::VisitorsChanged);
    }

    /// The access log changed; lists ask anew.
    pub(crate) fn access_changed(&self) {
        self.tell(Event::AccessChanged);
    }

    /// The resident's reports changed; lists ask anew.
    pub(crate) fn tickets_changed(&self) {
        self.tell(Event::TicketsChanged);
    }

    /// The household changed; lists ask anew.
    pub(crate) fn household_changed(&self) {
        self.tell(Event::HouseholdChanged);
    }

    /// Rows of the history changed; `unseen` is the new count of missed calls that nobody has looked at.
    pub(crate) fn history_changed(&self, unseen: u32) {
        self.lock().unseen = unseen;
        self.tell(Event::HistoryChanged { unseen });
    }

    pub(crate) fn show_call(&self, view: CallView) {
        let mut state = self.lock();
        if state.calls.get(&view.id) != Some(&view) {
            state.calls.insert(view.id, view.clone());
            self.tell(Event::Call(view));
        }
    }

    pub(crate) fn close_call(&self, id: CallId) {
        if self.lock().calls.remove(&id).is_some() {
            self.tell(Event::CallClosed(id));
        }
    }

    fn tell(&self, event: Event) {
        // Nobody listening is no fault: the command line may have no window at all.
        let _nobody_listens = self.events.send(event);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
