//! Which apartment is looked at, for residents of more than one.

use leptos::prelude::*;
use vestibule_model::{Apartment, ApartmentId};

use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::Building;

/// Where the choice is kept from one start to the next.
const KEPT_AS: &str = "apartment";

/// The apartment under the name of the site.
#[component]
pub(super) fn ApartmentLine() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let all = Memo::new(move |_| {
        building.with(|site| site.as_ref().map(|s| s.apartments.clone())).unwrap_or_default()
    });
    let wanted = RwSignal::new(kept());
    let choose = move |event| {
        let id = event_target_value(&event).parse().ok().map(ApartmentId);
        wanted.set(id);
        keep(id);
    };
    move || {
        let all = all.get();
        let shown = shown(&all, wanted.get_untracked())?;
        if all.len() == 1 {
            let name = all.into_iter().next().map(|flat| flat.name);
            return Some(view! { <p class="small muted"><bdi>{name}</bdi></p> }.into_any());
        }
        let options = all
            .into_iter()
            .map(|flat| view! { <option value=flat.id.0.to_string() selected=flat.id == shown dir="auto">{flat.name}</option> })
            .collect_view();
        Some(
            view! {
                <div class="flat-switch">
                    <label class="vh" for="flat">{say!(i18n, site.apartment)}</label>
                    <select id="flat" data-testid="apartment" on:change=choose>{options}</select>
                    <Glyph icon=Icon::Down class="icon-s"/>
                </div>
            }
            .into_any(),
        )
    }
}

/// The one that was chosen, as long as it is there.
fn shown(all: &[Apartment], wanted: Option<ApartmentId>) -> Option<ApartmentId> {
    let known = all.iter().find(|flat| Some(flat.id) == wanted);
    known.or(all.first()).map(|flat| flat.id)
}

fn kept() -> Option<ApartmentId> {
    let storage = window().local_storage().ok().flatten()?;
    let id = storage.get_item(KEPT_AS).ok().flatten()?;
    id.parse().ok().map(ApartmentId)
}

/// Where nothing can be stored, the next start begins with the first apartment.
fn keep(id: Option<ApartmentId>) {
    if let (Some(storage), Some(id)) = (window().local_storage().ok().flatten(), id) {
        let _ = storage.set_item(KEPT_AS, &id.0.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_holds_as_long_as_the_apartment_is_there() {
        let flat = |id| Apartment { id: ApartmentId(id), name: format!("Flat {id}"), has_access_unit: false };
        let all = [flat(1), flat(2)];
        for (wanted, expected) in [(None, 1), (Some(2), 2), (Some(9), 1)] {
            assert_eq!(shown(&all, wanted.map(ApartmentId)), Some(ApartmentId(expected)));
        }
        assert_eq!(shown(&[], Some(ApartmentId(1))), None);
    }
}
