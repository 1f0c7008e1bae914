//! One of a few: radio buttons drawn as a segmented control or as chips.

use leptos::prelude::*;

/// How the choices are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One bar.
    Segmented,
    /// Apart.
    Chips,
}

/// One of a few values.
#[component]
pub(crate) fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    shape: Shape,
    /// Groups the radio buttons; unique on its page.
    name: &'static str,
    /// What is chosen, for those who do not see the group.
    #[prop(into)]
    legend: Signal<String>,
    /// Values with their words.
    options: Vec<(T, &'static str)>,
    #[prop(into)] value: Signal<T>,
    on_choose: impl Fn(T) + Copy + Send + 'static,
    /// Whether the legend is seen as well.
    #[prop(default = LegendShown::Hidden)]
    legend_shown: LegendShown,
) -> impl IntoView {
    let buttons = options
        .into_iter()
        .map(|(option, words)| {
            let input = view! {
                <input
                    type="radio"
                    name=name
                    prop:checked=move || value.get() == option
                    on:change=move |_| on_choose(option)
                />
            };
            match shape {
                Shape::Segmented => {
                    view! { <label>{input}<span class="seg">{words}</span></label> }.into_any()
                }
                Shape::Chips => view! { <label class="chip">{input}<span>{words}</span></label> }.into_any(),
            }
        })
        .collect_view();
    let group = match shape {
        Shape::Segmented => "segmented",
        Shape::Chips => "chips",
    };
    let legend_class = match legend_shown {
        LegendShown::Shown => "",
        LegendShown::Hidden => "vh",
    };
    view! {
        <fieldset class="field">
            <legend class=legend_class>{move || legend.get()}</legend>
            <div class=group>{buttons}</div>
        </fieldset>
    }
}

/// Whether a legend is seen or only read out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegendShown {
    Shown,
    Hidden,
}
