//! The apartment under the name of the site.

use leptos::prelude::*;

use crate::components::apartment::ApartmentSwitch;
use crate::state::Building;

/// The choice of one, or the name of the only one.
#[component]
pub(super) fn ApartmentLine() -> impl IntoView {
    let Building(building) = expect_context();
    let only = Memo::new(move |_| {
        building.with(|site| match site.as_ref().map(|site| site.apartments.as_slice()) {
            Some([flat]) => Some(flat.name.clone()),
            _ => None,
        })
    });
    view! {
        <ApartmentSwitch/>
        {move || only.get().map(|name| view! { <p class="small muted"><bdi>{name}</bdi></p> })}
    }
}
