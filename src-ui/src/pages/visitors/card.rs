//! A visitor's card: what is handed over, how it stands, and what can be done about it.

use leptos::prelude::*;
use vestibule_model::{Secret, Site, Timestamp, Visitor, VisitorId, VisitorState};

use super::change::Change;
use super::give::Give;
use super::keys::HEADING;
use super::list::Offline;
use super::presence::{Presence, absent, presence};
use super::{BackToList, Shown, keys, times, wording};
use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::icon::{Glyph, Icon};
use crate::components::pin::Pin;
use crate::components::qr::QrCode;
use crate::components::window_list::escape_to;
use crate::route::{Route, VisitorPlace};
use crate::state::{self, Clock, Visitors};

/// The detail pane of a visitor.
#[component]
pub(super) fn Card(id: VisitorId) -> impl IntoView {
    let presence = presence(id);
    move || match presence.get() {
        Presence::Here => view! { <Here id/> }.into_any(),
        other => absent(other),
    }
}

/// Everything that stands on a card, in words.
#[derive(Clone)]
pub(super) struct Paper {
    pub(super) name: String,
    pub(super) site: String,
    pub(super) address: String,
    pub(super) flat: String,
    /// Whose PIN it is.
    pub(super) title: String,
    pub(super) pin: Secret,
    pub(super) qr: Option<Secret>,
    /// How the codes are used.
    pub(super) hint: &'static str,
    pub(super) facts: Vec<(&'static str, String)>,
}

impl Paper {
    /// The card of a visitor, while there is something to hand over.
    pub(super) fn of(i18n: Catalogue, visitor: &Visitor, site: &Site, now: Timestamp) -> Option<Self> {
        let works = matches!(visitor.state(now), VisitorState::Active | VisitorState::Upcoming);
        let codes = visitor.codes.as_ref().filter(|_| works)?;
        let hint = match codes.qr {
            Some(_) => t_string!(i18n, visitor.type_or_show),
            None => t_string!(i18n, visitor.type_it),
        };
        Some(Self {
            name: visitor.name.clone(),
            site: site.name.clone(),
            address: site.address.clone(),
            flat: wording::flat(site, visitor),
            title: t_string!(i18n, visitor.pin_for, name = visitor.name),
            pin: codes.pin.clone(),
            qr: codes.qr.clone(),
            hint,
            facts: wording::facts(i18n, visitor, site, now),
        })
    }
}

#[component]
fn Here(id: VisitorId) -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let Shown { site, .. } = expect_context();
    let clock = expect_context::<Clock>();
    keys::heading_drawn();
    escape_to(Route::Visitors(VisitorPlace::List));
    let visitor = Memo::new(move |_| visitors.find(id));
    let name = Memo::new(move |_| visitor.get().map(|visitor| visitor.name.clone()).unwrap_or_default());
    let stand = Memo::new(move |_| visitor.get().map(|visitor| visitor.state(clock.now())));
    let flat = move || visitor.get().map(|visitor| site.with(|site| wording::flat(site, &visitor)));
    // A code that was taken back cannot be given again by a change.
    let can_edit = Memo::new(move |_| stand.get().is_some_and(|stand| stand != VisitorState::Revoked));
    let has_paper = Memo::new(move |_| {
        stand.track();
        visitor
            .get()
            .is_some_and(|visitor| site.with(|site| Paper::of(i18n, &visitor, site, state::now()).is_some()))
    });
    view! {
        <section class="pane pane-detail" aria-labelledby=HEADING data-testid="visitor-card">
            <header class="pane-head" class:visitors-long=move || name.with(|name| is_long(name))>
                <BackToList/>
                <div class="grow">
                    <h2 id=HEADING class="title-page" tabindex="-1"><bdi>{name}</bdi></h2>
                    <p class="small muted"><bdi>{flat}</bdi></p>
                </div>
                {move || can_edit.get().then(|| view! {
                    <a class="btn btn-plain" href=Route::Visitors(VisitorPlace::Edit(id)).hash() data-testid="edit-visitor">
                        <Glyph icon=Icon::Edit/>
                        <span>{t_string!(i18n, visitor.edit)}</span>
                    </a>
                })}
            </header>
            <div class="pane-body">
                // On a wide window the list beside it says so.
                <div class="only-narrow no-print visitors-age"><Offline/></div>
                {move || {
                    stand.track();
                    visitor.get().map(|visitor| site.with(|site| body(i18n, &visitor, site)))
                }}
                {move || has_paper.get().then(|| view! { <Give id/> })}
                <Change id/>
            </div>
            {move || has_paper.get().then(|| super::give::foot(id))}
        </section>
    }
}

