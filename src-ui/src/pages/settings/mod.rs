//! Settings: this device, the building, and what the program is.

mod about;
mod account;
mod account_form;
mod appearance;
mod calls;
mod intercom;
mod intercom_form;
mod intercoms;
mod sound;

use leptos::prelude::*;
use vestibule_model::{Settings as Values, Theme};

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::pages::StorageNotice;
use crate::route::{Location, Route, SettingsPart};
use crate::state::{Intercoms, Preferences, Service, use_orders};
use crate::words;

/// The list of parts with the one that is looked at.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let location = expect_context::<Location>();
    let chosen = Memo::new(move |_| match location.get() {
        Route::Settings(part) => part,
        _ => None,
    });
    let shown = Memo::new(move |_| chosen.get().unwrap_or(SettingsPart::Account));
    view! {
        <main id="main" tabindex="-1" class="panes" data-show=move || chosen.get().map(|_| "detail")>
            <Parts shown/>
            {move || match shown.get() {
                SettingsPart::Account => view! { <account::Account/> }.into_any(),
                SettingsPart::Calls => view! { <calls::Calls/> }.into_any(),
                SettingsPart::Sound => view! { <sound::Sound/> }.into_any(),
                SettingsPart::Appearance => view! { <appearance::Appearance/> }.into_any(),
                SettingsPart::Intercoms => view! { <intercoms::IntercomList/> }.into_any(),
                SettingsPart::Intercom(id) => view! { <intercom::Editor id/> }.into_any(),
                SettingsPart::About => view! { <about::About/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Parts(shown: Memo<SettingsPart>) -> impl IntoView {
    let i18n = use_i18n();
    let Service(service) = expect_context();
    let Preferences(preferences) = expect_context();
    let Intercoms(intercoms) = expect_context();
    let account = move || service.with(|s| words::registration(i18n, s).0).to_owned();
    let calls = move || {
        let quiet = preferences.with(|p| p.do_not_disturb);
        if quiet { t_string!(i18n, nav.ringing_off) } else { t_string!(i18n, nav.ringing_on) }.to_owned()
    };
    let theme = move || {
        match preferences.with(|p| p.theme) {
            Theme::System => t_string!(i18n, appearance.system),
            Theme::Light => t_string!(i18n, appearance.light),
            Theme::Dark => t_string!(i18n, appearance.dark),
        }
        .to_owned()
    };
    let sound = move || {
        preferences
            .with(|p| p.audio.output.clone())
            .unwrap_or_else(|| t_string!(i18n, sound.system_default).to_owned())
    };
    let names =
        move || intercoms.with(|all| all.iter().map(|i| i.name.clone()).collect::<Vec<_>>().join(", "));
    view! {
        <section class="pane pane-list" aria-labelledby="t-settings">
            <header class="pane-head"><h1 id="t-settings" class="grow">{say!(i18n, settings.title)}</h1></header>
            <div class="pane-body">
                <StorageNotice/>
                <section class="stack-s" aria-labelledby="g-device">
                    <h2 class="day" id="g-device">{say!(i18n, settings.this_device)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::Account icon=Icon::User title=say!(i18n, settings.account) text=Signal::derive(account)/>
                        <Part shown part=SettingsPart::Calls icon=Icon::Bell title=say!(i18n, settings.calls) text=Signal::derive(calls)/>
                        <Part shown part=SettingsPart::Sound icon=Icon::Speaker title=say!(i18n, settings.sound) text=Signal::derive(sound)/>
                        <Part shown part=SettingsPart::Appearance icon=Icon::Theme title=say!(i18n, settings.appearance) text=Signal::derive(theme)/>
                    </ul>
                </section>
                <section class="stack-s" aria-labelledby="g-building">
                    <h2 class="day" id="g-building">{say!(i18n, settings.building)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::Intercoms icon=Icon::Intercom title=say!(i18n, settings.intercoms) text=Signal::derive(names)/>
                    </ul>
                </section>
                <section class="stack-s" aria-labelledby="g-help">
                    <h2 class="day" id="g-help">{say!(i18n, settings.help)}</h2>
                    <ul class="rows compact">
                        <Part shown part=SettingsPart::About icon=Icon::Info title=say!(i18n, settings.about) text=say!(i18n, settings.about_hint)/>
                    </ul>
                </section>
            </div>
        </section>
    }
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
            shown => shown,
        };
        (shown == part).then_some("true")
    };
    view! {
        <li>
            <a class="row" href=Route::Settings(Some(part)).hash() aria-current=current>
                <span class="tile"><Glyph icon/></span>
                <span class="row-text">
                    <span class="row-title">{title}</span>
                    <span class="row-sub">{text}</span>
                </span>
                <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
            </a>
        </li>
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
                <a class=class href=back.hash()>
                    <Glyph icon=Icon::Back class="icon-dir"/>
                    <span class="vh">{say!(i18n, app.back)}</span>
                </a>
                <h2 id="t-part" class="grow title-page">{move || title.get()}</h2>
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

/// Changes a setting: sends the whole with this part changed. The core's event brings it back.
fn change(edit: impl FnOnce(&mut Values)) {
    let Preferences(preferences) = expect_context();
    let mut settings = preferences.get_untracked();
    edit(&mut settings);
    use_orders().send(vestibule_ipc::SaveSettings { settings });
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
