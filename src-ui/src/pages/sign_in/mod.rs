//! Signing in at a site server: by account, by a link, or past it with a SIP account alone.

mod account;
mod attempt;
mod code;
mod confirm;
mod link;
mod paste;
mod server;

use leptos::prelude::*;
use vestibule_ipc::TakeLink;

use self::account::Typed;
use self::attempt::Attempts;
use self::paste::Pasted;
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::choice::{Choice, Shape};
use crate::components::icon::{Glyph, Icon};
use crate::pages::report::{back_to_settings, focus};
use crate::route::{Route, SettingsPart};
use crate::state::{Building, LinkWaits, use_orders};

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Account,
    Link,
    Device,
}

/// The page.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let known = Memo::new(move |_| building.with(|site| site.as_ref().is_some_and(|site| site.signed_in)));
    // Outside of what is drawn anew, so that changing the way loses nothing that was typed.
    let attempts = Attempts::new();
    let way = RwSignal::new(Way::Account);
    let (typed, pasted) = (Typed::new(), Pasted::new());
    let choose = move |chosen| {
        attempts.stop();
        way.set(chosen);
    };
    focus("t-sign-in");
    let LinkWaits(link_waits) = expect_context();
    let orders = use_orders();
    Effect::new(move |_| {
        // For who is signed in already it goes on waiting: they may sign out first.
        if link_waits.get() && !known.get() {
            orders.then(TakeLink {}, move |link| {
                if let Some(link) = link {
                    choose(Way::Link);
                    pasted.take(link.reveal());
                }
            });
        }
    });
    let ways = move || {
        view! {
            <Choice
                shape=Shape::Segmented
                name="way"
                legend=say!(i18n, sign_in.way)
                options=vec![
                    (Way::Account, t_string!(i18n, sign_in.by_account)),
                    (Way::Link, t_string!(i18n, sign_in.by_link)),
                    (Way::Device, t_string!(i18n, sign_in.by_device)),
                ]
                value=way
                on_choose=choose
            />
            {move || match way.get() {
                Way::Account => account::panel(i18n, typed, attempts),
                Way::Link => paste::panel(i18n, pasted, attempts),
                Way::Device => by_device(i18n),
            }}
        }
    };
    view! {
        <main id="main" tabindex="-1">
            <section class="pane" aria-labelledby="t-sign-in">
                <header class="pane-head">{back_to_settings(i18n)}</header>
                <div class="pane-body">
                    <div class="sign-in stack-l">
                        <div class="stack">
                            <img class="mark" src="app-icon.svg" alt="" width="64" height="64"/>
                            <h1 id="t-sign-in" tabindex="-1">{say!(i18n, sign_in.heading)}</h1>
                            <p class="muted">{say!(i18n, sign_in.hint)}</p>
                        </div>
                        {move || if known.get() { signed_in(i18n) } else { ways().into_any() }}
                    </div>
                </div>
            </section>
        </main>
    }
}

/// Calls need no site server, only a SIP account, and its form stands in Settings.
fn by_device(i18n: Catalogue) -> AnyView {
    let account = Route::Settings(Some(SettingsPart::Account)).hash();
    view! {
        <div class="stack-l">
            <p>{say!(i18n, sign_in.device_hint)}</p>
            <a class="btn btn-primary btn-l btn-block" href=account data-testid="sign-in-device">{say!(i18n, sign_in.device_open)}</a>
        </div>
    }
    .into_any()
}

/// What there is to see for who is signed in already.
fn signed_in(i18n: Catalogue) -> AnyView {
    let Building(building) = expect_context();
    let name = move || building.with(|site| site.as_ref().map(|site| site.name.clone()));
    view! {
        <div class="stack-l">
            <dl class="facts boxed">
                <dt>{say!(i18n, sign_in.signed_in_at)}</dt>
                <dd><bdi>{name}</bdi></dd>
            </dl>
            <a class="btn btn-primary btn-l btn-block" href=Route::Home(None).hash()>{say!(i18n, sign_in.go_home)}</a>
        </div>
    }
    .into_any()
}

/// The button that signs in, and the way to stop waiting. Not disabled while one waits, so that the focus stays.
fn submit(i18n: Catalogue, attempts: Attempts, words: Signal<String>) -> AnyView {
    let busy = attempts.busy;
    view! {
        <p class="vh" role="status">{move || busy.get().then(|| t_string!(i18n, sign_in.waiting))}</p>
        <div class="stack">
            <button
                class="btn btn-primary btn-l btn-block"
                type="submit"
                data-testid="sign-in-submit"
                aria-disabled=move || busy.get().then_some("true")
            >
                <Show when=move || busy.get()><span class="spinner" aria-hidden="true"></span></Show>
                {words}
            </button>
            <Show when=move || busy.get()>
                <button class="btn btn-block" type="button" on:click=move |_| attempts.stop()>{say!(i18n, app.cancel)}</button>
            </Show>
        </div>
    }
    .into_any()
}

/// What went wrong with no field to stand beside.
fn trouble(words: Signal<Option<String>>) -> AnyView {
    let banner = move || {
        words.get().map(|words| {
            view! {
                <p class="banner banner-warn" data-testid="sign-in-trouble"><Glyph icon=Icon::Alert/><span class="row-text">{words}</span></p>
            }
        })
    };
    view! { <div role="alert" class="trouble">{banner}</div> }.into_any()
}
