//! A link that signs a phone of somebody in. It is here until the page is left or its time is over, and nowhere else.

use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, MakeSignInLink};
use vestibule_model::{MemberId, SignInLink as Link, Timestamp};

use super::member::why;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::components::qr::QrCode;
use crate::format;
use crate::pages::visitors::send::copy_for_a_minute;
use crate::state::{Clock, Toasts, Tone, use_orders};
use crate::words;

/// How far it has come.
#[derive(Clone, PartialEq, Eq)]
enum Stand {
    None,
    Making,
    Made(Link),
    Over,
    Failed(ErrorCode),
}

/// The section with the button and what comes of it.
#[component]
pub(super) fn SignInLink(id: MemberId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let clock = expect_context::<Clock>();
    let stand = RwSignal::new(Stand::None);
    let ends = Memo::new(move |_| match stand.get() {
        Stand::Made(link) => Some(link.until),
        _ => None,
    });
    Effect::new(move |_| {
        if ends.get().is_some_and(|until| clock.now() >= until) {
            stand.set(Stand::Over);
        }
    });
    let make = move |_| {
        stand.set(Stand::Making);
        orders.ask(MakeSignInLink { member: id }, move |answer| {
            // Whoever has left the page has no use for it.
            stand.try_set(match answer {
                Ok(link) => Stand::Made(link),
                Err(problem) => Stand::Failed(problem.code),
            });
        });
    };
    let is_making = Memo::new(move |_| stand.with(|stand| *stand == Stand::Making));
    let first = Memo::new(move |_| stand.with(|stand| matches!(stand, Stand::None | Stand::Failed(_))));
    let label = move || {
        if first.get() {
            t_string!(i18n, household.make_link)
        } else {
            t_string!(i18n, household.another_link)
        }
    };
    view! {
        <section class="stack" aria-labelledby="t-sign-in">
            <div>
                <h3 id="t-sign-in" class="lead">{say!(i18n, household.sign_in)}</h3>
                <p class="hint">{move || t_string!(i18n, household.sign_in_hint, name = words::isolated(&name.get()))}</p>
            </div>
            <div role="status">
                {move || match stand.get() {
                    Stand::None => ().into_any(),
                    Stand::Making => view! {
                        <p class="cluster muted"><span class="spinner" aria-hidden="true"></span>{t_string!(i18n, household.making_link)}</p>
                    }
                    .into_any(),
                    Stand::Made(link) => made(i18n, link, &name.get_untracked()),
                    Stand::Over => view! { <p class="muted">{t_string!(i18n, household.link_over)}</p> }.into_any(),
                    Stand::Failed(code) => view! {
                        <p class="problem"><Glyph icon=Icon::Alert/><span>{why(i18n, code)}</span></p>
                    }
                    .into_any(),
                }}
            </div>
            <div class="cluster">
                <button class="btn" type="button" data-testid="make-link" disabled=move || is_making.get() on:click=make>
                    <Glyph icon=Icon::Link/>
                    <span>{label}</span>
                </button>
            </div>
        </section>
    }
}

fn made(i18n: Catalogue, link: Link, name: &str) -> AnyView {
    let toasts = expect_context::<Toasts>();
    let Link { link, until } = link;
    let label = t_string!(i18n, household.link_qr, name = words::isolated(name));
    let copied = StoredValue::new(link.clone());
    let copy = move |_| {
        let link = copied.get_value();
        leptos::task::spawn_local(async move {
            if copy_for_a_minute(&link).await {
                toasts.show(t_string!(i18n, household.link_copied).to_owned(), Tone::Status);
            } else {
                toasts.show(t_string!(i18n, household.link_not_copied).to_owned(), Tone::Problem);
            }
        });
    };
    view! {
        <div class="card stack" data-testid="sign-in-link">
            <QrCode text=link label/>
            <p class="small muted">{good_until(i18n, until)}</p>
            <div class="cluster">
                <button class="btn btn-primary" type="button" data-testid="copy-link" on:click=copy>
                    <Glyph icon=Icon::Copy/>
                    <span>{say!(i18n, household.copy_link)}</span>
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn good_until(i18n: Catalogue, until: Timestamp) -> String {
    t_string!(i18n, household.link_until, time = format::clock(until))
}
