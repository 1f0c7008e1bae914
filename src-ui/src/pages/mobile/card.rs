//! The access card of the site: where it is, and what can be done about it.

use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::SetAccessCard;
use vestibule_model::{CardState, Site};

use super::Pending;
use super::move_dialog::MoveDialog;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::Route;
use crate::state::{Building, Mobile, Orders, use_orders};

/// The card and its buttons.
#[component]
pub(super) fn Card() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let Mobile(mobile) = expect_context();
    let card = Memo::new(move |_| {
        mobile.with(|access| access.as_ref().map_or(CardState::NotAllowed, |access| access.card.clone()))
    });
    let site =
        Memo::new(move |_| building.with(|site| site.as_ref().map(|s| s.name.clone())).unwrap_or_default());
    let desk = Desk {
        orders: use_orders(),
        pending: Pending::new(),
        asks: RwSignal::new(false),
        acted: StoredValue::new(false),
    };
    let heading = NodeRef::<html::H3>::new();
    desk.keep_focus(card, heading);
    view! {
        <section class="stack" aria-labelledby="t-cards">
            <h2 id="t-cards" class="lead">{say!(i18n, mobile.card)}</h2>
            <article class="key" class:key-on=move || card.with(is_active)>
                <div class="section-head">
                    <Glyph icon=Icon::Key class="icon-l"/>
                    <p role="status" data-testid="card-state">
                        <span class=move || card.with(badge)>{move || card.with(|card| card_words(i18n, card))}</span>
                    </p>
                </div>
                <div>
                    <h3 class="lead" tabindex="-1" node_ref=heading><bdi>{site}</bdi></h3>
                    <p class="muted small">{move || card.with(|card| card_hint(i18n, card))}</p>
                </div>
                <div class="key-foot">{move || foot(i18n, &card.get(), desk)}</div>
                {move || {
                    let needs_network = card.with(|card| !matches!(card, CardState::Active { .. } | CardState::NotAllowed));
                    (needs_network && building.with(is_offline)).then(|| view! {
                        <p class="problem"><Glyph icon=Icon::Offline/><span>{t_string!(i18n, mobile.needs_network)}</span></p>
                    })
                }}
                {desk.pending.problem(i18n)}
            </article>
            <MoveDialog open=desk.asks card site on_move=Callback::new(move |()| desk.set(true))/>
        </section>
    }
}

/// What the buttons of the card need.
#[derive(Clone, Copy)]
struct Desk {
    orders: Orders,
    pending: Pending,
    /// Whether the dialog about moving is open.
    asks: RwSignal<bool>,
    /// Whether a button was pressed that goes away with what it does.
    acted: StoredValue<bool>,
}

impl Desk {
    fn set(self, active: bool) {
        if !self.pending.waits_now() {
            self.acted.set_value(true);
            self.pending.send(self.orders, SetAccessCard { active });
        }
    }

    /// A button that is gone leaves the focus nowhere: the name of the card takes it.
    fn keep_focus(self, card: Memo<CardState>, heading: NodeRef<html::H3>) {
        Effect::new(move |before: Option<CardState>| {
            let now = card.get();
            if before.is_some_and(|before| before != now) && self.acted.get_value() {
                self.acted.set_value(now == CardState::Moving);
                if let Some(heading) = heading.get_untracked() {
                    // A heading that takes no focus leaves it where it is.
                    let _ = heading.focus();
                }
            }
            now
        });
    }
}

fn foot(i18n: Catalogue, card: &CardState, desk: Desk) -> AnyView {
    match card {
        CardState::NotAllowed => {
            view! { <a class="btn" href=Route::Report.hash()>{t_string!(i18n, site.contact)}</a> }.into_any()
        }
        CardState::Off => {
            action(i18n, desk, "btn btn-primary", "activate", t_string!(i18n, mobile.activate), Press::Activate)
        }
        CardState::Elsewhere { .. } => {
            action(i18n, desk, "btn btn-primary", "activate", t_string!(i18n, mobile.activate), Press::Ask)
        }
        CardState::Active { .. } => view! {
            <span class="small muted">{t_string!(i18n, mobile.no_network_needed)}</span>
            {action(i18n, desk, "btn", "deactivate", t_string!(i18n, mobile.deactivate), Press::Deactivate)}
        }
        .into_any(),
        CardState::Moving => view! {
            <span class="cluster small"><span class="spinner" aria-hidden="true"></span>{t_string!(i18n, mobile.moving_hint)}</span>
            {action(i18n, desk, "btn", "stop-moving", t_string!(i18n, app.cancel), Press::Deactivate)}
        }
        .into_any(),
    }
}

/// What a button of the card does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Press {
    Activate,
    /// Says first what it does to the other device.
    Ask,
    Deactivate,
}

fn action(
    i18n: Catalogue,
    desk: Desk,
    class: &'static str,
    testid: &'static str,
    words: &'static str,
    press: Press,
) -> AnyView {
    let press = move |_| match press {
        Press::Activate => desk.set(true),
        Press::Deactivate => desk.set(false),
        Press::Ask if desk.pending.waits_now() => (),
        Press::Ask => desk.asks.set(true),
    };
    view! {
        <button class=class type="button" data-testid=testid aria-busy=move || desk.pending.waits().to_string() on:click=press>
            {move || if desk.pending.waits() {
                view! { <span class="spinner" aria-hidden="true"></span><span>{t_string!(i18n, mobile.sending)}</span> }.into_any()
            } else {
                words.into_any()
            }}
        </button>
    }
    .into_any()
}

fn is_active(card: &CardState) -> bool {
    matches!(card, CardState::Active { .. })
}

fn is_offline(site: &Option<Site>) -> bool {
    site.as_ref().is_some_and(|site| !site.online)
}

fn badge(card: &CardState) -> &'static str {
    match card {
        CardState::Active { .. } => "badge badge-ready",
        CardState::Moving => "badge badge-wait",
        CardState::NotAllowed => "badge badge-warn",
        CardState::Off | CardState::Elsewhere { .. } => "badge",
    }
}

/// Where the card is, in a few words.
pub(super) fn card_words(i18n: Catalogue, card: &CardState) -> String {
    match card {
        CardState::NotAllowed => t_string!(i18n, mobile.not_allowed).to_owned(),
        CardState::Off => t_string!(i18n, mobile.off).to_owned(),
        CardState::Active { .. } => t_string!(i18n, mobile.active).to_owned(),
        CardState::Elsewhere { device } => t_string!(i18n, mobile.elsewhere, device = device),
        CardState::Moving => t_string!(i18n, mobile.moving).to_owned(),
    }
}

fn card_hint(i18n: Catalogue, card: &CardState) -> String {
    match card {
        CardState::NotAllowed => t_string!(i18n, mobile.not_allowed_hint).to_owned(),
        CardState::Off => t_string!(i18n, mobile.off_hint).to_owned(),
        CardState::Active { since } => {
            t_string!(i18n, mobile.active_since, time = format::day_and_clock(*since))
        }
        CardState::Elsewhere { device } => t_string!(i18n, mobile.elsewhere_hint, device = device),
        CardState::Moving => t_string!(i18n, mobile.moving_effect).to_owned(),
    }
}
