//! What the windows know of the building, for residents who are signed in at its site server.

use leptos::prelude::*;
use vestibule_ipc::Event;
use vestibule_model::{ApartmentId, MobileAccess, Site};

use super::{AccessLog, Household, HouseholdChanged, Preferences, Visitors};
use crate::backend::Core;

/// The building, for a resident who is signed in at its site server.
#[derive(Clone, Copy)]
pub(crate) struct Building(pub(crate) RwSignal<Option<Site>>);

/// The apartment that is looked at; `None` for all.
#[derive(Clone, Copy)]
pub(crate) struct ChosenApartment(pub(crate) Memo<Option<ApartmentId>>);

/// Counts the changes to the visitors.
#[derive(Clone, Copy)]
pub(crate) struct VisitorsChanged(pub(crate) RwSignal<u32>);

/// Counts the changes to the access log.
#[derive(Clone, Copy)]
pub(crate) struct AccessChanged(pub(crate) RwSignal<u32>);

/// Whether a link that the system was asked to open waits to be confirmed.
#[derive(Clone, Copy)]
pub(crate) struct LinkWaits(pub(crate) RwSignal<bool>);

/// Counts the changes to the resident's reports.
#[derive(Clone, Copy)]
pub(crate) struct TicketsChanged(pub(crate) RwSignal<u32>);

/// The phone as a key, once it was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Mobile(pub(crate) RwSignal<Option<MobileAccess>>);

/// Puts the building's stores into the context.
pub(super) fn provide(core: Core) {
    let building = RwSignal::new(None::<Site>);
    let Preferences(preferences) = expect_context();
    let wanted = Memo::new(move |_| preferences.with(|settings| settings.apartment));
    let chosen = Memo::new(move |_| building.with(|site| site.as_ref()?.chosen(wanted.get())));
    provide_context(Building(building));
    provide_context(ChosenApartment(chosen));
    provide_context(VisitorsChanged(RwSignal::new(0)));
    provide_context(AccessChanged(RwSignal::new(0)));
    provide_context(LinkWaits(RwSignal::new(false)));
    provide_context(TicketsChanged(RwSignal::new(0)));
    provide_context(Mobile(RwSignal::new(None)));
    provide_context(HouseholdChanged(RwSignal::new(0)));
    provide_context(AccessLog::new(core, chosen));
    provide_context(Household::new(core));
    provide_context(Visitors::new(core, chosen));
}

/// The stores that follow events.
#[derive(Clone, Copy)]
pub(super) struct Stores {
    building: Building,
    visitors_changed: VisitorsChanged,
    access_changed: AccessChanged,
    link_waits: LinkWaits,
    tickets_changed: TicketsChanged,
    household_changed: HouseholdChanged,
    #[cfg(feature = "fake")]
    mobile: Mobile,
}

impl Stores {
    pub(super) fn gather() -> Self {
        Self {
            building: expect_context(),
            visitors_changed: expect_context(),
            access_changed: expect_context(),
            link_waits: expect_context(),
            tickets_changed: expect_context(),
            household_changed: expect_context(),
            #[cfg(feature = "fake")]
            mobile: expect_context(),
        }
    }

    /// What the core said first.
    pub(super) fn begin(self, site: Option<Site>, link_waits: bool) {
        self.building.0.set(site);
        self.link_waits.0.set(link_waits);
    }

    pub(super) fn apply(self, event: Event) {
        match event {
            Event::Site(site) => self.building.0.set(site),
            // Pages of the building ask by themselves.
            Event::VisitorsChanged => self.visitors_changed.0.update(|count| *count += 1),
            Event::AccessChanged => self.access_changed.0.update(|count| *count += 1),
            Event::LinkWaits(waits) => self.link_waits.0.set(waits),
            Event::TicketsChanged => self.tickets_changed.0.update(|count| *count += 1),
            Event::HouseholdChanged => self.household_changed.0.update(|count| *count += 1),
            #[cfg(feature = "fake")]
            Event::MobileAccess(access) => self.mobile.0.set(Some(access)),
            _ => (),
        }
    }
}
