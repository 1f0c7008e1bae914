//! One intercom of the building.

use leptos::prelude::*;
use vestibule_ipc::Dial;
use vestibule_model::IntercomId;

use super::building::DeviceBadge;
use super::{RECENT, kind_icon, latest_picture};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::Preview;
use crate::format;
use crate::pages::history::CallRow;
use crate::route::{Route, SettingsPart};
use crate::state::{History, Intercoms, use_orders};

/// One intercom: its latest picture, a call, its doors and who rang there.
#[component]
pub(super) fn Detail(id: IntercomId) -> impl IntoView {
    let i18n = use_i18n();
    let intercoms = expect_context::<Intercoms>();
    let history = expect_context::<History>();
    let orders = use_orders();
    let Some(intercom) = intercoms.find(id) else {
        return view! {
            <section class="pane pane-detail">
                <header class="pane-head"><BackHome/></header>
                <div class="pane-body"><Empty icon=Icon::Intercom title=t_string!(i18n, intercom.gone)/></div>
            </section>
        }
        .into_any();
    };
    let name = StoredValue::new(intercom.name.clone());
    let edit = Route::Settings(Some(SettingsPart::Intercom(Some(id)))).hash();
    let doors = intercom.switches.clone();
    view! {
        <section class="pane pane-detail" aria-labelledby="t-device">
            <header class="pane-head">
                <BackHome/>
                <h2 id="t-device" class="grow title-page" tabindex="-1"><bdi>{intercom.name.clone()}</bdi></h2>
                <DeviceBadge id/>
                <a class="icon-btn" href=edit>
                    <Glyph icon=Icon::Edit/>
                    <span class="vh">{say!(i18n, home.edit_name, name = name.get_value())}</span>
                </a>
            </header>
            <div class="pane-body">
                {move || {
                    let entry = latest_picture(history, id);
                    let time = entry.as_ref().map(|entry| format::day_and_clock(entry.started)).unwrap_or_default();
                    view! {
                        <Preview
                            entry
                            alt=t_string!(i18n, home.latest_picture, name = name.get_value())
                            note=t_string!(i18n, home.picture_from, time = time)
                            none=t_string!(i18n, home.no_picture)
                        />
                    }
                }}
                <div class="cluster">
                    <button class="btn btn-primary btn-l" type="button" data-testid="dial" on:click=move |_| orders.send(Dial { intercom: id })>
                        <Glyph icon=Icon::Phone/>
                        <span>{say!(i18n, home.call)}</span>
                    </button>
                </div>
                <section class="stack" aria-labelledby="t-doors">
                    <h3 id="t-doors" class="lead">{say!(i18n, home.doors)}</h3>
                    {if doors.is_empty() {
                        view! { <p class="muted">{t_string!(i18n, home.no_switches)}</p> }.into_any()
                    } else {
                        let rows = doors.into_iter().map(|door| view! {
                            <li><div class="row"><span class="tile"><Glyph icon=kind_icon(door.kind)/></span><span class="row-text"><span class="row-title"><bdi>{door.name}</bdi></span></span></div></li>
                        }).collect_view();
                        view! { <p class="muted small">{t_string!(i18n, home.doors_hint)}</p><ul class="rows compact">{rows}</ul> }.into_any()
                    }}
                </section>
                <section class="stack" aria-labelledby="t-here">
                    <h3 id="t-here" class="lead">{say!(i18n, home.recent_here)}</h3>
                    {move || {
                        let rows = history.recent.with(|rows| {
                            rows.iter().filter(|row| row.caller.intercom == Some(id)).take(RECENT).cloned().collect::<Vec<_>>()
                        });
                        if rows.is_empty() {
                            return view! { <p class="muted">{t_string!(i18n, home.no_recent)}</p> }.into_any();
                        }
                        let rows = rows.into_iter().map(|entry| view! { <CallRow entry current=false/> }).collect_view();
                        view! { <ul class="rows" data-walk="">{rows}</ul> }.into_any()
                    }}
                </section>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn BackHome() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        // Where the list is hidden its heading is as well, and a page has one.
        <h1 class="vh only-narrow">{say!(i18n, home.title)}</h1>
        <a class="icon-btn back" href=Route::Home(None).hash() data-back="">
            <Glyph icon=Icon::Back class="icon-dir"/>
            <span class="vh">{say!(i18n, app.back)}</span>
        </a>
    }
}
