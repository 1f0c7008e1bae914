//! Where short messages appear.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::catalogue::{say, use_i18n};
use crate::state::{Toasts, Tone};

/// The messages of the window, over everything else.
#[component]
pub(crate) fn ToastList() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toasts" data-testid="toasts">
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast" role=if toast.tone == Tone::Problem { "alert" } else { "status" }>
                    {(toast.tone == Tone::Problem).then(|| view! { <Glyph icon=Icon::Alert/> })}
                    <p>{toast.text.clone()}</p>
                    {toast.offer.as_ref().map(|offer| view! {
                        <button class="btn" type="button" on:click=move |_| toasts.take(toast.id)>{offer.label}</button>
                    })}
                    <button class="icon-btn" type="button" on:click=move |_| toasts.close(toast.id)>
                        <Glyph icon=Icon::Close class="icon-s"/>
                        <span class="vh">{say!(i18n, app.close_message)}</span>
                    </button>
                </div>
            </For>
        </div>
    }
}
