//! Whose visitor it is, and whether the apartment's own door opens as well.

use leptos::prelude::*;
use vestibule_model::{ApartmentId, Site};

use super::fields::Fields;
use crate::catalogue::{Catalogue, t_string};
use crate::components::field::Select;
use crate::components::icon::Icon;
use crate::components::toggle::ToggleRow;

/// Whose visitor, where there is a choice.
pub(super) fn apartments(i18n: Catalogue, site: Memo<Site>, fields: Fields) -> impl IntoView {
    let ids = Memo::new(move |_| site.with(|s| s.apartments.iter().map(|a| a.id).collect::<Vec<_>>()));
    let names = Signal::derive(move || site.with(|s| s.apartments.iter().map(|a| a.name.clone()).collect()));
    let place = Signal::derive(move || {
        let apartment = fields.apartment.get();
        ids.with(|ids| ids.iter().position(|id| *id == apartment)).unwrap_or(0)
    });
    let choose = move |place: usize| {
        if let Some(id) = ids.with_untracked(|ids| ids.get(place).copied()) {
            fields.apartment.set(id);
        }
    };
    move || {
        ids.with(|ids| ids.len() > 1).then(|| {
            let label = Signal::stored(t_string!(i18n, visitor_form.apartment).to_owned());
            view! { <Select id="visitor-apartment" label options=names value=place on_choose=choose/> }
        })
    }
}

/// The apartment's own door, where it has a lock that codes open.
pub(super) fn flat_door(i18n: Catalogue, site: Memo<Site>, fields: Fields) -> Option<AnyView> {
    let id = fields.apartment.get();
    if !site.with(|site| has_access_unit(site, id)) {
        return None;
    }
    let flat =
        site.with(|s| s.apartments.iter().find(|a| a.id == id).map(|a| a.name.clone()).unwrap_or_default());
    let title = Signal::stored(t_string!(i18n, visitor_form.flat_door).to_owned());
    let text = Signal::stored(t_string!(i18n, visitor_form.flat_door_hint, flat = flat));
    let on = fields.apartment_door;
    let row = view! { <ToggleRow icon=Icon::Door title text on on_change=move |chosen| on.set(chosen)/> };
    Some(view! { <ul class="rows"><li data-testid="flat-door">{row}</li></ul> }.into_any())
}

/// Whether the door of this apartment has a lock that codes open.
pub(super) fn has_access_unit(site: &Site, id: ApartmentId) -> bool {
    site.apartments.iter().any(|apartment| apartment.id == id && apartment.has_access_unit)
}
