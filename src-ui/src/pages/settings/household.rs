//! Who lives with the resident, for residents who administer their apartments.

use leptos::prelude::*;
use vestibule_model::{Member, MemberRole};

use super::Pane;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::{Route, SettingsPart};
use crate::state::{Building, Household, Reading, now};
use crate::words;

#[component]
pub(super) fn HouseholdList() -> impl IntoView {
    let i18n = use_i18n();
    let may = administers();
    view! {
        <Pane title=say!(i18n, household.title)>
            {move || if may.get() { view! { <People/> }.into_any() } else { not_yours(i18n) }}
        </Pane>
    }
}

/// Whether the resident administers apartments.
pub(super) fn administers() -> Memo<bool> {
    let Building(building) = expect_context();
    Memo::new(move |_| building.with(|site| site.as_ref().is_some_and(|site| site.household)))
}

/// What is seen by somebody who came by the address alone.
pub(super) fn not_yours(i18n: Catalogue) -> AnyView {
    view! {
        <Empty icon=Icon::Visitors title=t_string!(i18n, household.not_yours) text=t_string!(i18n, household.not_yours_hint)/>
    }
    .into_any()
}

/// From when the household is, and that nothing can be done to it, while the site server cannot be reached.
#[component]
pub(super) fn Offline() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let since = Memo::new(move |_| {
        building.with(|site| site.as_ref().filter(|site| !site.online).map(|site| site.read_at))
    });
    move || {
        let at = since.get()?;
        let today = format::day(at) == format::day(now());
        let time = if today { format::clock(at) } else { format::day_and_clock(at) };
        let text = t_string!(i18n, household.offline_hint, time = time);
        Some(
            view! { <Banner urgency=Urgency::Plain icon=Icon::Offline title=t_string!(i18n, visitors.offline) text/> },
        )
    }
}

/// How it stands with the list.
#[derive(Clone, PartialEq, Eq)]
enum Stand {
    Loading,
    Failed(vestibule_ipc::ErrorCode),
    Here(Vec<Member>),
}

#[component]
fn People() -> impl IntoView {
    let i18n = use_i18n();
    let household = expect_context::<Household>();
    let Building(building) = expect_context();
    household.follow();
    let stand = Memo::new(move |_| match (household.reading.get(), household.all.get()) {
        (Reading::Failed(problem), all) if all.is_empty() => Stand::Failed(problem.code),
        (Reading::First, _) => Stand::Loading,
        (_, all) => Stand::Here(all),
    });
    // Where everybody lives in the same one it says nothing.
    let homes = Memo::new(move |_| {
        let homes = building.with(|site| site.as_ref().map(|site| site.apartments.clone()));
        homes.filter(|homes| homes.len() > 1).unwrap_or_default()
    });
    let add = Route::Settings(Some(SettingsPart::Member(None))).hash();
    let row = move |member: Member| {
        let where_ = homes.with(|homes| {
            let own = homes.iter().filter(|home| member.apartments.contains(&home.id));
            own.map(|home| home.name.clone()).collect::<Vec<_>>().join(", ")
        });
        view! { <li data-testid="member">{person(i18n, member, where_)}</li> }
    };
    view! {
        <Offline/>
        {move || match stand.get() {
            Stand::Loading => view! {
                <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
            }
            .into_any(),
            Stand::Failed(code) => view! {
                <Empty icon=Icon::Alert title=t_string!(i18n, household.not_read) text=words::error(i18n, code)>
                    <button class="btn" type="button" on:click=move |_| household.refresh()>{t_string!(i18n, app.try_again)}</button>
                </Empty>
            }
            .into_any(),
            Stand::Here(all) => {
                let alone = all.len() < 2;
                view! {
                    {(!all.is_empty()).then(|| view! { <ul class="rows">{all.into_iter().map(row).collect_view()}</ul> })}
                    {alone.then(|| view! {
                        <div class="card"><Empty icon=Icon::Visitors title=t_string!(i18n, household.alone) text=t_string!(i18n, household.alone_hint)/></div>
                    })}
                }
                .into_any()
            }
        }}
        <div class="cluster">
            <a class="btn btn-primary" href=add data-testid="add-member"><Glyph icon=Icon::Plus/><span>{say!(i18n, household.add)}</span></a>
        </div>
    }
}

/// Somebody's row, which leads on where there is something to change.
fn person(i18n: Catalogue, member: Member, homes: String) -> AnyView {
    let Member { id, name, email, role, is_self, may_change, .. } = member;
    let text = view! {
        <span class="tile"><Glyph icon=Icon::User/></span>
        <span class="row-text">
            <span class="row-title"><bdi>{name}</bdi></span>
            <span class="row-sub wrap">
                <span>{if is_self { t_string!(i18n, household.you) } else { role_words(i18n, role) }}</span>
                {(!homes.is_empty()).then(|| view! { <bdi>{homes}</bdi> })}
            </span>
            <span class="row-sub breaks"><bdi dir="ltr">{email}</bdi></span>
        </span>
    };
    if !may_change {
        return view! { <div class="row">{text}</div> }.into_any();
    }
    let href = Route::Settings(Some(SettingsPart::Member(Some(id)))).hash();
    view! {
        <a class="row" href=href>
            {text}
            <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
        </a>
    }
    .into_any()
}

/// What somebody may do, in a few words.
pub(super) fn role_words(i18n: Catalogue, role: MemberRole) -> &'static str {
    match role {
        MemberRole::BuildingAdministrator => t_string!(i18n, household.building_administrator),
        MemberRole::Administrator => t_string!(i18n, household.administrator),
        MemberRole::Resident => t_string!(i18n, household.resident),
        MemberRole::WithoutLogin => t_string!(i18n, household.without_login),
    }
}
