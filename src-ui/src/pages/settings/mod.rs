//! Settings: this device, the building, and what the program is.

mod about;
mod account;
mod account_form;
mod appearance;
mod calls;
mod diagnostics;
mod household;
mod intercom;
mod intercom_form;
mod intercoms;
mod keys;
mod language;
mod member;
mod member_form;
mod parts;
mod phone;
mod privacy;
mod quiet;
mod sign_in_link;
mod sign_out;
mod sound;

use leptos::prelude::*;
use vestibule_model::Settings as Values;

use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::keyboard;
use crate::route::{Location, Route, SettingsPart};
use crate::state::{Preferences, use_orders};

use parts::Parts;

/// The list of parts with the one that is looked at.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let location = expect_context::<Location>();
    let chosen = Memo::new(move |_| match location.get() {
        Route::Settings(part) => part,
        _ => None,
    });
    let shown = Memo::new(move |_| chosen.get().unwrap_or(SettingsPart::Account));
    keyboard::lead_focus(Memo::new(move |_| chosen.get().map(|part| Route::Settings(Some(part)).hash())));
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || chosen.get().map(|_| "detail")>
            <Parts shown/>
            {move || match shown.get() {
                SettingsPart::Account => view! { <account::Account/> }.into_any(),
                SettingsPart::Calls => view! { <calls::Calls/> }.into_any(),
                SettingsPart::Sound => view! { <sound::Sound/> }.into_any(),
                SettingsPart::Appearance => view! { <appearance::Appearance/> }.into_any(),
                SettingsPart::Language => view! { <language::LanguageChoice/> }.into_any(),
                SettingsPart::Intercoms => view! { <intercoms::IntercomList/> }.into_any(),
                SettingsPart::Intercom(id) => view! { <intercom::Editor id/> }.into_any(),
                SettingsPart::Household => view! { <household::HouseholdList/> }.into_any(),
                SettingsPart::Member(id) => view! { <member::Editor id/> }.into_any(),
                SettingsPart::Keys => view! { <keys::Keys/> }.into_any(),
                SettingsPart::Privacy => view! { <privacy::Privacy/> }.into_any(),
                SettingsPart::About => view! { <about::About/> }.into_any(),
            }}
        </main>
    }
}

/// A detail pane with its heading and the way back.
#[component]
fn Pane(
    #[prop(into)] title: Signal<String>,
    #[prop(default = Route::Settings(None))] back: Route,
    /// Whether Back is needed on a wide window as well.
    #[prop(default = BackShown::Narrow)]
    back_shown: BackShown,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = match back_shown {
        BackShown::Narrow => "icon-btn back",
        BackShown::Always => "icon-btn",
    };
    view! {
        <section class="pane pane-detail" aria-labelledby="t-part">
            <header class="pane-head">
                <h1 class="vh only-narrow">{say!(i18n, settings.title)}</h1>
                <a class=class href=back.hash() data-back="">
                    <Glyph icon=Icon::Back class="icon-dir"/>
                    <span class="vh">{say!(i18n, app.back)}</span>
                </a>
                <h2 id="t-part" class="grow title-page" tabindex="-1">{move || title.get()}</h2>
            </header>
            <div class="pane-body">{children()}</div>
        </section>
    }
}

/// Where Back is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BackShown {
    Narrow,
    Always,
}

/// Changes a setting.
fn change(edit: impl FnOnce(&mut Values)) {
    expect_context::<Preferences>().change(use_orders(), edit);
}

/// A change to one setting.
type Edit = Box<dyn FnOnce(&mut Values)>;

/// [`change`] for the handlers of this component, which run outside of any.
fn use_change() -> impl Fn(Edit) + Copy {
    let owner = StoredValue::new(Owner::current());
    move |edit| {
        if let Some(owner) = owner.get_value() {
            owner.with(|| change(edit));
        }
    }
}
