//! The root: stores, language, colours, and which window this is.

use leptos::prelude::*;
use vestibule_model::Language;

use crate::backend::Core;
use crate::catalogue::{self, Words, say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::components::navigation::Navigation;
use crate::components::toast::ToastList;
use crate::pages::call::CallWindow;
use crate::pages::history::History;
use crate::pages::home::Home;
use crate::pages::settings::Settings;
use crate::route::{Location, Route};
use crate::state::{self, Preferences, Start, StartPhase};

/// Everything, in these words until another language is chosen.
#[component]
pub(crate) fn App(words: Words) -> impl IntoView {
    catalogue::provide(words);
    let location = Location::follow();
    provide_context(location);
    state::provide(Core::choose());
    follow_theme();
    follow_language();

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
        view! {
            {move || if in_call.get() { view! { <CallWindow/> }.into_any() } else { view! { <MainWindow/> }.into_any() }}
            <ToastList/>
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
    });
    Effect::new(move |_| {
        let title = match place.get() {
            Place::Home => t_string!(i18n, home.title),
            Place::History => t_string!(i18n, history.title),
            Place::Settings => t_string!(i18n, settings.title),
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

/// Colours as the settings say, and for the next start before its first paint (`theme.js`).
fn follow_theme() {
    use vestibule_model::Theme;
    let Preferences(preferences) = expect_context();
    let Start(start) = expect_context();
    let theme = Memo::new(move |_| preferences.with(|p| p.theme));
    Effect::new(move |_| {
        let theme = theme.get();
        if start.get() != StartPhase::Ready || asked_for("theme=") {
            return;
        }
        let name = match theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        if let Some(root) = document().document_element() {
            let _ = match name {
                Some(name) => root.set_attribute("data-theme", name),
                None => root.remove_attribute("data-theme"),
            };
        }
        keep_for_next_start("theme", name);
    });
}

/// Words as the settings say, and for the next start from its first paint on.
fn follow_language() {
    let Preferences(preferences) = expect_context();
    let Start(start) = expect_context();
    let i18n = use_i18n();
    let language = Memo::new(move |_| preferences.with(|p| p.language));
    Effect::new(move |_| {
        let language = language.get();
        if start.get() != StartPhase::Ready || asked_for("lang=") {
            return;
        }
        keep_for_next_start("language", language.map(Language::code));
        leptos::task::spawn_local(i18n.change(language.unwrap_or_else(catalogue::of_the_system)));
    });
}

/// Whether the address fixes what a setting would say, as tests do.
fn asked_for(name: &str) -> bool {
    window().location().search().unwrap_or_default().contains(name)
}

/// What `theme.js` reads before the first paint. Where nothing can be stored, the next start begins as the system is.
fn keep_for_next_start(name: &str, value: Option<&str>) {
    if let Some(storage) = window().local_storage().ok().flatten() {
        let _ = match value {
            Some(value) => storage.set_item(name, value),
            None => storage.remove_item(name),
        };
    }
}
