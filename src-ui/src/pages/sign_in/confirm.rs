//! The second step of both ways: the code of the second factor, and the server of a link.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, SignInWith};

use super::account::{Typed, Wrong, of_the_server};
use super::attempt::{Attempts, Halt};
use super::code::{DIGITS, digits};
use super::link::Link;
use super::paste::{Pasted, Wrong as WrongLink};
use super::{submit, trouble};
use crate::catalogue::{Catalogue, say};
use crate::components::field::Problem;
use crate::pages::report::focus;

/// The six digits. The password stays as it was typed.
pub(super) fn code(i18n: Catalogue, typed: Typed, attempts: Attempts) -> AnyView {
    let problem = typed.problem(i18n, |wrong| matches!(wrong, Wrong::NoCode | Wrong::Code));
    let rest = typed.problem(i18n, |wrong| of_the_server(wrong) || matches!(wrong, Wrong::Other(_)));
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let code = typed.code.get_untracked();
        if code.len() < DIGITS {
            return typed.refuse(Wrong::NoCode);
        }
        typed.send(attempts, Some(code));
    };
    let back = move |_| {
        attempts.stop();
        typed.code.set(String::new());
        typed.wrong.set(None);
        typed.code_needed.set(false);
        focus("sign-in-password");
    };
    let write = move |event: ev::Event| {
        let written = event_target_value(&event);
        let code = digits(&written);
        if written != code {
            // A view whose value stays the same leaves the field alone, and with it what is not a digit.
            event_target::<web_sys::HtmlInputElement>(&event).set_value(&code);
        }
        typed.code.set(code);
    };
    view! {
        <form class="stack-l" novalidate on:submit=send>
            <h2 id="t-code" tabindex="-1">{say!(i18n, sign_in.code_title)}</h2>
            <div class="field">
                <label for="sign-in-code">{say!(i18n, sign_in.code)}</label>
                <input
                    class="input num code"
                    id="sign-in-code"
                    type="text"
                    inputmode="numeric"
                    dir="ltr"
                    autocomplete="one-time-code"
                    spellcheck="false"
                    data-testid="sign-in-code"
                    aria-describedby="sign-in-code-problem sign-in-code-hint"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=move || typed.code.get()
                    on:input=write
                />
                <Problem id="sign-in-code-problem" problem/>
                <p class="hint" id="sign-in-code-hint">{say!(i18n, sign_in.code_hint)}</p>
            </div>
            {trouble(rest)}
            {submit(i18n, attempts, say!(i18n, sign_in.submit))}
            <button class="btn btn-plain" type="button" data-testid="sign-in-back" on:click=back>{say!(i18n, app.back)}</button>
        </form>
    }
    .into_any()
}

/// The server that a link leads to. Nothing was sent so far, and the link is not shown again.
pub(super) fn server(i18n: Catalogue, pasted: Pasted, attempts: Attempts, link: Link) -> AnyView {
    let Link { server, whole } = link;
    let whole = StoredValue::new(whole);
    let halted = move |halt| match halt {
        // The link stays, for it was not used: the same button tries again.
        Halt::NoAnswer | Halt::Refused(ErrorCode::Network) => pasted.wrong.set(Some(WrongLink::Unreachable)),
        Halt::Refused(ErrorCode::LinkInvalid) => pasted.refuse(WrongLink::Used),
        Halt::Refused(ErrorCode::BadValue) => pasted.refuse(WrongLink::Refused),
        Halt::Refused(code) => pasted.wrong.set(Some(WrongLink::Other(code))),
        // A link stands for both factors.
        Halt::CodeNeeded => pasted.wrong.set(Some(WrongLink::Other(ErrorCode::Internal))),
    };
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        pasted.wrong.set(None);
        attempts.begin(SignInWith::Link { link: whole.get_value() }, Rc::new(halted));
    };
    let back = move |_| {
        attempts.stop();
        pasted.begin_anew();
        focus("sign-in-link");
    };
    view! {
        <form class="stack-l" novalidate on:submit=send>
            <div class="stack">
                <h2 id="t-confirm" tabindex="-1">{say!(i18n, sign_in.confirm_title)}</h2>
                <p class="server-name card" data-testid="sign-in-link-server"><bdi dir="ltr">{server}</bdi></p>
                <p class="muted">{say!(i18n, sign_in.confirm_hint)}</p>
            </div>
            {trouble(pasted.problem(i18n))}
            {submit(i18n, attempts, say!(i18n, sign_in.confirm))}
            <button class="btn btn-plain" type="button" data-testid="sign-in-back" on:click=back>{say!(i18n, sign_in.other_link)}</button>
        </form>
    }
    .into_any()
}
