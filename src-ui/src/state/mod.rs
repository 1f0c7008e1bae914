//! What the windows know: one store per entity, each a newtype in the context, kept true by the core's events.

mod access;
mod building;
mod calls;
mod clock;
mod history;
mod household;
mod orders;
mod ringing;
mod toasts;
mod visitors;

use leptos::prelude::*;
use vestibule_ipc::{AppState, Error, Event, GetState, SaveSettings, StorageState};
use vestibule_model::{Intercom, IntercomId, Registration, Settings};

pub(crate) use access::AccessLog;
pub(crate) use building::{
    AccessChanged, Building, ChosenApartment, LinkWaits, Mobile, TicketsChanged, VisitorsChanged,
};
pub(crate) use calls::Calls;
pub(crate) use clock::{Clock, read as now};
pub(crate) use history::{History, Loading};
pub(crate) use household::{Household, HouseholdChanged};
pub(crate) use orders::{Orders, use_orders};
pub(crate) use ringing::{Ringing, use_ringing};
pub(crate) use toasts::Offer;
pub(crate) use toasts::{Toasts, Tone};
pub(crate) use visitors::{Part, Reading, Sorted, Visitors};

use crate::backend::Core;

/// How the phone stands with its registrar.
#[derive(Clone, Copy)]
pub(crate) struct Service(pub(crate) RwSignal<Registration>);

/// Settings, as the core has them.
#[derive(Clone, Copy)]
pub(crate) struct Preferences(pub(crate) RwSignal<Settings>);

/// The intercoms of this resident, in the order of their names.
#[derive(Clone, Copy)]
pub(crate) struct Intercoms(pub(crate) RwSignal<Vec<Intercom>>);

/// How many missed calls have not been seen.
#[derive(Clone, Copy)]
pub(crate) struct Unseen(pub(crate) RwSignal<u32>);

/// How it stands with the cache and the keychain.
#[derive(Clone, Copy)]
pub(crate) struct Storage(pub(crate) RwSignal<StorageState>);

/// Version of the program.
#[derive(Clone, Copy)]
pub(crate) struct Version(pub(crate) RwSignal<String>);

/// Whether the first page can be drawn.
#[derive(Clone, Copy)]
pub(crate) struct Start(pub(crate) RwSignal<StartPhase>);

/// How far the window has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StartPhase {
    /// The core has not answered yet.
    Loading,
    /// Everything is there.
    Ready,
    /// The core refused.
    Failed(Error),
}

impl Preferences {
    /// Changes a setting: sends the whole with this part changed. It shows at once, and goes back when it is refused.
    pub(crate) fn change(self, orders: Orders, edit: impl FnOnce(&mut Settings)) {
        let Self(preferences) = self;
        let before = preferences.get_untracked();
        let mut settings = before.clone();
        edit(&mut settings);
        preferences.set(settings.clone());
        orders.ask(SaveSettings { settings: settings.clone() }, move |answer| {
            if let Err(problem) = answer {
                orders.say(&problem);
                // What came from elsewhere meanwhile stands.
                if preferences.with_untracked(|now| *now == settings) {
                    preferences.set(before);
                }
            }
        });
    }
}

impl Intercoms {
    /// The intercom with this id.
    pub(crate) fn find(self, id: IntercomId) -> Option<Intercom> {
        self.0.with(|all| all.iter().find(|intercom| intercom.id == id).cloned())
    }
}

/// Puts every store into the context and keeps them true.
pub(crate) fn provide(core: Core) {
    provide_context(core);
    provide_context(Service(RwSignal::new(Registration::NotConfigured)));
    provide_context(Preferences(RwSignal::new(Settings::default())));
    provide_context(Intercoms(RwSignal::new(Vec::new())));
    provide_context(Unseen(RwSignal::new(0)));
    provide_context(Storage(RwSignal::new(StorageState::Ready)));
    provide_context(Version(RwSignal::new(String::new())));
    provide_context(Start(RwSignal::new(StartPhase::Loading)));
    provide_context(Calls::new());
    provide_context(History::new(core));
    provide_context(Toasts::new());
    building::provide(core);
    provide_context(Clock::start());

    let stores = Stores::gather();
    leptos::task::spawn_local(async move {
        // What happens between the answer and the first event would be lost the other way round.
        core.listen(move |event| stores.apply(event)).await;
        stores.ask(core).await;
    });
}

/// Asks the core again: the way out of a start that failed.
pub(crate) fn begin_again() {
    let core = expect_context::<Core>();
    let stores = Stores::gather();
    stores.start.0.set(StartPhase::Loading);
    leptos::task::spawn_local(stores.ask(core));
}

/// All stores at hand, for events come from outside of any component.
#[derive(Clone, Copy)]
struct Stores {
    service: Service,
    preferences: Preferences,
    intercoms: Intercoms,
    unseen: Unseen,
    storage: Storage,
    version: Version,
    site: building::Stores,
    start: Start,
    calls: Calls,
    history: History,
}

impl Stores {
    fn gather() -> Self {
        Self {
            service: expect_context(),
            preferences: expect_context(),
            intercoms: expect_context(),
            unseen: expect_context(),
            storage: expect_context(),
            version: expect_context(),
            site: building::Stores::gather(),
            start: expect_context(),
            calls: expect_context(),
            history: expect_context(),
        }
    }

    async fn ask(self, core: Core) {
        match core.call(GetState {}).await {
            Ok(state) => self.fill(state),
            Err(problem) => self.start.0.set(StartPhase::Failed(problem)),
        }
    }

    fn fill(self, state: AppState) {
        self.service.0.set(state.registration);
        self.preferences.0.set(state.settings);
        self.intercoms.0.set(state.intercoms);
        self.unseen.0.set(state.unseen);
        self.storage.0.set(state.storage);
        self.version.0.set(state.version);
        self.site.begin(state.site, state.link_waits);
        self.calls.set(state.calls);
        self.start.0.set(StartPhase::Ready);
        self.history.refresh();
    }

    fn apply(self, event: Event) {
        match event {
            Event::Registration(registration) => self.service.0.set(registration),
            Event::Call(view) => self.calls.put(view),
            Event::CallClosed(call) => self.calls.close(call),
            Event::HistoryChanged { unseen } => {
                self.unseen.0.set(unseen);
                self.history.refresh();
            }
            Event::Settings(settings) => self.preferences.0.set(settings),
            Event::Intercoms(intercoms) => self.intercoms.0.set(intercoms),
            // A cache that has opened holds other settings and other rows than before.
            Event::Storage(state) => {
                let changed = self.storage.0.with_untracked(|old| *old != state);
                self.storage.0.set(state);
                if changed {
                    self.history.refresh();
                }
            }
            // What is left is the building's.
            event => self.site.apply(event),
        }
    }
}
