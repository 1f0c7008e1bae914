//! The first two steps: what is wrong, and where the answer goes.

use leptos::ev;
use leptos::prelude::*;

use super::draft::{Diagnostics, Draft, Step};
use super::ticket::{self, BadLength, LONGEST};
use super::{email, focus};
use crate::catalogue::{Catalogue, say, t_string};
use crate::components::field::Problem;
use crate::components::icon::{Glyph, Icon};
use crate::components::toggle::ToggleRow;
use crate::format;
use crate::state::Orders;
use crate::words;

/// Step 1: the description.
pub(super) fn describe(i18n: Catalogue, draft: Draft) -> AnyView {
    let text = draft.description;
    let tried = RwSignal::new(false);
    let wrong = Memo::new(move |_| text.with(|text| ticket::check(text)));
    let problem = Signal::derive(move || match wrong.get()? {
        // Nobody is told that the text is short who is still writing it.
        BadLength::Short => tried.get().then(|| t_string!(i18n, report.too_short).to_owned()),
        BadLength::Long(by) => Some(t_string!(i18n, report.too_long, count = by)),
    });
    let used = move || {
        let [used, limit] =
            [text.with(|text| ticket::length(text)), LONGEST].map(|n| format::number(n as f64));
        t_string!(i18n, report.length, used = used, limit = limit)
    };
    let next = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if wrong.get_untracked().is_some() {
            tried.set(true);
            return focus("support-text");
        }
        draft.go(Step::Answer);
    };
    view! {
        <form class="stack-l" novalidate on:submit=next>
            {heading(say!(i18n, report.describe))}
            <div class="field">
                <label for="support-text">{say!(i18n, report.describe_label)}</label>
                <p class="hint" id="support-text-hint">{say!(i18n, report.describe_hint)}</p>
                <textarea
                    class="input support-text"
                    id="support-text"
                    dir="auto"
                    data-testid="support-text"
                    aria-describedby="support-text-problem support-text-hint support-text-used"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                ></textarea>
                <Problem id="support-text-problem" problem/>
                <p class="hint num" id="support-text-used" data-testid="support-used">{used}</p>
            </div>
            <div class="cluster">{next_button(i18n)}</div>
        </form>
    }
    .into_any()
}

/// Step 2: the address, and whether the diagnostics go along.
pub(super) fn answer(i18n: Catalogue, draft: Draft, orders: Orders) -> AnyView {
    let tried = RwSignal::new(false);
    let address = Memo::new(move |_| draft.email.with(|email| email::is_address(email.trim())));
    let problem = Signal::derive(move || {
        (tried.get() && !address.get()).then(|| t_string!(i18n, report.bad_email).to_owned())
    });
    let hurried = RwSignal::new(false);
    let hurried_words = Signal::derive(move || {
        let waits = draft.with_diagnostics.get() && draft.diagnostics.get() == Diagnostics::Loading;
        (hurried.get() && waits).then(|| t_string!(i18n, report.unsettled).to_owned())
    });
    let next = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if !address.get_untracked() {
            return focus("support-email");
        }
        if draft.diagnostics_are_settled() {
            return draft.go(Step::Review);
        }
        hurried.set(true);
        focus("support-diagnostics-again");
    };
    view! {
        <form class="stack-l" novalidate on:submit=next>
            {heading(say!(i18n, report.answer))}
            {email::field(
                "support-email",
                "email",
                say!(i18n, report.email),
                Some(say!(i18n, report.email_hint)),
                draft.email,
                problem,
            )}
            <div class="stack">
                <ul class="rows">
                    <li data-testid="support-diagnostics">
                        <ToggleRow
                            icon=Icon::Receipt
                            title=say!(i18n, report.diagnostics)
                            text=say!(i18n, report.diagnostics_hint)
                            on=draft.with_diagnostics
                            on_change=move |on| draft.set_diagnostics(orders, on)
                        />
                    </li>
                </ul>
                <Problem id="support-diagnostics-problem" problem=hurried_words/>
                {move || draft.with_diagnostics.get().then(|| preview(i18n, draft, orders))}
            </div>
            <div class="cluster">
                {back_button(i18n, draft, Step::Describe)}
                {next_button(i18n)}
            </div>
        </form>
    }
    .into_any()
}

/// What would go with the report.
fn preview(i18n: Catalogue, draft: Draft, orders: Orders) -> AnyView {
    match draft.diagnostics.get() {
        Diagnostics::Loading => view! {
            <p class="cluster muted" role="status"><span class="spinner" aria-hidden="true"></span>{t_string!(i18n, report.reading)}</p>
        }
        .into_any(),
        Diagnostics::Failed(code) => view! {
            <div class="stack" role="alert">
                <p class="problem"><Glyph icon=Icon::Alert/><span>{t_string!(i18n, report.diagnostics_not_read)}</span></p>
                <p class="small muted">{words::error(i18n, code)}</p>
                <div class="cluster">
                    <button class="btn" type="button" id="support-diagnostics-again" on:click=move |_| draft.read_diagnostics(orders)>{t_string!(i18n, app.try_again)}</button>
                </div>
            </div>
        }
        .into_any(),
        Diagnostics::Ready(lines) => diagnostics(i18n, &lines),
    }
}

/// The lines as they go, one by one.
pub(super) fn diagnostics(i18n: Catalogue, lines: &[String]) -> AnyView {
    let count = lines.len();
    let lines = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    view! {
        <div class="stack">
            <p class="small muted" role="status">{t_string!(i18n, report.lines, count = count)}</p>
            // Written for support, from the left.
            <ul class="log" dir="ltr" data-testid="diagnostics">{lines}</ul>
        </div>
    }
    .into_any()
}

/// The heading of a step, which takes the focus when the step comes.
pub(super) fn heading(words: Signal<String>) -> AnyView {
    view! { <h3 id="t-step" class="step-title" tabindex="-1" aria-describedby="support-progress">{words}</h3> }
        .into_any()
}

/// The way to the step before.
pub(super) fn back_button(i18n: Catalogue, draft: Draft, to: Step) -> AnyView {
    view! {
        <button class="btn btn-l" type="button" data-testid="support-back" on:click=move |_| draft.go(to)>
            {say!(i18n, app.back)}
        </button>
    }
    .into_any()
}

fn next_button(i18n: Catalogue) -> AnyView {
    view! {
        <button class="btn btn-primary btn-l" type="submit" data-testid="support-next">{say!(i18n, report.next)}</button>
    }
    .into_any()
}
