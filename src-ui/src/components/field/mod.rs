//! A field with its label, its hint and what is wrong with it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line.
    Text,
    /// A line that is not shown.
    Password,
    /// Digits, `*` and `#`.
    Code,
    /// A whole number.
    Number,
    /// Several lines.
    Lines,
}

/// A field for text. `problem` shows under it and is announced with it.
#[component]
pub(crate) fn Field(
    /// Unique on its page.
    #[prop(into)]
    id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(default = Kind::Text)] kind: Kind,
    value: RwSignal<String>,
    /// What is wrong with what is typed, if anything.
    #[prop(default = Signal::stored(None))]
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    let described = format!("{problem_id} {hint_id}");
    let invalid = move || problem.with(Option::is_some).then_some("true");
    let input = if kind == Kind::Lines {
        view! {
            <textarea
                class="input"
                id=id.clone()
                rows="3"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    } else {
        let (kind, mode, class) = match kind {
            Kind::Password => ("password", "text", "input"),
            Kind::Code => ("text", "tel", "input num"),
            Kind::Number => ("text", "numeric", "input num"),
            Kind::Text | Kind::Lines => ("text", "text", "input"),
        };
        view! {
            <input
                class=class
                id=id.clone()
                type=kind
                inputmode=mode
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            {input}
            <Problem id=problem_id problem/>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{move || hint.get()}</p> })}
        </div>
    }
}

/// What is wrong with a field.
#[component]
pub(crate) fn Problem(
    #[prop(into)] id: String,
    #[prop(into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div id=id aria-live="polite">
            {move || {
                problem.get().map(|text| view! { <p class="problem"><Glyph icon=Icon::Alert/><span>{text}</span></p> })
            }}
        </div>
    }
}

/// One of a list, by the system's own menu. `value` is the place of what is chosen.
#[component]
pub(crate) fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] options: Signal<Vec<String>>,
    #[prop(into)] value: Signal<usize>,
    on_choose: impl Fn(usize) + Send + 'static,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <select
                class="input"
                id=id
                prop:value=move || {
                    // The options have to be there before one of them can be chosen.
                    options.track();
                    value.get().to_string()
                }
                on:change=move |event| {
                    if let Ok(place) = event_target_value(&event).parse() {
                        on_choose(place);
                    }
                }
            >
                {move || {
                    options
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(place, words)| {
                            let chosen = value.get_untracked() == place;
                            view! { <option value=place.to_string() selected=chosen>{words}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}

/// A level from 0 to 100.
#[component]
pub(crate) fn Level(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    /// The level in words.
    #[prop(into)]
    words: Signal<String>,
    #[prop(into)] value: Signal<u8>,
    on_change: impl Fn(u8) + Send + 'static,
) -> impl IntoView {
    view! {
        <div class="field">
            <div class="section-head">
                <label for=id.clone()>{move || label.get()}</label>
                <span class="num muted" aria-hidden="true">{move || words.get()}</span>
            </div>
            <input
                class="level"
                id=id
                type="range"
                min="0"
                max="100"
                step="5"
                aria-valuetext=move || words.get()
                prop:value=move || value.get().to_string()
                on:change=move |event| {
                    if let Ok(level) = event_target_value(&event).parse() {
                        on_change(level);
                    }
                }
            />
        </div>
    }
}
