//! Days of the week to choose from.

use leptos::prelude::*;

use crate::components::field::Problem;
use crate::format::{Length, weekday};

/// The seven days as chips, Monday 1 to Sunday 7.
#[component]
pub(crate) fn Days(
    legend: &'static str,
    is_chosen: impl Fn(u8) -> bool + Copy + Send + 'static,
    /// A day was chosen, or no longer is.
    on_change: impl Fn(u8, bool) + Copy + Send + 'static,
    /// What is wrong with the choice.
    #[prop(into)]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let chips = (1..=7_u8).map(move |day| {
        view! {
            <label class="chip">
                <input type="checkbox" name="day" prop:checked=move || is_chosen(day) on:change=move |event| on_change(day, event_target_checked(&event))/>
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
