//! The root: stores, language, colours, and which window this is.

use leptos::prelude::*;

use crate::backend::Core;
use crate::catalogue::{self, Words, say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::components::key_map::{KeyMap, KeyMapDialog};
use crate::components::navigation::Navigation;
use crate::components::toast::ToastList;
#[cfg(feature = "fake")]
use crate::pages;
use crate::pages::call::CallWindow;
use crate::pages::history::History;
use crate::pages::home::Home;
use crate::pages::settings::Settings;
use crate::route::{Location, Route};
use crate::state::{self, Start, StartPhase};
use crate::{first_paint, keyboard};

/// Everything, in these words until another language is chosen.
#[component]
pub(crate) fn App(words: Words) -> impl IntoView {
    catalogue::provide(words);
    let location = Location::follow();
    provide_context(location);
    state::provide(Core::choose());
    provide_context(KeyMap::new());
    first_paint::follow_settings();
    keyboard::listen();

    let in_call = Memo::new(move |_| location.get() == Route::Call);
    Effect::new(move |_| {
        // The styles of the page behind everything differ between the two kinds of window.
        let root = document().document_element();
        if let Some(root) = root {
            let _ = if in_call.get() {
                root.set_attribute("data-window", "call")
            } else {
                root.remove_attribute("data-window")
            };
        }
    });
    let i18n = use_i18n();
    // In another language everything is drawn anew, so that no view has to follow its own words.
    move || {
        i18n.follow();
        keyboard::keep_focus();
        view! {
            {move || if in_call.get() { view! { <CallWindow/> }.into_any() } else { view! { <MainWindow/> }.into_any() }}
            <ToastList/>
            <KeyMapDialog/>
        }
    }
}

#[component]
fn MainWindow() -> impl IntoView {
    let i18n = use_i18n();
    let location = expect_context::<Location>();
    let Start(start) = expect_context();
    let place = Memo::new(move |_| match location.get() {
        Route::Home(_) | Route::Call => Place::Home,
        Route::History(_) => Place::History,
        Route::Settings(_) => Place::Settings,
        #[cfg(feature = "fake")]
        Route::Visitors(_) => Place::Visitors,
        #[cfg(feature = "fake")]
        Route::Access(_) => Place::Access,
        #[cfg(feature = "fake")]
        Route::MobileAccess => Place::MobileAccess,
        #[cfg(feature = "fake")]
        Route::Report | Route::Support => Place::Report,
        #[cfg(feature = "fake")]
        Route::SignIn => Place::SignIn,
        #[cfg(feature = "fake")]
        Route::Gallery => Place::Gallery,
    });
    Effect::new(move |_| {
        let title = match place.get() {
            Place::Home => t_string!(i18n, home.title),
            Place::History => t_string!(i18n, history.title),
            Place::Settings => t_string!(i18n, settings.title),
            #[cfg(feature = "fake")]
            Place::Visitors => t_string!(i18n, visitors.title),
            #[cfg(feature = "fake")]
            Place::Access => t_string!(i18n, access.title),
            #[cfg(feature = "fake")]
            Place::MobileAccess => t_string!(i18n, mobile.title),
            #[cfg(feature = "fake")]
            Place::Report => t_string!(i18n, report.title),
            #[cfg(feature = "fake")]
            Place::SignIn => t_string!(i18n, sign_in.title),
            #[cfg(feature = "fake")]
            Place::Gallery => "Gallery",
        };
        document().set_title(&format!("{title} - {}", t_string!(i18n, app.name)));
    });
    Effect::new(move |_| {
        if start.get() == StartPhase::Ready {
            request_animation_frame(mark_usable);
        }
    });

    view! {
        <a class="skip" href="#main" on:click=skip>{say!(i18n, app.skip)}</a>
        <div class="shell">
            <Navigation/>
            {move || match start.get() {
                StartPhase::Ready => match place.get() {
                    Place::Home => view! { <Home/> }.into_any(),
                    Place::History => view! { <History/> }.into_any(),
                    Place::Settings => view! { <Settings/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::Visitors => view! { <pages::visitors::Visitors/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::Access => view! { <pages::access::Access/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::MobileAccess => view! { <pages::mobile::MobileAccess/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::Report => view! { <pages::report::Report/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::SignIn => view! { <pages::sign_in::SignIn/> }.into_any(),
                    #[cfg(feature = "fake")]
                    Place::Gallery => view! { <pages::gallery::Gallery/> }.into_any(),
                },
                phase => view! { <Starting phase/> }.into_any(),
            }}
        </div>
    }
}

/// Tells when the first page could be used (W3C User Timing), so that the start can be measured where it is felt.
fn mark_usable() {
    if let Some(performance) = window().performance() {
        // A mark that cannot be set costs a measurement, and nothing else.
        let _unmeasured = performance.mark("usable");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Home,
    History,
    Settings,
    #[cfg(feature = "fake")]
    Visitors,
    #[cfg(feature = "fake")]
    Access,
    #[cfg(feature = "fake")]
    MobileAccess,
    #[cfg(feature = "fake")]
    Report,
    #[cfg(feature = "fake")]
    SignIn,
    #[cfg(feature = "fake")]
    Gallery,
}

/// What is there before the core has answered.
#[component]
fn Starting(phase: StartPhase) -> impl IntoView {
    let i18n = use_i18n();
    // The context is gone by the time a button is pressed unless the owner is kept.
    let owner = Owner::current();
    let again = move |_| {
        if let Some(owner) = &owner {
            owner.with(state::begin_again);
        }
    };
    view! {
        <main id="main" tabindex="-1">
            <section class="pane">
                <div class="pane-body fill">
                    {match phase {
                        StartPhase::Failed(problem) => view! {
                            <Empty icon=Icon::Alert title=t_string!(i18n, app.failed) text=crate::words::error(i18n, problem.code)>
                                <h1 class="vh">{t_string!(i18n, app.failed)}</h1>
                                <button class="btn btn-primary" type="button" on:click=again>{t_string!(i18n, app.try_again)}</button>
                            </Empty>
                        }
                        .into_any(),
                        _ => view! {
                            <div class="empty fill" role="status">
                                <span class="spinner" aria-hidden="true"></span>
                                <h1 class="vh">{t_string!(i18n, app.loading)}</h1>
                            </div>
                        }
                        .into_any(),
                    }}
                </div>
            </section>
        </main>
    }
}

/// The hash is taken by the place, so that the link moves the focus itself.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    if let Some(main) = document().get_element_by_id("main") {
        use wasm_bindgen::JsCast;
        if let Ok(main) = main.dyn_into::<web_sys::HtmlElement>() {
            // An element that takes no focus leaves it where it is.
            let _ = main.focus();
        }
    }
}
