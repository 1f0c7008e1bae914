//! Which apartment is looked at, for residents of more than one.

use leptos::prelude::*;
use vestibule_model::ApartmentId;

use super::icon::{Glyph, Icon};
use crate::catalogue::{say, t_string, use_i18n};
use crate::state::{Building, ChosenApartment, Preferences, use_orders};

/// The choice under the heading of a page; nothing where there is none.
#[component]
pub(crate) fn ApartmentSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let preferences = expect_context::<Preferences>();
    let Building(building) = expect_context();
    let ChosenApartment(chosen) = expect_context();
    let all = Memo::new(move |_| {
        building.with(|site| site.as_ref().map(|site| site.apartments.clone())).unwrap_or_default()
    });
    let choose = move |event| {
        let apartment = event_target_value(&event).parse().ok().map(ApartmentId);
        preferences.change(orders, move |settings| settings.apartment = apartment);
    };
    move || {
        let all = all.get();
        if all.len() < 2 {
            return None;
        }
        let now = chosen.get();
        let options = all
            .into_iter()
            .map(|flat| {
                view! { <option value=flat.id.0.to_string() selected=now == Some(flat.id) dir="auto">{flat.name}</option> }
            })
            .collect_view();
        Some(view! {
            <div class="flat-switch">
                <label class="vh" for="flat">{say!(i18n, site.apartment)}</label>
                <select id="flat" data-testid="apartment" on:change=choose>
                    <option value="" selected=now.is_none()>{t_string!(i18n, site.all_apartments)}</option>
                    {options}
                </select>
                <Glyph icon=Icon::Down class="icon-s"/>
            </div>
        })
    }
}
