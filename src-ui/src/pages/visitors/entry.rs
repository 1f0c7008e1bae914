//! A field of the form: a line, a number, a date with a time, or a time.

use leptos::html;
use leptos::prelude::*;

use super::typed::INCOMPLETE;
use crate::components::field::Problem;

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Moment,
    Time,
}

/// A field with its words.
pub(super) struct Entry {
    /// Unique on the page; tests find the field by it as well.
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    pub(super) label: &'static str,
    pub(super) hint: Option<Signal<String>>,
    pub(super) value: RwSignal<String>,
    pub(super) problem: Signal<Option<String>>,
}

/// Draws a field. A date that was begun and not finished looks empty to the page; here it is [`INCOMPLETE`].
pub(super) fn entry(entry: Entry) -> AnyView {
    let Entry { id, kind, label, hint, value, problem } = entry;
    let input = NodeRef::<html::Input>::new();
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described = if hint.is_some() { format!("{problem_id} {hint_id}") } else { problem_id.clone() };
    let (kind, mode, class) = match kind {
        Kind::Name => ("text", "text", "input"),
        Kind::Number => ("text", "numeric", "input num"),
        Kind::Moment => ("datetime-local", "text", "input num"),
        Kind::Time => ("time", "text", "input num"),
    };
    let read = move || {
        let Some(input) = input.get_untracked() else { return };
        let begun = input.value().is_empty() && input.matches(":invalid").unwrap_or(false);
        let text = if begun { INCOMPLETE.to_owned() } else { input.value() };
        if value.get_untracked() != text {
            value.set(text);
        }
    };
    // A date that is being typed is not taken away.
    Effect::new(move |_| {
        let (text, Some(input)) = (value.get(), input.get()) else { return };
        if text != INCOMPLETE && input.value() != text {
            input.set_value(&text);
        }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class=class
                id=id
                data-testid=id
                type=kind
                inputmode=mode
                autocomplete="off"
                dir=(kind == "text").then_some("auto")
                node_ref=input
                aria-describedby=described
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                on:input=move |_| read()
                on:blur=move |_| read()
            />
            <Problem id=problem_id problem/>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{move || hint.get()}</p> })}
        </div>
    }
    .into_any()
}
