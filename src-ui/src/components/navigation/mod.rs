//! The places of the app: a bar on a narrow window, a rail on a wide one.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::catalogue::{say, use_i18n};
use crate::route::{Location, Route, SettingsPart, VisitorPlace};
use crate::state::{Building, Ringing, Unseen, use_ringing};
use crate::words;

/// Calls and access share one place.
fn in_history(route: Route) -> bool {
    matches!(route, Route::History(_) | Route::Access(_))
}

/// Visitors, for those who have a building to let them into.
#[component]
fn VisitorsItem() -> impl IntoView {
    let i18n = use_i18n();
    let location = expect_context::<Location>();
    let Building(building) = expect_context();
    let current = move || matches!(location.get(), Route::Visitors(_)).then_some("page");
    view! {
        <Show when=move || building.with(Option::is_some)>
            <li>
                <a class="nav-item" href=Route::Visitors(VisitorPlace::List).hash() aria-current=current>
                    <span class="nav-pill"><Glyph icon=Icon::Visitors/></span>
                    <span class="nav-label">{say!(i18n, nav.visitors)}</span>
                </a>
            </li>
        </Show>
    }
}

/// What is reached from Settings belongs to it.
fn in_settings(route: Route) -> bool {
    match route {
        Route::Settings(_) | Route::Report | Route::Support | Route::EarlierReports => true,
        #[cfg(feature = "fake")]
        Route::MobileAccess => true,
        _ => false,
    }
}

/// The main navigation.
#[component]
pub(crate) fn Navigation() -> impl IntoView {
    let i18n = use_i18n();
    let location = expect_context::<Location>();
    let Unseen(unseen) = expect_context();
    let ringing = use_ringing();
    let quiet = move || ringing() != Ringing::On;
    let current = move |here: bool| here.then_some("page");

    view! {
        <nav class="nav" aria-label=say!(i18n, nav.main)>
            <img class="nav-brand" src="app-icon.svg" alt="" width="40" height="40"/>
            <ul>
                <li>
                    <a class="nav-item" href=Route::Home(None).hash() aria-current=move || current(matches!(location.get(), Route::Home(_)))>
                        <span class="nav-pill"><Glyph icon=Icon::Home/></span>
                        <span class="nav-label">{say!(i18n, nav.home)}</span>
                    </a>
                </li>
                <VisitorsItem/>
                <li>
                    <a class="nav-item" href=Route::History(None).hash() aria-current=move || current(in_history(location.get()))>
                        <span class="nav-pill">
                            <Glyph icon=Icon::History/>
                            <Show when=move || { unseen.get() > 0 }>
                                <span class="nav-count" data-testid="unseen">
                                    <span class="n" aria-hidden="true">{move || unseen.get()}</span>
                                    <span class="vh">{say!(i18n, nav.missed, count = unseen.get())}</span>
                                </span>
                            </Show>
                        </span>
                        <span class="nav-label">{say!(i18n, nav.history)}</span>
                    </a>
                </li>
                <li>
                    <a class="nav-item" href=Route::Settings(None).hash() aria-current=move || current(in_settings(location.get()))>
                        <span class="nav-pill"><Glyph icon=Icon::Settings/></span>
                        <span class="nav-label">{say!(i18n, nav.settings)}</span>
                    </a>
                </li>
            </ul>
            <div class="nav-foot">
                <a class="nav-item" href=Route::Settings(Some(SettingsPart::Calls)).hash()>
                    <span class="nav-pill"><Glyph icon=Signal::derive(move || if quiet() { Icon::BellOff } else { Icon::Bell })/></span>
                    <span>
                        {move || words::ringing(i18n, ringing())}
                    </span>
                </a>
            </div>
        </nav>
    }
}
