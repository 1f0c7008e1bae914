//! The list of parts, each with how it stands.

use leptos::prelude::*;
use vestibule_model::{Language, Theme};

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::pages::StorageNotice;
use crate::route::{Route, SettingsPart};
use crate::state::{Building, Intercoms, Preferences, Service, use_ringing};
use crate::words;

/// The list pane.
#[component]
pub(super) fn Parts(shown: Memo<SettingsPart>) -> impl IntoView {
    let i18n = use_i18n();
    let Service(service) = expect_context();
    let Preferences(preferences) = expect_context();
    let Intercoms(intercoms) = expect_context();
    let account = move || service.with(|s| words::registration(i18n, s).0).to_owned();
    let ringing = use_ringing();
    let calls = move || words::ringing(i18n, ringing()).to_owned();
    let theme = move || {
        match preferences.with(|p| p.theme) {
            Theme::System => t_string!(i18n, appearance.system),
            Theme::Light => t_string!(i18n, appearance.light),
            Theme::Dark => t_string!(i18n, appearance.dark),
        }
        .to_owned()
    };
    let language = move || {
        let chosen = preferences.with(|p| p.language);
        chosen.map_or_else(|| t_string!(i18n, language.system), Language::own_name).to_owned()
    };
    let sound = move || {
        preferences
            .with(|p| p.audio.output.clone())
            .unwrap_or_else(|| t_string!(i18n, sound.system_default).to_owned())
    };
    let keys = move || {
        let on = preferences.with(|p| p.single_keys);
        if on { t_string!(i18n, settings.keys_on) } else { t_string!(i18n, settings.keys_off) }.to_owned()
    };
    let names =
        move || intercoms.with(|all| all.iter().map(|i| i.name.clone()).collect::<Vec<_>>().join(", "));
    view! {
        <section class="pane pane-list" aria-labelledby="t-settings">
            <header class="pane-head"><h1 id="t-settings" class="grow">{say!(i18n, settings.title)}</h1></header>
            <div class="pane-body" data-walk="detail">
                <StorageNotice/>
                <section class="stack-s" aria-labelledby="g-device">
                    <h2 class="day" id="g-device">{say!(i18n, settings.this_device)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::Account icon=Icon::User title=say!(i18n, settings.account) text=Signal::derive(account)/>
                        <Part shown part=SettingsPart::Calls icon=Icon::Bell title=say!(i18n, settings.calls) text=Signal::derive(calls)/>
                        <Part shown part=SettingsPart::Sound icon=Icon::Speaker title=say!(i18n, settings.sound) text=Signal::derive(sound)/>
                        <Part shown part=SettingsPart::Appearance icon=Icon::Theme title=say!(i18n, settings.appearance) text=Signal::derive(theme)/>
                        <Part shown part=SettingsPart::Language icon=Icon::Globe title=say!(i18n, settings.language) text=Signal::derive(language)/>
                    </ul>
                </section>
                <section class="stack-s" aria-labelledby="g-building">
                    <h2 class="day" id="g-building">{say!(i18n, settings.building)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::Intercoms icon=Icon::Intercom title=say!(i18n, settings.intercoms) text=Signal::derive(names)/>
                        <HouseholdPart shown/>
                        <BuildingPages/>
                    </ul>
                </section>
                <section class="stack-s" aria-labelledby="g-help">
                    <h2 class="day" id="g-help">{say!(i18n, settings.help)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::Keys icon=Icon::Keypad title=say!(i18n, settings.keyboard) text=Signal::derive(keys)/>
                        <Part shown part=SettingsPart::Privacy icon=Icon::Shield title=say!(i18n, settings.privacy) text=say!(i18n, settings.privacy_hint)/>
                        <Part shown part=SettingsPart::About icon=Icon::Info title=say!(i18n, settings.about) text=say!(i18n, settings.about_hint)/>
                    </ul>
                </section>
            </div>
        </section>
    }
}

/// The household, for residents who administer one.
#[component]
fn HouseholdPart(shown: Memo<SettingsPart>) -> impl IntoView {
    let i18n = use_i18n();
    let may = super::household::administers();
    move || {
        may.get().then(|| {
            view! { <Part shown part=SettingsPart::Household icon=Icon::Visitors title=say!(i18n, household.title) text=say!(i18n, household.hint)/> }
        })
    }
}

/// Pages of the building that have no place in the navigation.
#[component]
fn BuildingPages() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let signed_in = Memo::new(move |_| building.with(Option::is_some));
    move || {
        if signed_in.get() {
            let report = (Route::Report, Icon::Help, t_string!(i18n, report.title));
            vec![
                #[cfg(feature = "fake")]
                row_elsewhere(
                    (Route::MobileAccess, Icon::Mobile, t_string!(i18n, mobile.title)),
                    t_string!(i18n, settings.mobile_hint),
                ),
                row_elsewhere(report, t_string!(i18n, settings.report_hint)),
            ]
        } else {
            let sign_in = (Route::SignIn, Icon::Key, t_string!(i18n, sign_in.title));
            vec![row_elsewhere(sign_in, t_string!(i18n, settings.sign_in_hint))]
        }
    }
}

/// A row that leads out of the settings. Arrow keys only stop at it, for its page would take the list away.
fn row_elsewhere((route, icon, title): (Route, Icon, &'static str), text: &'static str) -> AnyView {
    view! { <li><a class="row" href=route.hash() data-elsewhere=""><RowContent icon title=Signal::stored(title.to_owned()) text=Signal::stored(text.to_owned())/></a></li> }
        .into_any()
}

#[component]
fn Part(
    shown: Memo<SettingsPart>,
    part: SettingsPart,
    icon: Icon,
    title: Signal<String>,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let current = move || {
        let shown = match shown.get() {
            SettingsPart::Intercom(_) => SettingsPart::Intercoms,
            SettingsPart::Member(_) => SettingsPart::Household,
            shown => shown,
        };
        (shown == part).then_some("true")
    };
    view! { <li><a class="row" href=Route::Settings(Some(part)).hash() aria-current=current><RowContent icon title text/></a></li> }
}

#[component]
fn RowContent(icon: Icon, title: Signal<String>, text: Signal<String>) -> impl IntoView {
    view! {
        <span class="tile"><Glyph icon/></span>
        <span class="row-text">
            <span class="row-title">{title}</span>
            <span class="row-sub">{text}</span>
        </span>
        <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
    }
}
