//! Colours and the size of the text.

use leptos::prelude::*;
use vestibule_model::{TextSize, Theme};

use super::{Pane, use_change};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::state::Preferences;

#[component]
pub(super) fn Appearance() -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    view! {
        <Pane title=say!(i18n, settings.appearance)>
            <Choice
                shape=Shape::Segmented
                name="theme"
                legend=say!(i18n, appearance.theme)
                legend_shown=LegendShown::Shown
                options=vec![
                    (Theme::System, t_string!(i18n, appearance.system)),
                    (Theme::Light, t_string!(i18n, appearance.light)),
                    (Theme::Dark, t_string!(i18n, appearance.dark)),
                ]
                value=Signal::derive(move || preferences.with(|p| p.theme))
                on_choose=move |theme| change(Box::new(move |s| s.theme = theme))
            />
            <p class="small muted">{say!(i18n, appearance.call_dark)}</p>
            <fieldset class="field">
                <legend>{say!(i18n, appearance.text_size)}</legend>
                <div class="segmented text-sizes">{TextSize::ALL.map(|size| view! { <Size size/> }).into_iter().collect_view()}</div>
            </fieldset>
            <p class="small muted">{say!(i18n, appearance.text_size_hint)}</p>
        </Pane>
    }
}

#[component]
fn Size(size: TextSize) -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    view! {
        <label>
            <input
                type="radio"
                name="text-size"
                data-testid=format!("text-size-{}", size.percent())
                prop:checked=move || preferences.with(|p| p.text_size == size)
                on:change=move |_| change(Box::new(move |s| s.text_size = size))
            />
            <span class="seg num">{say!(i18n, sound.percent, value = size.percent())}</span>
        </label>
    }
}
