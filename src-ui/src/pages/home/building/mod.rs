//! What Home shows of the building, once a site server is known: its name, what is wrong with it, the doors nearby
//! and how its devices stand.

mod apartment;
mod devices;
mod door;
mod door_words;
mod nearby;
mod nearest;
mod notices;
mod press;
mod search;

use leptos::prelude::*;

use crate::state::Building;

pub(super) use devices::{DeviceBadge, OtherDevices, about};
pub(super) use nearby::NearbyDoors;
pub(super) use notices::Notices;
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
