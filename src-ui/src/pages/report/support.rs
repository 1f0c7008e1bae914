//! Technical support: the pane, and how far the report has come.

use leptos::prelude::*;

use super::draft::{Draft, Step};
use super::{focus, result, review, steps};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::route::Route;
use crate::state::use_orders;

/// What the pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Step(Step),
    Over,
}

/// The pane of the three steps.
#[component]
pub(super) fn Support() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let draft = Draft::kept();
    let stage = Memo::new(move |_| match draft.sending.with(|sending| sending.is_over()) {
        true => Stage::Over,
        false => Stage::Step(draft.step.get()),
    });
    Effect::new(move |before: Option<Stage>| {
        let now = stage.get();
        if before.is_some_and(|before| before != now) {
            focus("t-step");
        }
        now
    });
    view! {
        <section class="pane pane-detail support" aria-labelledby="t-support" data-testid="support">
            <header class="pane-head">
                // Where the list is hidden its heading is as well, and a page has one.
                <h1 class="vh only-narrow">{say!(i18n, report.title)}</h1>
                <a class="icon-btn back" href=Route::Report.hash()>
                    <Glyph icon=Icon::Back class="icon-dir"/>
                    <span class="vh">{say!(i18n, app.back)}</span>
                </a>
                <h2 id="t-support" class="grow title-page" tabindex="-1">{say!(i18n, report.support)}</h2>
            </header>
            <div class="pane-body">
                {progress(i18n, stage)}
                {move || match stage.get() {
                    Stage::Step(Step::Describe) => steps::describe(i18n, draft),
                    Stage::Step(Step::Answer) => steps::answer(i18n, draft, orders),
                    Stage::Step(Step::Review) => review::review(i18n, draft, orders),
                    Stage::Over => result::result(i18n, draft),
                }}
            </div>
        </section>
    }
}

/// "Step 1 of 3", said when it changes, and the three by name.
fn progress(i18n: Catalogue, stage: Memo<Stage>) -> AnyView {
    let current = move || match stage.get() {
        Stage::Step(step) => Some(step),
        Stage::Over => None,
    };
    let words = move || {
        let step = current()?;
        let [number, all] = [step.number(), 3].map(|n| format::number(f64::from(n)));
        Some(t_string!(i18n, report.step, number = number, all = all))
    };
    let names = Step::ALL.into_iter().map(|step| {
        let name = match step {
            Step::Describe => t_string!(i18n, report.step_describe),
            Step::Answer => t_string!(i18n, report.step_answer),
            Step::Review => t_string!(i18n, report.step_review),
        };
        let done = move || current().is_some_and(|now| now.number() > step.number());
        view! {
            <li aria-current=move || (current() == Some(step)).then_some("step") class:is-done=done>
                <span>{name}</span>
            </li>
        }
    });
    view! {
        <div class="stack-s">
            <p id="support-progress" class="small muted" role="status" data-testid="support-progress">{words}</p>
            <ol class="steps" hidden=move || current().is_none()>{names.collect_view()}</ol>
        </div>
    }
    .into_any()
}
