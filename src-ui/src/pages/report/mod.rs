//! Whom to tell of a problem: the facility management, or technical support in steps.

mod contacts;
mod draft;
mod earlier;
pub(crate) mod email;
mod links;
mod result;
mod review;
mod steps;
mod support;
mod ticket;

use std::time::Duration;

use leptos::prelude::*;
use vestibule_model::Site;
use wasm_bindgen::JsCast;

use self::contacts::Contacts;
use self::earlier::Earlier;
use self::support::Support;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::{Location, Route};
use crate::state::{Building, now};

/// After so long without an answer a page says so, and offers to try again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The contacts of the building, with technical support beside them.
#[component]
pub(crate) fn Report() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let known = Memo::new(move |_| building.with(Option::is_some));
    move || if known.get() { panes(i18n) } else { nobody_to_tell(i18n) }
}

/// The way back to Settings, at the head of a page.
pub(crate) fn back_to_settings(i18n: Catalogue) -> AnyView {
    view! {
        <a class="icon-btn back" href=Route::Settings(None).hash()>
            <Glyph icon=Icon::Back class="icon-dir"/>
            <span class="vh">{say!(i18n, report.to_settings)}</span>
        </a>
    }
    .into_any()
}

fn panes(i18n: Catalogue) -> AnyView {
    let location = expect_context::<Location>();
    let Building(building) = expect_context();
    let asked = Memo::new(move |_| matches!(location.get(), Route::Support | Route::EarlierReports));
    let earlier = Memo::new(move |_| location.get() == Route::EarlierReports);
    let name = move || building.with(|site| site.as_ref().map(|site| site.name.clone()));
    lead_focus(location);
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || asked.get().then_some("detail")>
            <section class="pane pane-list" aria-labelledby="t-report">
                <header class="pane-head">
                    {back_to_settings(i18n)}
                    <div class="grow">
                        <h1 id="t-report" tabindex="-1">{say!(i18n, report.title)}</h1>
                        <p class="small muted"><bdi>{name}</bdi></p>
                    </div>
                </header>
                <div class="pane-body">
                    {move || building.with(|site| site.as_ref().and_then(|site| age(i18n, site)))}
                    <Contacts/>
                    {support_links(i18n, earlier)}
                </div>
            </section>
            {move || if earlier.get() { view! { <Earlier/> }.into_any() } else { view! { <Support/> }.into_any() }}
        </main>
    }
    .into_any()
}

fn support_links(i18n: Catalogue, earlier: Memo<bool>) -> AnyView {
    let current = move |own: bool| (earlier.get() == own).then_some("true");
    view! {
        <section class="stack-s" aria-labelledby="t-app">
            <h2 class="day" id="t-app">{say!(i18n, report.app)}</h2>
            <ul class="rows">
                <li>
                    // On a wide window the support stands beside the contacts until the other is chosen.
                    <a class="row" id="support-start" href=Route::Support.hash() aria-current=move || current(false) data-testid="support-start">
                        <span class="tile"><Glyph icon=Icon::Help/></span>
                        <span class="row-text">
                            <span class="row-title">{say!(i18n, report.support)}</span>
                            <span class="row-sub">{say!(i18n, report.support_hint)}</span>
                        </span>
                        <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
                    </a>
                </li>
                <li>
                    <a class="row" id="earlier-start" href=Route::EarlierReports.hash() aria-current=move || current(true) data-testid="earlier-start">
                        <span class="tile"><Glyph icon=Icon::Receipt/></span>
                        <span class="row-text">
                            <span class="row-title">{say!(i18n, report.earlier)}</span>
                            <span class="row-sub">{say!(i18n, report.earlier_hint)}</span>
                        </span>
                        <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
                    </a>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// How old the contacts are, while the site server cannot be reached.
fn age(i18n: Catalogue, site: &Site) -> Option<AnyView> {
    if site.online {
        return None;
    }
    let at = site.read_at;
    let today = format::day(at) == format::day(now());
    let time = if today { format::clock(at) } else { format::day_and_clock(at) };
    let (title, text) = (t_string!(i18n, report.offline), t_string!(i18n, report.offline_hint, time = time));
    Some(view! { <Banner urgency=Urgency::Plain icon=Icon::Offline title text/> }.into_any())
}

/// What is seen by somebody who came by the address alone.
fn nobody_to_tell(i18n: Catalogue) -> AnyView {
    view! {
        <main id="main" tabindex="-1">
            <section class="pane" aria-labelledby="t-report">
                <header class="pane-head">
                    {back_to_settings(i18n)}
                    <h1 id="t-report" class="grow">{say!(i18n, report.title)}</h1>
                </header>
                <div class="pane-body fill">
                    <Empty icon=Icon::Building title=t_string!(i18n, report.no_building) text=t_string!(i18n, report.no_building_hint)>
                        <a class="btn btn-primary" href=Route::SignIn.hash()>{say!(i18n, report.sign_in)}</a>
                    </Empty>
                </div>
            </section>
        </main>
    }
    .into_any()
}

/// The focus goes to the heading of what opens, and back to the row that opened it.
fn lead_focus(location: Location) {
    Effect::new(move |before: Option<Route>| {
        let here = location.get();
        match (before, here) {
            (_, Route::Support) => focus("t-support"),
            (_, Route::EarlierReports) => focus("t-earlier"),
            (Some(Route::Support), Route::Report) => focus("support-start"),
            (Some(Route::EarlierReports), Route::Report) => focus("earlier-start"),
            (None, Route::Report) => focus("t-report"),
            _ => (),
        }
        here
    });
}

/// Moves the focus once what is being drawn is there.
pub(crate) fn focus(id: &'static str) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(id).and_then(|found| found.dyn_into().ok());
        if let Some(element) = found {
            let element: web_sys::HtmlElement = element;
            // An element that takes no focus leaves it where it is.
            let _ = element.focus();
        }
    });
}

/// Keeps the direction of a name or an address apart from the sentence it stands in (Unicode UAX 9, FSI and PDI).
pub(crate) fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}
