//! Home: whether calls ring here, the intercoms, and what happened lately.

pub(crate) mod building;
mod detail;

use leptos::prelude::*;
use vestibule_ipc::Dial;
use vestibule_model::{HistoryEntry, Intercom, IntercomId, Registration, SwitchKind};

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::badge::ServiceBadge;
use crate::components::banner::{Banner, Urgency};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::Thumb;
use crate::format;
use crate::keyboard;
use crate::pages::StorageNotice;
use crate::pages::history::CallRow;
use crate::route::{Location, Route, SettingsPart};
use crate::state::{History, Intercoms, Preferences, Ringing, Service, use_orders, use_ringing};
use crate::words;
use building::{Heading, NearbyDoors, Notices, OtherDevices};
use detail::Detail;

/// Calls that the list shows; the rest is in History.
const RECENT: usize = 4;

/// The first page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let location = expect_context::<Location>();
    let here = intercoms_here();
    let chosen = Memo::new(move |_| match location.get() {
        Route::Home(id) => id,
        _ => None,
    });
    // On a wide window the first one is looked at until another is chosen.
    let shown = Memo::new(move |_| chosen.get().or_else(|| here.with(|all| all.first().map(|i| i.id))));
    keyboard::lead_focus(Memo::new(move |_| chosen.get().map(|id| Route::Home(Some(id)).hash())));

    view! {
        <main id="main" tabindex="-1" class=move || if shown.get().is_some() { "panes" } else { "" } data-show=move || chosen.get().map(|_| "detail")>
            <section class="pane pane-list" aria-labelledby="t-home">
                <header class="pane-head">
                    <Heading/>
                    <DoNotDisturbButton/>
                </header>
                <div class="pane-body">
                    <StorageNotice/>
                    <ServiceNotice/>
                    <Notices/>
                    <NearbyDoors/>
                    <IntercomList shown here/>
                    <RecentCalls/>
                </div>
            </section>
            {move || shown.get().map(|id| view! { <Detail id/> })}
        </main>
    }
}

/// The name of the page, where no building gives it its own.
fn plain_heading() -> AnyView {
    let i18n = use_i18n();
    view! { <h1 id="t-home" class="grow">{say!(i18n, home.title)}</h1> }.into_any()
}

#[component]
fn DoNotDisturbButton() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let Preferences(preferences) = expect_context();
    let quiet = move || preferences.with(|p| p.do_not_disturb);
    let press = move |_| {
        let mut settings = preferences.get_untracked();
        settings.do_not_disturb = !settings.do_not_disturb;
        orders.send(vestibule_ipc::SaveSettings { settings });
    };
    view! {
        <button class="icon-btn filled" type="button" data-testid="dnd" aria-pressed=move || quiet().to_string() on:click=press>
            <Glyph icon=Signal::derive(move || if quiet() { Icon::BellOff } else { Icon::Bell })/>
            <span class="vh">{say!(i18n, home.turn_dnd_on)}</span>
        </button>
    }
}

/// What keeps calls from ringing here, with what to do about it; nothing while all is well.
#[component]
fn ServiceNotice() -> impl IntoView {
    let i18n = use_i18n();
    let Service(service) = expect_context();
    let ringing = use_ringing();
    let account = Route::Settings(Some(SettingsPart::Account)).hash();
    move || {
        let quiet = match ringing() {
            Ringing::On => None,
            Ringing::Off => Some(t_string!(i18n, home.dnd_on).to_owned()),
            Ringing::QuietUntil(minute) => {
                Some(t_string!(i18n, home.quiet_until, time = format::time_of_day(minute)))
            }
        };
        let quiet = quiet.map(|words| view! {
            <p class="banner" role="status"><Glyph icon=Icon::Moon/><span class="row-text">{words}</span></p>
        });
        let service = service.get();
        let (title, text) = words::registration(i18n, &service);
        let href = account.clone();
        let notice = match service {
            Registration::Registered { .. } => None,
            Registration::Registering => {
                Some(view! { <Banner urgency=Urgency::Plain icon=Icon::Server title text/> }.into_any())
            }
            Registration::NotConfigured | Registration::Unregistered => Some(
                view! {
                    <Banner urgency=Urgency::Warning icon=Icon::User title text>
                        <a class="btn btn-primary" href=href>{t_string!(i18n, service.set_up)}</a>
                    </Banner>
                }
                .into_any(),
            ),
            Registration::Failed { .. } => Some(
                view! {
                    <Banner urgency=Urgency::Warning icon=Icon::Offline title text>
                        <a class="btn" href=href>{t_string!(i18n, service.check_account)}</a>
                    </Banner>
                }
                .into_any(),
            ),
        };
        (quiet, notice)
    }
}

