//! The end of a list that is read page by page.

use leptos::prelude::*;

use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::Loading;

/// Older rows: on their way, to be asked for, or not to be read.
#[component]
pub(crate) fn Foot(
    loading: RwSignal<Loading>,
    more: RwSignal<bool>,
    /// Older rows are on their way.
    reading: &'static str,
    /// The button that asks for them, for those who are faster than the scrolling.
    older: &'static str,
    /// They could not be read.
    not_read: &'static str,
    /// Asks for them, or once more for what could not be read.
    ask: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let now = Memo::new(move |_| match loading.get() {
        Loading::More => Now::Reading,
        Loading::Failed(_) => Now::NotRead,
        _ if more.get() => Now::Older,
        _ => Now::End,
    });
    view! {
        <div role="status">
            {move || match now.get() {
                Now::Reading => view! {
                    <p class="list-foot muted"><span class="spinner" aria-hidden="true"></span><span>{reading}</span></p>
                }
                .into_any(),
                Now::NotRead => view! {
                    <div class="list-foot">
                        <p class="problem"><Glyph icon=Icon::Alert/><span>{not_read}</span></p>
                        <button class="btn" type="button" on:click=move |_| ask.run(())>{say!(i18n, app.try_again)}</button>
                    </div>
                }
                .into_any(),
                Now::Older => view! {
                    <div class="list-foot">
                        <button class="btn btn-plain" type="button" on:click=move |_| ask.run(())>{older}</button>
                    </div>
                }
                .into_any(),
                Now::End => ().into_any(),
            }}
        </div>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    Reading,
    NotRead,
    Older,
    End,
}
