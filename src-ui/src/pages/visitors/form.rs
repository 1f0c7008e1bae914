//! Making a visitor, and changing one.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::SaveVisitor;
use vestibule_model::{ApartmentId, Delivery, Site, Timestamp, Visitor, VisitorId};

use super::card::is_long;
use super::fields::{self, Fields};
use super::flat::{apartments, flat_door, has_access_unit};
use super::keys::HEADING;
use super::presence::{Presence, absent, presence};
use super::presets::{self, is_usual_name, usual_name};
use super::typed::{Preset, Typed, Wrong};
use super::wall::Wall;
use super::{Shown, keys, times, wording};
use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::components::toggle::ToggleRow;
use crate::route::{Location, Route, VisitorPlace};
use crate::state::{self, ChosenApartment, Part, Toasts, Tone, Visitors, use_orders};

/// A new visitor: two taps, a preset and the button.
#[component]
pub(super) fn New() -> impl IntoView {
    let i18n = use_i18n();
    let site = expect_context::<Shown>().site.get_untracked();
    let ChosenApartment(chosen) = expect_context();
    let (chosen, first) = (chosen.get_untracked(), site.apartments.first().map(|apartment| apartment.id));
    let base = Visitor {
        id: VisitorId(0),
        name: String::new(),
        apartment: chosen.or(first).unwrap_or(ApartmentId(0)),
        from: None,
        until: None,
        schedule: Vec::new(),
        uses: None,
        apartment_door: false,
        codes: None,
        revoked: false,
        delivery: Delivery::Sent,
    };
    let typed = Typed {
        name: usual_name(i18n, Preset::Delivery).to_owned(),
        ..Typed::preset(Preset::Delivery, times::wall(state::now(), &site.zone))
    };
    view! { <Form base typed preset=Some(Preset::Delivery)/> }
}

/// The same form for a visitor who is there already.
#[component]
pub(super) fn Edit(id: VisitorId) -> impl IntoView {
    let visitors = expect_context::<Visitors>();
    let shown = expect_context::<Shown>();
    let presence = presence(id);
    move || {
        let known = untrack(|| visitors.find(id));
        match (presence.get(), known) {
            // What changes meanwhile does not overwrite what is being typed here.
            (Presence::Here, Some(known)) => {
                let site = shown.site.get_untracked();
                let typed = Typed::of(&known, |at| times::wall(at, &site.zone));
                view! { <Form base=Arc::unwrap_or_clone(known) typed preset=None/> }.into_any()
            }
            (presence, _) => absent(presence),
        }
    }
}