/// The intercoms without those at the door of an apartment that is not looked at. Calls from them come all the same.
fn intercoms_here() -> Memo<Vec<Intercom>> {
    let Intercoms(intercoms) = expect_context();
    let elsewhere = building::elsewhere();
    Memo::new(move |_| {
        elsewhere.with(|elsewhere| {
            let all = intercoms.get().into_iter();
            all.filter(|intercom| !elsewhere.contains(&intercom.id)).collect()
        })
    })
}

#[component]
fn IntercomList(shown: Memo<Option<IntercomId>>, here: Memo<Vec<Intercom>>) -> impl IntoView {
    let i18n = use_i18n();
    let Intercoms(intercoms) = expect_context();
    let Service(service) = expect_context();
    let add = || Route::Settings(Some(SettingsPart::Intercom(None))).hash();
    view! {
        <section class="stack" aria-labelledby="t-intercoms">
            <div class="section-head">
                <h2 id="t-intercoms">{say!(i18n, home.intercoms)}</h2>
                <Show
                    when=move || service.with(|s| matches!(s, Registration::Registered { .. }))
                    fallback=|| view! { <ServiceBadge/> }
                >
                    <span class="badge badge-ready" data-testid="service">{say!(i18n, service.calls_ring_here)}</span>
                </Show>
            </div>
            {move || {
                if intercoms.with(Vec::is_empty) {
                    return view! {
                        <div class="card">
                            <Empty icon=Icon::Intercom title=t_string!(i18n, home.no_intercoms) text=t_string!(i18n, home.no_intercoms_hint)>
                                <a class="btn btn-primary" href=add()><Glyph icon=Icon::Plus/>{t_string!(i18n, home.add_intercom)}</a>
                            </Empty>
                        </div>
                    }
                    .into_any();
                }
                view! {
                    <ul class="rows" data-walk="detail">
                        <For each=move || here.get() key=|intercom| intercom.clone().name + &intercom.id.0.to_string() let:intercom>
                            <IntercomRow intercom shown/>
                        </For>
                        <OtherDevices/>
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn IntercomRow(intercom: Intercom, shown: Memo<Option<IntercomId>>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let history = expect_context::<History>();
    let id = intercom.id;
    let name = intercom.name.clone();
    let doors = u32::try_from(intercom.switches.len()).unwrap_or(u32::MAX);
    let doors = match doors {
        0 => t_string!(i18n, home.no_switches).to_owned(),
        doors => t_string!(i18n, home.switches, count = doors),
    };
    view! {
        <li class="row-split" data-testid="device-row">
            <a class="row" href=Route::Home(Some(id)).hash() aria-current=move || (shown.get() == Some(id)).then_some("true")>
                {move || view! { <Thumb entry=latest_picture(history, id)/> }}
                <span class="row-text">
                    <span class="row-title"><bdi>{intercom.name}</bdi></span>
                    {building::about(id, doors)}
                </span>
            </a>
            <button class="icon-btn" type="button" on:click=move |_| orders.send(Dial { intercom: id })>
                <Glyph icon=Icon::Phone/>
                <span class="vh">{say!(i18n, home.call_name, name = name.clone())}</span>
            </button>
        </li>
    }
}

fn latest_picture(history: History, intercom: IntercomId) -> Option<HistoryEntry> {
    history.recent.with(|rows| {
        rows.iter().find(|row| row.has_picture && row.caller.intercom == Some(intercom)).cloned()
    })
}

#[component]
fn RecentCalls() -> impl IntoView {
    let i18n = use_i18n();
    let history = expect_context::<History>();
    view! {
        <section class="stack" aria-labelledby="t-recent">
            <div class="section-head">
                <h2 id="t-recent">{say!(i18n, home.recent)}</h2>
                <a class="btn btn-plain" href=Route::History(None).hash()>{say!(i18n, home.all_history)}</a>
            </div>
            {move || {
                let rows = history.recent.with(|rows| rows.iter().take(RECENT).cloned().collect::<Vec<_>>());
                if rows.is_empty() {
                    return view! { <p class="muted">{t_string!(i18n, home.no_recent)}</p> }.into_any();
                }
                let rows = rows.into_iter().map(|entry| view! { <CallRow entry current=false/> }).collect_view();
                view! { <ul class="rows" data-walk="">{rows}</ul> }.into_any()
            }}
        </section>
    }
}

/// The icon of what a switch moves.
pub(crate) fn kind_icon(kind: SwitchKind) -> Icon {
    match kind {
        SwitchKind::Door => Icon::Door,
        SwitchKind::Gate => Icon::Gate,
        SwitchKind::Light => Icon::Light,
    }
}
