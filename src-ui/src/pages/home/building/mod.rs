//! What Home shows of the building, once a site server is known: its name, what is wrong with it, the doors nearby
//! and how its devices stand.

mod apartment;
mod devices;
#[cfg(feature = "fake")]
mod door;
#[cfg(feature = "fake")]
mod door_words;
#[cfg(feature = "fake")]
mod nearby;
#[cfg(feature = "fake")]
mod nearest;
mod notices;
#[cfg(feature = "fake")]
mod press;
#[cfg(feature = "fake")]
mod search;

use leptos::prelude::*;

use crate::state::Building;

pub(super) use devices::{DeviceBadge, OtherDevices, about, elsewhere};
#[cfg(feature = "fake")]
pub(super) use nearby::NearbyDoors;
pub(super) use notices::Notices;
#[cfg(feature = "fake")]
pub(crate) use notices::OfflineNotice;

/// The name of the site with the apartment, or that of the page.
#[component]
pub(super) fn Heading() -> impl IntoView {
    let Building(building) = expect_context();
    let name = Memo::new(move |_| building.with(|site| site.as_ref().map(|site| site.name.clone())));
    move || match name.get() {
        None => super::plain_heading(),
        Some(name) => view! {
            <div class="grow">
                <h1 id="t-home"><bdi>{name}</bdi></h1>
                <apartment::ApartmentLine/>
            </div>
        }
        .into_any(),
    }
}

/// No core opens doors nearby yet.
#[cfg(not(feature = "fake"))]
#[component]
pub(super) fn NearbyDoors() -> impl IntoView {}
