//! A try at a door as a row.

use leptos::prelude::*;
use vestibule_model::AccessEntry;

use super::words;
use crate::catalogue::{t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::Route;
use crate::words::{isolated, time};

/// What is to be seen of it, and leads to it.
#[component]
pub(super) fn AccessLink(entry: AccessEntry, #[prop(into)] current: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (icon, method) = words::method(i18n, entry.method);
    let denied = words::denial(&entry).map(|why| words::denied(i18n, why, entry.method));
    let tile = if denied.is_some() { "tile tile-warn" } else { "tile" };
    let person = words::person(i18n, &entry);
    let place = t_string!(i18n, access.door_and_method, door = isolated(&entry.door), method = method);
    view! {
        <a
            class="row"
            href=Route::Access(Some(entry.id)).hash()
            data-testid="access-row"
            data-access=entry.id.0.to_string()
            aria-current=move || current.get().then_some("true")
        >
            <span class=tile><Glyph icon/></span>
            <span class="row-text">
                <span class="row-title"><bdi>{person}</bdi></span>
                <span class="row-sub">{place}</span>
                {denied.map(|words| view! {
                    <span class="row-sub marked warn-text"><Glyph icon=Icon::Ban/><span>{words}</span></span>
                })}
            </span>
            <span class="row-end"><time datetime=format::iso(entry.at)>{time(entry.at)}</time></span>
        </a>
    }
}
