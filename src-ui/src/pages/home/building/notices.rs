//! What is wrong with the building: not signed in any more, no connection, or no licence.

use leptos::prelude::*;
use vestibule_model::{AdapterState, CardState, Licence, MobileAccess, Site, Timestamp};

use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::Route;
use crate::state::{self, Building, Mobile};

/// All notices; none while all is well.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let licence =
        Memo::new(move |_| building.with(|site| site.as_ref().and_then(|site| unpaid(site.licence))));
    let signed_out =
        Memo::new(move |_| building.with(|site| site.as_ref().is_some_and(|site| !site.signed_in)));
    view! {
        {move || signed_out.get().then(|| {
            let (title, text) = (t_string!(i18n, site.signed_out), t_string!(i18n, site.signed_out_hint));
            view! {
                <Banner urgency=Urgency::Warning icon=Icon::Key title text>
                    <a class="btn btn-primary" href=Route::SignIn.hash()>{t_string!(i18n, sign_in.submit)}</a>
                </Banner>
            }
        })}
        <OfflineNotice/>
        {move || licence.get().map(|licence| {
            let (title, text) = licence_words(i18n, licence);
            view! {
                <Banner urgency=Urgency::Warning icon=Icon::Receipt title text>
                    <a class="btn" href=Route::Report.hash()>{t_string!(i18n, site.contact)}</a>
                </Banner>
            }
        })}
    }
}

/// How old what is shown is, and what works all the same.
#[component]
pub(crate) fn OfflineNotice() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let Mobile(mobile) = expect_context();
    let seen_at = Memo::new(move |_| building.with(|site| site.as_ref().and_then(offline_since)));
    let opens = Memo::new(move |_| mobile.with(|access| access.as_ref().is_some_and(can_open)));
    move || {
        let age = age(i18n, seen_at.get()?);
        Some(view! {
            <div class="banner" role="status" data-testid="offline">
                <Glyph icon=Icon::Offline/>
                <div class="row-text">
                    <p class="row-title">{t_string!(i18n, site.offline)}</p>
                    <p class="row-sub">{age}</p>
                    {move || opens.get().then(|| view! { <p class="row-sub">{t_string!(i18n, site.bluetooth_works)}</p> })}
                </div>
            </div>
        })
    }
}

fn age(i18n: Catalogue, seen_at: Timestamp) -> String {
    if format::day(seen_at) == format::day(state::now()) {
        t_string!(i18n, site.seen_today, time = format::clock(seen_at))
    } else {
        t_string!(i18n, site.seen_before, time = format::day_and_clock(seen_at))
    }
}

fn offline_since(site: &Site) -> Option<Timestamp> {
    (site.signed_in && !site.online).then_some(site.read_at)
}

/// Whether doors can be opened with nothing but this device.
fn can_open(access: &MobileAccess) -> bool {
    access.adapter == AdapterState::Ready && matches!(access.card, CardState::Active { .. })
}

/// A licence that somebody has to do something about.
fn unpaid(licence: Licence) -> Option<Licence> {
    match licence {
        Licence::Ready | Licence::Trial { .. } => None,
        Licence::Disabled | Licence::UnlicensedCreditAvailable | Licence::UnlicensedToPurchase => {
            Some(licence)
        }
    }
}

fn licence_words(i18n: Catalogue, licence: Licence) -> (&'static str, &'static str) {
    match licence {
        Licence::Disabled => (t_string!(i18n, site.disabled), t_string!(i18n, site.disabled_hint)),
        Licence::UnlicensedCreditAvailable => {
            (t_string!(i18n, site.licence_ended), t_string!(i18n, site.licence_credit_hint))
        }
        _ => (t_string!(i18n, site.licence_ended), t_string!(i18n, site.licence_ended_hint)),
    }
}
