//! The digits of a PIN, large, and read out one by one.

use leptos::prelude::*;
use vestibule_model::Secret;

/// A PIN. Whoever hears the page hears its digits once, each for itself.
#[component]
pub(crate) fn Pin(pin: Secret) -> impl IntoView {
    let digits: Vec<char> = pin.reveal().chars().collect();
    let boxes = digits.iter().map(|digit| view! { <span>{*digit}</span> }).collect_view();
    view! {
        <p class="vh">{spoken(&digits)}</p>
        <div class="pin" aria-hidden="true" data-testid="pin">{boxes}</div>
    }
}

/// The digits apart, so that they are not read as one number.
fn spoken(digits: &[char]) -> String {
    digits.iter().map(char::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_are_spoken_apart() {
        assert_eq!(super::spoken(&['0', '4', '7']), "0 4 7");
    }
}
