//! The last step: everything that goes, as it goes, and the button that sends it.

use leptos::ev;
use leptos::prelude::*;

use super::draft::{Diagnostics, Draft, Sending, Step};
use super::earlier::refusal;
use super::steps::{back_button, diagnostics, heading};
use crate::catalogue::{Catalogue, say, t_string};
use crate::components::icon::{Glyph, Icon};
use crate::state::Orders;
use crate::words;

/// Step 3.
pub(super) fn review(i18n: Catalogue, draft: Draft, orders: Orders) -> AnyView {
    let busy = Memo::new(move |_| draft.sending.get() == Sending::Now);
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        draft.send(orders);
    };
    let label = move || {
        if busy.get() { t_string!(i18n, report.sending) } else { t_string!(i18n, report.send) }
    };
    let along = move || {
        let lines = draft.diagnostics.get();
        match lines {
            Diagnostics::Ready(lines) if draft.with_diagnostics.get() => diagnostics(i18n, &lines),
            _ => view! { <p class="muted">{t_string!(i18n, report.no_diagnostics)}</p> }.into_any(),
        }
    };
    view! {
        <form class="stack-l" novalidate on:submit=send>
            {heading(say!(i18n, report.review))}
            <dl class="facts boxed review">
                <dt>{say!(i18n, report.describe)}</dt>
                <dd class="as-typed" dir="auto">{draft.description.with_untracked(|text| text.trim().to_owned())}</dd>
                <dt>{say!(i18n, report.answer_to)}</dt>
                <dd class="as-typed"><bdi dir="ltr">{draft.email.with_untracked(|email| email.trim().to_owned())}</bdi></dd>
            </dl>
            <section class="stack" aria-labelledby="t-along">
                <h4 id="t-along" class="along">{say!(i18n, report.diagnostics_short)}</h4>
                {along}
            </section>
            <div role="alert">{move || trouble(i18n, &draft.sending.get())}</div>
            <p class="vh" role="status">{move || busy.get().then(|| t_string!(i18n, report.sending))}</p>
            <div class="cluster">
                <Show when=move || !busy.get()>{back_button(i18n, draft, Step::Answer)}</Show>
                // Not disabled while it is on its way, so that the focus stays where it is.
                <button class="btn btn-primary btn-l" type="submit" data-testid="support-send" aria-disabled=move || busy.get().then_some("true")>
                    <Show when=move || busy.get() fallback=|| view! { <Glyph icon=Icon::Send class="icon-dir"/> }>
                        <span class="spinner" aria-hidden="true"></span>
                    </Show>
                    {label}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// Why it has not gone, and what to do. The draft stays as it is.
fn trouble(i18n: Catalogue, sending: &Sending) -> Option<AnyView> {
    let (title, text) = match sending {
        Sending::Failed(code) => (t_string!(i18n, report.not_sent), words::error(i18n, *code)),
        Sending::NoAnswer => (t_string!(i18n, report.no_answer), t_string!(i18n, report.no_answer_hint)),
        Sending::Refused(why) => (t_string!(i18n, report.refused), refusal(i18n, *why)),
        Sending::Not | Sending::Now | Sending::Waiting | Sending::Sent(_) => return None,
    };
    let banner = view! {
        <div class="banner banner-warn" data-testid="support-trouble">
            <Glyph icon=Icon::Alert/>
            <div class="row-text">
                <p class="row-title">{title}</p>
                <p class="row-sub">{text}</p>
                <p class="row-sub">{t_string!(i18n, report.draft_kept)}</p>
            </div>
        </div>
    };
    Some(banner.into_any())
}
