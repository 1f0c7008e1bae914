//! Home where no site server is known: nothing is added.

use leptos::prelude::*;
use vestibule_model::IntercomId;

#[component]
pub(super) fn Heading() -> impl IntoView {
    super::plain_heading()
}

#[component]
pub(super) fn Notices() -> impl IntoView {}

#[component]
pub(super) fn NearbyDoors() -> impl IntoView {}

#[component]
pub(super) fn OtherDevices() -> impl IntoView {}

#[component]
pub(super) fn DeviceBadge(id: IntercomId) -> impl IntoView {
    let _ = id;
}

/// The second line of an intercom.
pub(super) fn about(_: IntercomId, switches: String) -> AnyView {
    view! { <span class="row-sub">{switches}</span> }.into_any()
}
