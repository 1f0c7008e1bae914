//! What helps those who help, line by line, to be read before it is copied.

use leptos::prelude::*;
use vestibule_ipc::PreviewDiagnostics;

use crate::catalogue::{say, t_string, use_i18n};
use crate::clipboard::copy;
use crate::components::icon::{Glyph, Icon};
use crate::state::{Toasts, Tone, use_orders};

/// A button, and after it the lines.
#[component]
pub(super) fn Diagnostics() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let toasts = expect_context::<Toasts>();
    let lines = RwSignal::new(String::new());
    let read = move |_| orders.then(PreviewDiagnostics {}, move |read| lines.set(read.join("\n")));
    let copy = move |_| {
        let text = lines.get_untracked();
        leptos::task::spawn_local(async move {
            if copy(&text).await {
                toasts.show(t_string!(i18n, about.copied).to_owned(), Tone::Status);
            } else {
                toasts.show(t_string!(i18n, about.not_copied).to_owned(), Tone::Problem);
            }
        });
    };
    let there = Memo::new(move |_| lines.with(|lines| !lines.is_empty()));
    view! {
        <section class="stack" aria-labelledby="t-diagnostics">
            <h3 id="t-diagnostics" class="lead">{say!(i18n, report.diagnostics_short)}</h3>
            <p class="small muted">{say!(i18n, about.diagnostics_hint)}</p>
            <div role="status">
                <Show when=move || there.get()>
                    // Written for support, from the left.
                    <ul class="log" lang="en" dir="ltr" data-testid="diagnostics">
                        {move || lines.get().lines().map(|line| view! { <li>{line.to_owned()}</li> }).collect_view()}
                    </ul>
                </Show>
            </div>
            <div class="cluster">
                <button class="btn" type="button" data-testid="read-diagnostics" on:click=read>
                    <Glyph icon=Icon::Receipt/>
                    <span>{move || if there.get() { t_string!(i18n, about.read_again) } else { t_string!(i18n, about.read) }}</span>
                </button>
                <Show when=move || there.get()>
                    <button class="btn" type="button" data-testid="copy-diagnostics" on:click=copy>
                        <Glyph icon=Icon::Copy/>
                        <span>{say!(i18n, about.copy)}</span>
                    </button>
                </Show>
            </div>
        </section>
    }
}
