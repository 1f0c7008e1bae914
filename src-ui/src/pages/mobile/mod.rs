//! The phone as a key: its card, what the device allows, and the ways to open.

mod adapter;
mod card;
mod modes;
mod move_dialog;
mod pending;
mod question;

use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::ErrorCode;
use vestibule_model::CardState;

use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::pages::home::building::OfflineNotice;
use crate::route::Route;
use crate::state::{Building, Mobile};
use crate::words;

pub(crate) use adapter::adapter_words;
pub(crate) use pending::{Pending, Phase};
pub(crate) use question::{Question, ask_mobile_access};

/// What the page has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// No site server is known here.
    NoSite,
    Loading,
    Failed(ErrorCode),
    Silent,
    /// There is nothing to switch: the site does not let phones open doors.
    CardAlone,
    Everything,
}

/// The page.
#[component]
pub(crate) fn MobileAccess() -> impl IntoView {
    let i18n = use_i18n();
    let Building(building) = expect_context();
    let Mobile(mobile) = expect_context();
    let question = ask_mobile_access();
    let shown = Memo::new(move |_| {
        let card = mobile.with(|access| access.as_ref().map(|access| access.card == CardState::NotAllowed));
        match (building.with(Option::is_some), card) {
            (false, _) => Shown::NoSite,
            (true, Some(true)) => Shown::CardAlone,
            (true, Some(false)) => Shown::Everything,
            (true, None) => match question.phase() {
                Phase::Failed(code) => Shown::Failed(code),
                Phase::Silent => Shown::Silent,
                Phase::Idle | Phase::Waiting => Shown::Loading,
            },
        }
    });
    // A page that replaces another says where one is now.
    let heading = NodeRef::<html::H1>::new();
    heading.on_load(|heading| {
        // A heading that takes no focus leaves it where it is.
        let _ = heading.focus();
    });
    view! {
        <main id="main" tabindex="-1">
            <section class="pane" aria-labelledby="t-mobile">
                <header class="pane-head">
                    <a class="icon-btn back" href=Route::Settings(None).hash()>
                        <Glyph icon=Icon::Back class="icon-dir"/>
                        <span class="vh">{say!(i18n, mobile.back)}</span>
                    </a>
                    <h1 id="t-mobile" class="grow" tabindex="-1" node_ref=heading>{say!(i18n, mobile.title)}</h1>
                </header>
                <div class="pane-body">{move || body(i18n, shown.get(), question)}</div>
            </section>
        </main>
    }
}

fn body(i18n: Catalogue, shown: Shown, question: Question) -> AnyView {
    match shown {
        Shown::NoSite => view! {
            <Empty icon=Icon::Building title=t_string!(i18n, mobile.no_site) text=t_string!(i18n, mobile.no_site_hint)>
                <a class="btn btn-primary" href=Route::SignIn.hash()>{t_string!(i18n, mobile.sign_in)}</a>
            </Empty>
        }
        .into_any(),
        Shown::Loading => view! {
            <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
        }
        .into_any(),
        Shown::Failed(code) => not_read(i18n, words::error(i18n, code), question),
        Shown::Silent => not_read(i18n, t_string!(i18n, mobile.no_answer), question),
        Shown::CardAlone => view! { <OfflineNotice/><card::Card/> }.into_any(),
        Shown::Everything => view! {
            <OfflineNotice/>
            <card::Card/>
            <adapter::Allowed question/>
            <modes::Modes/>
        }
        .into_any(),
    }
}

fn not_read(i18n: Catalogue, text: &'static str, question: Question) -> AnyView {
    view! {
        <div role="alert">
            <Empty icon=Icon::Alert title=t_string!(i18n, mobile.not_read) text>
                <button class="btn" type="button" on:click=move |_| question.again()>{t_string!(i18n, app.try_again)}</button>
            </Empty>
        </div>
    }
    .into_any()
}
