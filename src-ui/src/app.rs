//! The root: stores, language, colours, and which window this is.

use leptos::prelude::*;

use crate::backend::Core;
use crate::catalogue::{self, Words, say, t_string, use_i18n};
use crate::components::key_map::{KeyMap, KeyMapDialog};
use crate::components::navigation::Navigation;
use crate::components::toast::ToastList;
use crate::pages::call::CallWindow;
use crate::pages::home::Home;
use crate::pages::later::{Later, Page, Pages, not_here, waiting};
use crate::route::{Location, Route};
use crate::state::{self, LinkWaits, Start, StartPhase};
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
    let pages = Pages::new();
    provide_context(pages);
    // `None` is Home, the one page that is here from the start.
    let place = Memo::new(move |_| {
        Some(match location.get() {
            Route::Home(_) | Route::Call => return None,
            Route::History(_) => Page::History,
            Route::Settings(_) => Page::Settings,
            Route::Visitors(_) => Page::Visitors,
            Route::Access(_) => Page::Access,
            #[cfg(feature = "fake")]
            Route::MobileAccess => Page::MobileAccess,
            Route::Report | Route::Support | Route::EarlierReports => Page::Report,
            Route::SignIn => Page::SignIn,
            #[cfg(feature = "fake")]
            Route::Gallery => Page::Gallery,
        })
    });
    let LinkWaits(link_waits) = expect_context();
    Effect::new(move |_| {
        if link_waits.get() {
            location.go(Route::SignIn);
        }
    });
    Effect::new(move |_| {
        let title = match place.get() {
            None => t_string!(i18n, home.title),
            Some(Page::History) => t_string!(i18n, history.title),
            Some(Page::Settings) => t_string!(i18n, settings.title),
            Some(Page::Visitors) => t_string!(i18n, visitors.title),
            Some(Page::Access) => t_string!(i18n, access.title),
            #[cfg(feature = "fake")]
            Some(Page::MobileAccess) => t_string!(i18n, mobile.title),
            Some(Page::Report) => t_string!(i18n, report.title),
            Some(Page::SignIn) => t_string!(i18n, sign_in.title),
            #[cfg(feature = "fake")]
            Some(Page::Gallery) => "Gallery",
        };
        document().set_title(&format!("{title} - {}", t_string!(i18n, app.name)));
    });
    Effect::new(move |_| {
        if start.get() == StartPhase::Ready {
            request_animation_frame(move || {
                mark_usable();
                pages.fetch_soon();
            });
        }
    });

    view! {
        <a class="skip" href="#main" on:click=skip>{say!(i18n, app.skip)}</a>
        <div class="shell">
            <Navigation/>
            {move || match start.get() {
                StartPhase::Ready => match place.get() {
                    None => view! { <Home/> }.into_any(),
                    Some(page) => view! { <Later page/> }.into_any(),
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

/// What is there before the core has answered.
#[component]
fn Starting(phase: StartPhase) -> AnyView {
    let i18n = use_i18n();
    // The context is gone by the time a button is pressed unless the owner is kept.
    let owner = Owner::current();
    let again = move || {
        if let Some(owner) = &owner {
            owner.with(state::begin_again);
        }
    };
    let StartPhase::Failed(problem) = phase else { return waiting() };
    let text = crate::words::error(i18n, problem.code);
    not_here(text, again)
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
