//! What is kept on this device, and what leaves it.

use leptos::prelude::*;

use super::Pane;
use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::Storage;
use crate::words;

/// Days that a picture is kept (`vestibule_app::storage`).
const PICTURE_DAYS: u32 = 90;
/// Days that the log is kept (the shell's `logging`).
const LOG_DAYS: u32 = 14;

#[component]
pub(super) fn Privacy() -> impl IntoView {
    let i18n = use_i18n();
    let Storage(storage) = expect_context();
    let storage = Signal::derive(move || storage.with(|storage| words::storage(i18n, storage).to_owned()));
    view! {
        <Pane title=say!(i18n, settings.privacy)>
            <section class="stack" aria-labelledby="t-stays">
                <h3 id="t-stays" class="lead">{say!(i18n, privacy.stays)}</h3>
                <dl class="facts-list">
                    {fact(say!(i18n, privacy.history), say!(i18n, privacy.history_hint, count = PICTURE_DAYS))}
                    {fact(say!(i18n, privacy.set), say!(i18n, privacy.set_hint))}
                    {fact(say!(i18n, privacy.cache), storage)}
                    {fact(say!(i18n, privacy.password), say!(i18n, privacy.password_hint))}
                    {fact(say!(i18n, privacy.log), say!(i18n, privacy.log_hint, count = LOG_DAYS))}
                </dl>
                <div class="cluster">
                    <a class="btn" href=Route::History(None).hash()><Glyph icon=Icon::History/><span>{say!(i18n, privacy.to_history)}</span></a>
                </div>
            </section>
            <section class="stack" aria-labelledby="t-leaves">
                <h3 id="t-leaves" class="lead">{say!(i18n, privacy.leaves)}</h3>
                <dl class="facts-list">
                    {fact(say!(i18n, privacy.calls), say!(i18n, privacy.calls_hint))}
                    {fact(say!(i18n, privacy.unprotected), say!(i18n, privacy.unprotected_hint))}
                    {fact(say!(i18n, privacy.nothing_else), say!(i18n, privacy.nothing_else_hint))}
                </dl>
            </section>
        </Pane>
    }
}

fn fact(name: Signal<String>, text: Signal<String>) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{text}</dd></div> }.into_any()
}
