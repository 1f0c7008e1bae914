//! Ways to begin, so that the usual visitor takes two taps.

use leptos::prelude::*;

use super::typed::Preset;
use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::{Glyph, Icon};

/// Four ways to begin.
pub(super) fn presets(
    i18n: Catalogue,
    chosen: RwSignal<Preset>,
    choose: impl Fn(Preset) + Copy + 'static,
) -> AnyView {
    let all = [
        (
            Preset::Delivery,
            "delivery",
            Icon::Parcel,
            t_string!(i18n, visitor_form.delivery),
            t_string!(i18n, visitor_form.delivery_hint),
        ),
        (
            Preset::Guest,
            "guest",
            Icon::User,
            t_string!(i18n, visitor_form.guest),
            t_string!(i18n, visitor_form.guest_hint),
        ),
        (
            Preset::Regular,
            "regular",
            Icon::Repeat,
            t_string!(i18n, visitor_form.regular),
            t_string!(i18n, visitor_form.regular_hint),
        ),
        (
            Preset::Custom,
            "custom",
            Icon::Settings,
            t_string!(i18n, visitor_form.custom),
            t_string!(i18n, visitor_form.custom_hint),
        ),
    ];
    let cards = all.map(|(preset, id, icon, name, hint)| {
        view! {
            <label class="preset" data-testid=format!("preset-{id}")>
                <input type="radio" name="preset" prop:checked=move || chosen.get() == preset on:change=move |_| choose(preset)/>
                <span><Glyph icon/><b>{name}</b><span class="small muted">{hint}</span></span>
            </label>
        }
    });
    view! {
        <fieldset class="field"><legend>{t_string!(i18n, visitor_form.what_for)}</legend><div class="presets">{cards.collect_view()}</div></fieldset>
    }
    .into_any()
}

/// The name that a preset fills in, so that nothing has to be typed.
pub(super) fn usual_name(i18n: Catalogue, preset: Preset) -> &'static str {
    match preset {
        Preset::Delivery => t_string!(i18n, visitor_form.name_delivery),
        Preset::Guest => t_string!(i18n, visitor_form.name_guest),
        Preset::Regular => t_string!(i18n, visitor_form.name_regular),
        Preset::Custom => "",
    }
}

pub(super) fn is_usual_name(i18n: Catalogue, name: &str) -> bool {
    let all = [Preset::Delivery, Preset::Guest, Preset::Regular, Preset::Custom];
    all.into_iter().any(|preset| usual_name(i18n, preset) == name.trim())
}
