//! A second call rings while the first is up.

use leptos::prelude::*;
use vestibule_ipc::{Answer, CallPhase, Decline, HangUp};

use super::OnScreen;
use crate::catalogue::{t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::{Calls, use_orders};

/// Who else is calling, with the two ways out.
#[component]
pub(super) fn WaitingBanner() -> impl IntoView {
    let i18n = use_i18n();
    let calls = expect_context::<Calls>();
    let shown = expect_context::<OnScreen>();
    let orders = use_orders();
    let waiting = Memo::new(move |_| calls.waiting().map(|call| (call.id, call.caller.name)));

    move || {
        let (call, name) = waiting.get()?;
        let current = move || shown.0.with(|c| c.as_ref().map(|c| (c.id, c.caller.name.clone(), c.phase)));
        // The other call has to be over before this one can be answered.
        let answer = move |_| match shown.0.get_untracked() {
            Some(other) if !matches!(other.phase, CallPhase::Ended { .. }) => {
                orders.then(HangUp { call: other.id }, move |()| orders.send(Answer { call }));
            }
            _ => orders.send(Answer { call }),
        };
        let hint = current().map(|(_, name, _)| t_string!(i18n, call.end_and_answer_hint, name = name));
        Some(view! {
            <div class="banner banner-accent waiting" role="alert" data-testid="waiting">
                <Glyph icon=Icon::PhoneIn/>
                <div class="row-text">
                    <p class="row-title">{t_string!(i18n, call.waiting_title, name = name)}</p>
                    <p class="row-sub">{hint}</p>
                </div>
                <div class="cluster">
                    <button class="btn btn-stop" type="button" on:click=move |_| orders.send(Decline { call })>
                        {t_string!(i18n, call.decline)}
                    </button>
                    <button class="btn btn-go" type="button" on:click=answer>{t_string!(i18n, call.end_and_answer)}</button>
                </div>
            </div>
        })
    }
}
