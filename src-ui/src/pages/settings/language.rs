//! The language of the app.

use leptos::prelude::*;
use vestibule_model::Language;

use super::{Pane, use_change};
use crate::catalogue::{self, say, use_i18n};
use crate::state::Preferences;

#[component]
pub(super) fn LanguageChoice() -> impl IntoView {
    let i18n = use_i18n();
    let system = catalogue::of_the_system();
    view! {
        <Pane title=say!(i18n, settings.language)>
            <fieldset class="field">
                <legend>{say!(i18n, language.choose)}</legend>
                <div class="rows compact radio-rows">
                    <label class="row">
                        <Radio language=None/>
                        <span class="row-text">
                            <span class="row-title">{say!(i18n, language.system)}</span>
                            <span class="row-sub" lang=system.code()><bdi>{system.own_name()}</bdi></span>
                        </span>
                    </label>
                    {Language::ALL.map(|language| view! {
                        <label class="row">
                            <Radio language=Some(language)/>
                            <span class="row-text">
                                <span class="row-title" lang=language.code() dir=direction(language)>{language.own_name()}</span>
                            </span>
                        </label>
                    }).into_iter().collect_view()}
                </div>
            </fieldset>
            <p class="small muted">{say!(i18n, language.names_stay)}</p>
        </Pane>
    }
}

/// The button of a language; `None` is the system's. By its id it has the focus again in the other language.
#[component]
fn Radio(language: Option<Language>) -> impl IntoView {
    let Preferences(preferences) = expect_context();
    let change = use_change();
    let id = format!("language-{}", language.map_or("system", Language::code));
    view! {
        <input
            class="radio"
            type="radio"
            name="language"
            id=id.clone()
            data-testid=id
            prop:checked=move || preferences.with(|p| p.language == language)
            on:change=move |_| change(Box::new(move |s| s.language = language))
        />
    }
}

fn direction(language: Language) -> &'static str {
    if language.is_right_to_left() { "rtl" } else { "ltr" }
}
