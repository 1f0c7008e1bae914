//! Days of the week to choose from.

use leptos::prelude::*;

use crate::components::field::Problem;
use crate::format::{Length, weekday};

/// The seven days as chips, Monday 1 to Sunday 7.
#[component]
pub(crate) fn Days(
    legend: &'static str,
    #[prop(into)] days: Signal<Vec<u8>>,
    /// Other days were chosen; they come in their order.
    on_change: impl Fn(Vec<u8>) + Clone + Send + 'static,
    /// What is wrong with the choice.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let chips = (1..=7_u8).map(move |day| {
        let on_change = on_change.clone();
        let set = move |on: bool| {
            let mut chosen = days.get_untracked();
            chosen.retain(|known| *known != day);
            if on {
                chosen.push(day);
            }
            chosen.sort_unstable();
            on_change(chosen);
        };
        view! {
            <label class="chip">
                <input type="checkbox" name="day" prop:checked=move || days.with(|days| days.contains(&day)) on:change=move |event| set(event_target_checked(&event))/>
                <span>
                    <span aria-hidden="true">{weekday(day, Length::Short)}</span>
                    <span class="vh">{weekday(day, Length::Long)}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="field" aria-describedby="days-problem">
            <legend>{legend}</legend>
            <div class="chips">{chips.collect_view()}</div>
            <Problem id="days-problem" problem/>
        </fieldset>
    }
}
