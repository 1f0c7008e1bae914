//! An e-mail address: what is one, and the field for it.

use leptos::prelude::*;

use crate::components::field::Problem;

/// Whether mail can go there: `name@host.tld`, as mail programs take it (RFC 5321, without quoted names).
pub(crate) fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let atoms = |text: &str, fits: fn(char) -> bool| {
        text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(fits))
    };
    let fits_host = |label: &str| !label.starts_with('-') && !label.ends_with('-') && label.len() <= 63;
    text.len() <= 254
        && name.len() <= 64
        && atoms(name, |c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        && atoms(host, |c| c.is_alphanumeric() || c == '-')
        && host.contains('.')
        && host.split('.').all(fits_host)
}

/// The field. Its id is also the name that tests find it by.
pub(crate) fn field(
    id: &'static str,
    autocomplete: &'static str,
    label: Signal<String>,
    hint: Option<Signal<String>>,
    value: RwSignal<String>,
    problem: Signal<Option<String>>,
) -> AnyView {
    let (problem_id, hint_id) = (format!("{id}-problem"), format!("{id}-hint"));
    let described = if hint.is_some() { format!("{problem_id} {hint_id}") } else { problem_id.clone() };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class="input"
                id=id
                type="email"
                inputmode="email"
                dir="ltr"
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                data-testid=id
                aria-describedby=described
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            <Problem id=problem_id problem/>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in ["a@b.org", "first.last+tag@mail.example.org", "tür@münchen.example", "o'neil@example.co"]
        {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "a",
            "@b.org",
            "a@",
            "a@b",
            "a@b.",
            "a@.org",
            "a@b..org",
            ".a@b.org",
            "a b@c.org",
            "a@b c.org",
            "a@b@c.org",
            "a@-b.org",
            "a@b-.org",
            "a@b.org\n",
            "<a@b.org>",
            "a,b@c.org",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
