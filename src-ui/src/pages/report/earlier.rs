//! The reports that were sent before, and what became of them.

use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, ListTickets};
use vestibule_model::{Delivery, Refusal, Ticket};

use super::PATIENCE;
use super::draft::{Draft, Step};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::{Location, Route};
use crate::state::{Orders, TicketsChanged, use_orders};
use crate::words;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Loaded {
    Loading,
    Failed(ErrorCode),
    Ready(Vec<Ticket>),
}

/// The pane of earlier reports.
#[component]
pub(super) fn Earlier() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let TicketsChanged(changed) = expect_context();
    let loaded = RwSignal::new(Loaded::Loading);
    Effect::new(move |_| {
        changed.track();
        load(orders, loaded);
    });
    view! {
        <section class="pane pane-detail support" aria-labelledby="t-earlier" data-testid="earlier">
            <header class="pane-head">
                // Where the list is hidden its heading is as well, and a page has one.
                <h1 class="vh only-narrow">{say!(i18n, report.title)}</h1>
                <a class="icon-btn back" href=Route::Report.hash()>
                    <Glyph icon=Icon::Back class="icon-dir"/>
                    <span class="vh">{say!(i18n, app.back)}</span>
                </a>
                <h2 id="t-earlier" class="grow title-page" tabindex="-1">{say!(i18n, report.earlier)}</h2>
            </header>
            <div class="pane-body">
                {move || match loaded.get() {
                    Loaded::Loading => view! {
                        <div role="status"><span class="vh">{t_string!(i18n, app.loading)}</span><SkeletonRows/></div>
                    }
                    .into_any(),
                    Loaded::Failed(code) => view! {
                        <div role="alert">
                            <Empty icon=Icon::Alert title=t_string!(i18n, report.earlier_not_read) text=words::error(i18n, code)>
                                <button class="btn" type="button" on:click=move |_| load(orders, loaded)>{t_string!(i18n, app.try_again)}</button>
                            </Empty>
                        </div>
                    }
                    .into_any(),
                    Loaded::Ready(tickets) if tickets.is_empty() => view! {
                        <Empty icon=Icon::Receipt title=t_string!(i18n, report.earlier_none) text=t_string!(i18n, report.earlier_none_hint)/>
                    }
                    .into_any(),
                    Loaded::Ready(tickets) => view! {
                        <ul class="stack">{tickets.into_iter().map(|ticket| report(i18n, ticket)).collect_view()}</ul>
                    }
                    .into_any(),
                }}
            </div>
        </section>
    }
}

/// What was read stays on the screen while it is read anew.
fn load(orders: Orders, loaded: RwSignal<Loaded>) {
    if !matches!(loaded.get_untracked(), Loaded::Ready(_)) {
        loaded.set(Loaded::Loading);
    }
    orders.ask(ListTickets {}, move |answer| {
        // The page may be gone by now, and an answer that is late is better than none.
        loaded.try_set(match answer {
            Ok(tickets) => Loaded::Ready(tickets),
            Err(problem) => Loaded::Failed(problem.code),
        });
    });
    let give_up = move || {
        if loaded.try_get_untracked() == Some(Loaded::Loading) {
            loaded.set(Loaded::Failed(ErrorCode::Network));
        }
    };
    set_timeout(give_up, PATIENCE);
}

/// One report: what it is in a line, and the rest of it when it is opened.
fn report(i18n: Catalogue, ticket: Ticket) -> AnyView {
    let Ticket { at, description, email, diagnostics, number, delivery } = ticket;
    let (badge, state) = state_words(i18n, delivery);
    let notice = notice(i18n, delivery);
    let again =
        matches!(delivery, Delivery::Refused { .. }).then(|| again(i18n, description.clone(), email.clone()));
    let along = if diagnostics.is_empty() {
        view! { <p class="muted">{t_string!(i18n, report.no_diagnostics)}</p> }.into_any()
    } else {
        let lines = diagnostics.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        // Written for support, from the left.
        view! { <ul class="log" dir="ltr">{lines}</ul> }.into_any()
    };
    view! {
        <li class="card earlier" data-testid="earlier-report">
            <details>
                <summary>
                    <span class="row-text">
                        <span class="row-title earlier-what"><bdi>{description.clone()}</bdi></span>
                        <span class="row-sub wrap">
                            <span class=badge>{state}</span>
                            {number.clone().map(|number| view! { <bdi class="num" dir="ltr">{number}</bdi> })}
                            <span>{format::day_and_clock(at)}</span>
                        </span>
                    </span>
                    <Glyph icon=Icon::Down class="icon-s"/>
                </summary>
                <div class="stack">
                    {notice.map(|text| view! { <p class="small">{text}</p> })}
                    <dl class="facts review">
                        {number.map(|number| view! {
                            <dt>{t_string!(i18n, report.ticket)}</dt><dd class="num"><bdi dir="ltr">{number}</bdi></dd>
                        })}
                        <dt>{t_string!(i18n, report.written)}</dt><dd>{format::day_and_clock(at)}</dd>
                        <dt>{t_string!(i18n, report.describe_label)}</dt><dd class="as-typed" dir="auto">{description}</dd>
                        <dt>{t_string!(i18n, report.answer_to)}</dt><dd class="breaks"><bdi dir="ltr">{email}</bdi></dd>
                        <dt>{t_string!(i18n, report.diagnostics_short)}</dt><dd>{along}</dd>
                    </dl>
                    {again}
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// The text of a report that was not taken becomes a draft again, so that nothing has to be typed twice.
fn again(i18n: Catalogue, description: String, email: String) -> AnyView {
    let draft = Draft::kept();
    let location = expect_context::<Location>();
    let write = move |_| {
        draft.description.set(description.clone());
        draft.email.set(email.clone());
        draft.go(Step::Describe);
        location.go(Route::Support);
    };
    view! {
        <div class="cluster">
            <button class="btn" type="button" data-testid="earlier-again" on:click=write>
                <Glyph icon=Icon::Edit/>
                <span>{t_string!(i18n, report.write_again)}</span>
            </button>
        </div>
    }
    .into_any()
}

fn state_words(i18n: Catalogue, delivery: Delivery) -> (&'static str, &'static str) {
    match delivery {
        Delivery::Sent => ("badge badge-ready", t_string!(i18n, report.sent_short)),
        Delivery::Waiting => ("badge badge-wait", t_string!(i18n, report.waiting)),
        Delivery::Refused { .. } => ("badge badge-warn", t_string!(i18n, report.refused_short)),
    }
}

/// Why it is not there yet, or never will be.
fn notice(i18n: Catalogue, delivery: Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Sent => None,
        Delivery::Waiting => Some(t_string!(i18n, report.goes_by_itself)),
        Delivery::Refused { why } => Some(refusal(i18n, why)),
    }
}

/// Why the site server does not take a report, and what to do.
pub(super) fn refusal(i18n: Catalogue, why: Refusal) -> &'static str {
    match why {
        Refusal::NotAllowed => t_string!(i18n, report.refused_not_allowed),
        Refusal::TooMany => t_string!(i18n, report.refused_too_many),
        Refusal::BadValue | Refusal::ChangedElsewhere => t_string!(i18n, report.refused_bad_value),
    }
}