/// The form, with presets for a visitor who is new.
#[component]
fn Form(base: Visitor, typed: Typed, preset: Option<Preset>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let visitors = expect_context::<Visitors>();
    let Shown { site, .. } = expect_context();
    let fields = Fields::new(typed, &base);
    let id = base.id;
    keys::heading_drawn();
    let title = match preset {
        Some(_) => t_string!(i18n, visitor_form.new).to_owned(),
        None => t_string!(i18n, visitor_form.edit, name = base.name),
    };
    let long = is_long(&title);
    let base = StoredValue::new(base);
    let chosen = RwSignal::new(preset.unwrap_or(Preset::Custom));
    let (tried, saving) = (RwSignal::new(false), RwSignal::new(false));
    let zone = Memo::new(move |_| site.with(|site| site.zone.clone()));
    let problems = Memo::new(move |_| match fields.typed().check(times::wall(state::now(), &zone.get())) {
        Err(wrong) if tried.get() => wrong,
        _ => Vec::new(),
    });
    let drafted = move |typed: Typed| {
        let zone = zone.get();
        let wall = |at: Timestamp| times::wall(at, &zone);
        let draft = typed.check(wall(state::now()))?;
        let mut visitor = draft.apply(base.get_value(), wall, |wall: Wall| times::at(wall, &zone));
        visitor.apartment = fields.apartment.get();
        let has_door = site.with(|site| has_access_unit(site, visitor.apartment));
        visitor.apartment_door = has_door && fields.apartment_door.get();
        Ok::<_, Vec<Wrong>>(visitor)
    };
    // What a code does, it does under any name.
    let said = Signal::derive(move || drafted(Typed { name: "-".to_owned(), ..fields.typed() }));
    let choose = move |preset: Preset| {
        chosen.set(preset);
        fields.fill(Typed::preset(preset, times::wall(state::now(), &zone.get_untracked())));
        // A name that somebody typed stays.
        let own = fields.name.with_untracked(|name| is_usual_name(i18n, name));
        if own {
            fields.name.set(usual_name(i18n, preset).to_owned());
        }
        tried.set(false);
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if saving.get_untracked() {
            return;
        }
        let Ok(visitor) = untrack(|| drafted(fields.typed())) else {
            tried.set(true);
            return request_animation_frame(focus_first_wrong);
        };
        saving.set(true);
        let (name, part) = (visitor.name.clone(), Part::of(visitor.state(state::now())));
        orders.ask(SaveVisitor { visitor }, move |answer| {
            saving.try_set(false);
            match answer {
                Ok(made) => {
                    visitors.text.set(String::new());
                    visitors.part.set(part);
                    if id != VisitorId(0) {
                        toasts.show(t_string!(i18n, visitor_form.saved, name = name), Tone::Status);
                    }
                    location.go(Route::Visitors(VisitorPlace::Card(made)));
                }
                Err(problem) => orders.say(&problem),
            }
        });
    };
    let leave = match preset {
        Some(_) => VisitorPlace::List,
        None => VisitorPlace::Card(id),
    };
    view! {
        <section class="pane pane-detail" aria-labelledby=HEADING data-testid="visitor-form">
            <header class="pane-head" class:visitors-long=long>
                <h1 class="vh only-narrow">{t_string!(i18n, visitors.title)}</h1>
                <a class="icon-btn visitors-leave" href=Route::Visitors(leave).hash()>
                    <Glyph icon=Icon::Close/>
                    <span class="vh">{t_string!(i18n, app.cancel)}</span>
                </a>
                <h2 id=HEADING class="grow title-page" tabindex="-1"><bdi>{title}</bdi></h2>
            </header>
            <form class="pane-body" id="visitor-form" novalidate on:submit=save>
                {preset.map(|_| presets::presets(i18n, chosen, choose))}
                {fields::name(i18n, fields, problems)}
                {apartments(i18n, site, fields)}
                {move || (chosen.get() != Preset::Regular).then(|| fields::dates(i18n, fields, problems))}
                {move || (chosen.get() == Preset::Custom).then(|| weekly(i18n, fields))}
                {move || fields.weekly.get().then(|| fields::hours(i18n, fields, problems))}
                {zone_hint(i18n, site)}
                {fields::uses(i18n, fields, problems)}
                {move || flat_door(i18n, site, fields)}
            </form>
            <div class="pane-foot">
                {sentence(i18n, site, said)}
                <button class="btn btn-primary btn-l btn-block" form="visitor-form" type="submit" data-testid="make" aria-describedby="visitor-sentence" aria-disabled=move || saving.get().then_some("true")>
                    {move || saving.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                    {move || button(i18n, preset, site.with(|site| site.qr_codes))}
                </button>
            </div>
        </section>
    }
}

fn button(i18n: Catalogue, preset: Option<Preset>, qr_codes: bool) -> &'static str {
    match (preset, qr_codes) {
        (None, _) => t_string!(i18n, visitor_form.save),
        (Some(_), true) => t_string!(i18n, visitor_form.make),
        (Some(_), false) => t_string!(i18n, visitor_form.make_pin),
    }
}

/// What the code will do, or what it lacks to do anything.
fn sentence(i18n: Catalogue, site: Memo<Site>, said: Signal<Result<Visitor, Vec<Wrong>>>) -> AnyView {
    let words = move || match said.get() {
        Ok(visitor) => site.with(|site| wording::sentences(i18n, &visitor, site, state::now())).join(" "),
        Err(wrong) => wrong.first().map(|wrong| fields::words(i18n, *wrong)).unwrap_or_default(),
    };
    let offline = move || {
        site.with(|site| !site.online).then(|| {
            view! { <span class="badge badge-icon"><Glyph icon=Icon::Queued/>{t_string!(i18n, visitor_form.offline)}</span> }
        })
    };
    view! {
        <div class="stack-s small" role="status" id="visitor-sentence">
            <p data-testid="sentence">{words}</p>
            {offline}
        </div>
    }
    .into_any()
}

fn weekly(i18n: Catalogue, fields: Fields) -> AnyView {
    let title = Signal::stored(t_string!(i18n, visitor_form.weekly).to_owned());
    let text = Signal::stored(t_string!(i18n, visitor_form.weekly_hint).to_owned());
    view! {
        <ul class="rows"><li><ToggleRow icon=Icon::Calendar title text on=fields.weekly on_change=move |on| fields.weekly.set(on)/></li></ul>
    }
    .into_any()
}

/// Whose clock is meant, for a resident who is away.
fn zone_hint(i18n: Catalogue, site: Memo<Site>) -> impl IntoView {
    move || {
        let zone = site.with(|site| site.zone.clone());
        times::is_elsewhere(state::now(), &zone)
            .then(|| view! { <p class="hint">{t_string!(i18n, visitor_form.zone_hint, zone = zone)}</p> })
    }
}

/// Where the first problem is, the typing goes on.
fn focus_first_wrong() {
    // Days are a group of boxes, which is not a field that can be wrong by itself.
    keys::focus("#visitor-form [aria-invalid=true], #visitor-form fieldset:has(.problem) input");
}
