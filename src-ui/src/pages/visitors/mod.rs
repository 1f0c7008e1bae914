//! Visitors: who can come in, and for how long.

mod act;
mod card;
mod change;
mod entry;
mod fields;
mod flat;
mod form;
mod give;
mod hours;
mod keys;
mod list;
mod paper;
mod pdf;
mod presence;
mod presets;
mod row;
mod rows;
pub(crate) mod send;
mod times;
mod typed;
mod wall;
mod wording;

use leptos::prelude::*;
use vestibule_model::{Site, Timestamp, VisitorId};

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::route::{Location, Route, VisitorPlace};
use crate::state::{self, Building, Clock, Sorted};

use card::Card;
use form::{Edit, New};
use list::List;

/// The visitors with the one that is looked at.
#[component]
pub(crate) fn Visitors() -> impl IntoView {
    let Building(building) = expect_context();
    let here = Memo::new(move |_| building.with(Option::is_some));
    move || if here.get() { view! { <Panes/> }.into_any() } else { view! { <NoSite/> }.into_any() }
}

/// What the list shows now, shared by its parts.
#[derive(Clone, Copy)]
struct Shown {
    /// Everybody, as far as they match the search.
    sorted: Memo<Sorted>,
    /// Whose card is looked at; on a wide window the first one until another is chosen.
    card: Memo<Option<VisitorId>>,
    /// A time that is fresh enough for what is left, and does not draw the list every second.
    tick: Memo<Timestamp>,
    /// The building as it is now.
    site: Memo<Site>,
    /// Whether the heading of the detail pane takes the focus as soon as it is drawn.
    heading_wanted: StoredValue<bool>,
}

/// What is in the detail pane.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pane {
    Nothing,
    New,
    Card(VisitorId),
    Edit(VisitorId),
}

#[component]
fn Panes() -> impl IntoView {
    let location = expect_context::<Location>();
    let visitors = expect_context::<state::Visitors>();
    let clock = expect_context::<Clock>();
    visitors.follow();

    // Half a minute is less than what the list tells apart.
    let tick = Memo::new(move |_| Timestamp(clock.now().0.div_euclid(30_000)));
    let tick = Memo::new(move |_| {
        tick.track();
        state::now()
    });
    let ordered = Memo::new(move |_| {
        tick.track();
        visitors.ordered(state::now())
    });
    let sorted =
        Memo::new(move |_| ordered.with(|ordered| visitors.text.with(|text| ordered.matching(text))));
    let place = Memo::new(move |_| match location.get() {
        Route::Visitors(place) => place,
        _ => VisitorPlace::List,
    });
    let first = Memo::new(move |_| {
        let part = visitors.part.get();
        sorted.with(|sorted| groups(sorted, part).find_map(|(_, rows)| rows.first().copied()))
    });
    let pane = Memo::new(move |_| match place.get() {
        VisitorPlace::New => Pane::New,
        VisitorPlace::Card(id) => Pane::Card(id),
        VisitorPlace::Edit(id) => Pane::Edit(id),
        VisitorPlace::List => first.get().map_or(Pane::Nothing, Pane::Card),
    });
    let card = Memo::new(move |_| match pane.get() {
        Pane::Card(id) | Pane::Edit(id) => Some(id),
        Pane::Nothing | Pane::New => None,
    });
    let building = expect_context::<Building>();
    let site = Memo::new(move |_| site(building));
    let shown = Shown { sorted, card, tick, site, heading_wanted: StoredValue::new(false) };
    provide_context(shown);
    let goal = RwSignal::new(None);
    keys::follow_focus(place, shown, goal);
    keys::make_by_n();

    view! {
        <main
            id="main"
            tabindex="-1"
            class="panes"
            data-show=move || (place.get() != VisitorPlace::List).then_some("detail")
            data-task=move || (place.get() != VisitorPlace::List).then_some("")
        >
            <List goal/>
            {move || match pane.get() {
                Pane::New => view! { <New/> }.into_any(),
                Pane::Edit(id) => view! { <Edit id/> }.into_any(),
                Pane::Card(id) => view! { <Card id/> }.into_any(),
                Pane::Nothing => view! { <Nothing/> }.into_any(),
            }}
        </main>
    }
}

/// Rows that stand together, under a heading of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// What the building said no to.
    Refused,
    /// Made without a network.
    Waiting,
    /// The part that is chosen.
    Own,
}

/// The groups of a part of the list from top to bottom: what needs to be seen to before a long list, for below it
/// nobody would find it, else after it.
fn groups(sorted: &Sorted, part: state::Part) -> impl Iterator<Item = (Group, &[VisitorId])> {
    let own = (Group::Own, sorted.part(part));
    let (refused, waiting) = match part {
        state::Part::Active => (&sorted.refused[..], &sorted.waiting[..]),
        state::Part::Upcoming | state::Part::Past => (&[][..], &[][..]),
    };
    let (refused, waiting) = ((Group::Refused, refused), (Group::Waiting, waiting));
    let is_long = own.1.len() > 20;
    if is_long { [refused, waiting, own] } else { [own, waiting, refused] }.into_iter()
}

/// The building as it is now. The page is drawn only while there is one.
fn site(building: Building) -> Site {
    let Building(building) = building;
    building.get().unwrap_or_else(|| Site {
        name: String::new(),
        address: String::new(),
        zone: "UTC".to_owned(),
        pin_length: 5,
        qr_codes: false,
        apartments: Vec::new(),
        devices: Vec::new(),
        household: false,
        licence: vestibule_model::Licence::Ready,
        phone: vestibule_model::PhoneSetup::default(),
        read_at: Timestamp(0),
        online: true,
        signed_in: true,
    })
}

/// Nobody is looked at, for there is nobody.
#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="pane pane-detail">
            <div class="pane-body"><Empty icon=Icon::Visitors title=t_string!(i18n, visitors.pick)/></div>
        </section>
    }
}

#[component]
fn BackToList() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        // Where the list is hidden its heading is as well, and a page has one.
        <h1 class="vh only-narrow">{say!(i18n, visitors.title)}</h1>
        <a class="icon-btn back" href=Route::Visitors(VisitorPlace::List).hash()>
            <Glyph icon=Icon::Back class="icon-dir"/>
            <span class="vh">{say!(i18n, app.back)}</span>
        </a>
    }
}

/// There is no building to let anybody into.
#[component]
fn NoSite() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main id="main" tabindex="-1">
            <section class="pane" aria-labelledby="t-visitors">
                <header class="pane-head"><h1 id="t-visitors" class="grow">{t_string!(i18n, visitors.title)}</h1></header>
                <div class="pane-body">
                    <Empty icon=Icon::Building title=t_string!(i18n, visitors.no_site) text=t_string!(i18n, visitors.no_site_hint)>
                        <a class="btn btn-primary" href=Route::SignIn.hash()>{t_string!(i18n, visitors.sign_in)}</a>
                    </Empty>
                </div>
            </section>
        </main>
    }
}
