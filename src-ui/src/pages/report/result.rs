//! What became of the report: its ticket number, or that it waits.

use leptos::prelude::*;

use super::draft::{Draft, Sending};
use super::isolated;
use crate::catalogue::{Catalogue, say, t_string};
use crate::clipboard::copy;
use crate::components::icon::{Glyph, Icon};
use crate::state::{Toasts, Tone};

/// The last word on a report.
pub(super) fn result(i18n: Catalogue, draft: Draft) -> AnyView {
    let sending = draft.sending.get_untracked();
    let email = draft.email.with_untracked(|email| isolated(email.trim()));
    let number = match sending {
        Sending::Sent(number) => Ok(number),
        _ => Err(()),
    };
    let (icon, title, text) = match number {
        Ok(_) => {
            (Icon::Check, t_string!(i18n, report.sent), t_string!(i18n, report.sent_hint, address = email))
        }
        Err(()) => {
            let text = t_string!(i18n, report.waiting_hint, address = email);
            (Icon::Queued, t_string!(i18n, report.waiting), text)
        }
    };
    view! {
        <div class="empty fill result" data-testid="support-result">
            <span class="tile tile-accent"><Glyph icon/></span>
            <h3 id="t-step" class="step-title" tabindex="-1">{title}</h3>
            {number.ok().flatten().map(|number| ticket(i18n, number))}
            <p class="muted">{text}</p>
            <button class="btn" type="button" data-testid="support-again" on:click=move |_| draft.begin_anew()>
                {say!(i18n, report.again)}
            </button>
        </div>
    }
    .into_any()
}

fn ticket(i18n: Catalogue, number: String) -> AnyView {
    let toasts = expect_context::<Toasts>();
    let copied = number.clone();
    let copy = move |_| {
        let number = copied.clone();
        leptos::task::spawn_local(async move {
            if copy(&number).await {
                toasts.show(t_string!(i18n, report.copied).to_owned(), Tone::Status);
            } else {
                toasts.show(t_string!(i18n, report.not_copied).to_owned(), Tone::Problem);
            }
        });
    };
    view! {
        <div class="stack ticket">
            <p class="small muted">{say!(i18n, report.ticket)}</p>
            <p class="ticket-number num" dir="ltr" data-testid="ticket-number">{number}</p>
            <div>
                <button class="btn btn-primary" type="button" data-testid="ticket-copy" on:click=copy>
                    <Glyph icon=Icon::Copy/>
                    <span>{say!(i18n, report.copy)}</span>
                </button>
            </div>
        </div>
    }
    .into_any()
}