/// Whether a name takes so many lines that a head which stays would cover what is under it.
pub(super) fn is_long(name: &str) -> bool {
    name.chars().count() > 60
}

/// The card, with a notice above it where the codes do not work.
fn body(i18n: Catalogue, visitor: &Visitor, site: &Site) -> AnyView {
    let now = state::now();
    let notice = notice(i18n, visitor, site, now);
    let paper = Paper::of(i18n, visitor, site, now);
    let facts = match &paper {
        Some(paper) => paper.facts.clone(),
        None => wording::facts(i18n, visitor, site, now),
    };
    let facts = facts.into_iter().map(|(label, value)| view! { <dt>{label}</dt><dd><bdi>{value}</bdi></dd> });
    let codes = paper.map(|paper| {
        let label = t_string!(i18n, visitor.qr_for, name = paper.name);
        view! {
            <div class="pass-code">
                <h3 id="t-pass" class="lead"><bdi>{paper.title}</bdi></h3>
                <Pin pin=paper.pin/>
                <p class="small muted">{paper.hint}</p>
            </div>
            {paper.qr.map(|text| view! { <QrCode text label/> })}
        }
    });
    view! {
        {notice}
        <div class="pass">
            <div class="pass-head">
                <img src="app-icon.svg" alt="" width="36" height="36"/>
                <div class="row-text">
                    <span class="row-title"><bdi>{site.name.clone()}</bdi></span>
                    <span class="row-sub"><bdi>{site.address.clone()}</bdi></span>
                </div>
                {badge(i18n, visitor, site)}
            </div>
            <div class="pass-main">
                {codes}
                <dl class="facts">{facts.collect_view()}</dl>
            </div>
        </div>
    }
    .into_any()
}

/// How it stands, which goes on while the card is looked at.
fn badge(i18n: Catalogue, visitor: &Visitor, site: &Site) -> impl IntoView + use<> {
    let shown = expect_context::<Shown>();
    let (visitor, zone) = (visitor.clone(), site.zone.clone());
    move || {
        shown.tick.track();
        let (class, words) = wording::state(i18n, &visitor, &zone, state::now());
        view! { <span class=format!("{class} badge-box") data-testid="visitor-state">{words}</span> }
    }
}

/// What keeps the codes from working, and what to do; or that a change waits.
fn notice(i18n: Catalogue, visitor: &Visitor, site: &Site, now: Timestamp) -> Option<AnyView> {
    let waits = visitor.delivery == vestibule_model::Delivery::Waiting;
    let plain = Urgency::Plain;
    let (urgency, icon, title, text) = match visitor.state(now) {
        VisitorState::Waiting => (
            plain,
            Icon::Queued,
            t_string!(i18n, visitor.waiting_title),
            t_string!(i18n, visitor.waiting_text).to_owned(),
        ),
        VisitorState::Refused => {
            let why = wording::refusal(i18n, visitor).unwrap_or_default();
            (Urgency::Warning, Icon::Alert, t_string!(i18n, visitor.refused_title), why.to_owned())
        }
        VisitorState::Expired => {
            let time = visitor.until.map(|until| times::moment(until, &site.zone, now)).unwrap_or_default();
            let text = t_string!(i18n, visitor.expired_text, time = time);
            (Urgency::Warning, Icon::Clock, t_string!(i18n, visitor.expired_title), text)
        }
        VisitorState::UsedUp => (
            plain,
            Icon::Check,
            t_string!(i18n, visitor.used_up_title),
            t_string!(i18n, visitor.used_up_text).to_owned(),
        ),
        VisitorState::Revoked => {
            let text = if waits {
                t_string!(i18n, visitor.revoked_waits_text)
            } else {
                t_string!(i18n, visitor.revoked_text)
            };
            (plain, Icon::Ban, t_string!(i18n, visitor.revoked_title), text.to_owned())
        }
        VisitorState::Active | VisitorState::Upcoming if visitor.codes.is_none() => (
            plain,
            Icon::Clock,
            t_string!(i18n, visitor.no_codes_title),
            t_string!(i18n, visitor.no_codes_text).to_owned(),
        ),
        VisitorState::Active | VisitorState::Upcoming if waits => {
            let words = t_string!(i18n, visitors.change_waits);
            return Some(
                view! { <p class="banner no-print" role="status"><Glyph icon=Icon::Queued/><span class="row-text">{words}</span></p> }
                    .into_any(),
            );
        }
        VisitorState::Active | VisitorState::Upcoming => return None,
    };
    Some(view! { <div class="no-print"><Banner urgency icon title text/></div> }.into_any())
}
