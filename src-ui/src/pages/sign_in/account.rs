//! By account: e-mail and password, then the six digits where the account has a second factor.

use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, SignInWith};
use vestibule_model::Secret;

use super::attempt::{Attempts, Halt};
use super::server::{self, BadServer};
use super::{confirm, submit, trouble};
use crate::catalogue::{Catalogue, say, t_string};
use crate::components::field::Problem;
use crate::components::icon::{Glyph, Icon};
use crate::pages::report::{email, focus};
use crate::words;

/// What is typed. It stays while the page is open, also when it is refused.
#[derive(Clone, Copy)]
pub(super) struct Typed {
    pub(super) server: RwSignal<String>,
    pub(super) email: RwSignal<String>,
    pub(super) password: RwSignal<String>,
    pub(super) code: RwSignal<String>,
    /// Whether the password was taken, and the code is asked for.
    pub(super) code_needed: RwSignal<bool>,
    pub(super) wrong: RwSignal<Option<Wrong>>,
}

/// What is wrong, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Server(BadServer),
    /// The server was not reached.
    Unreachable,
    /// Something else answers there.
    NoSiteServer,
    Email,
    NoPassword,
    /// The server does not take this address and password.
    Password,
    NoCode,
    /// The server does not take this code.
    Code,
    Other(ErrorCode),
}

impl Typed {
    pub(super) fn new() -> Self {
        Self {
            server: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
            code: RwSignal::new(String::new()),
            code_needed: RwSignal::new(false),
            wrong: RwSignal::new(None),
        }
    }

    /// The words beside one field.
    pub(super) fn problem(self, i18n: Catalogue, fits: fn(Wrong) -> bool) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.get().filter(|wrong| fits(*wrong)).map(|wrong| say_wrong(i18n, wrong))
        })
    }

    /// Signs in with what is typed, or says what is wrong with it.
    pub(super) fn send(self, attempts: Attempts, code: Option<String>) {
        let server = match self.server.with_untracked(|address| server::read(address)) {
            Ok(server) => server.url,
            Err(why) => return self.refuse(Wrong::Server(why)),
        };
        let email = self.email.with_untracked(|email| email.trim().to_owned());
        if !email::is_address(&email) {
            return self.refuse(Wrong::Email);
        }
        let password = Secret::new(self.password.get_untracked());
        if password.is_empty() {
            return self.refuse(Wrong::NoPassword);
        }
        self.wrong.set(None);
        let halted = move |halt| match halt {
            Halt::CodeNeeded => {
                self.code_needed.set(true);
                focus("t-code");
            }
            Halt::NoAnswer => self.refuse(Wrong::Unreachable),
            Halt::Refused(code) => self.refuse(self.meaning(code)),
        };
        attempts.begin(SignInWith::Password { server, email, password, code }, Rc::new(halted));
    }

    fn meaning(self, code: ErrorCode) -> Wrong {
        match code {
            ErrorCode::Network => Wrong::Unreachable,
            ErrorCode::NotSecure => Wrong::Server(BadServer::Insecure),
            ErrorCode::NotASiteServer => Wrong::NoSiteServer,
            ErrorCode::SignInRefused => Wrong::Password,
            ErrorCode::CodeWrong => Wrong::Code,
            other => Wrong::Other(other),
        }
    }

    /// Says what is wrong beside its field, and goes there.
    pub(super) fn refuse(self, wrong: Wrong) {
        self.wrong.set(Some(wrong));
        let code = self.code_needed.get_untracked();
        match wrong {
            Wrong::Server(_) | Wrong::Unreachable | Wrong::NoSiteServer if !code => focus("sign-in-server"),
            Wrong::Email => focus("sign-in-email"),
            Wrong::NoPassword | Wrong::Password => focus("sign-in-password"),
            Wrong::NoCode | Wrong::Code => focus("sign-in-code"),
            Wrong::Server(_) | Wrong::Unreachable | Wrong::NoSiteServer | Wrong::Other(_) => (),
        }
    }
}

/// The form of this step.
pub(super) fn panel(i18n: Catalogue, typed: Typed, attempts: Attempts) -> AnyView {
    let code_needed = typed.code_needed;
    let step = move || match code_needed.get() {
        true => confirm::code(i18n, typed, attempts),
        false => password(i18n, typed, attempts),
    };
    step.into_any()
}

fn password(i18n: Catalogue, typed: Typed, attempts: Attempts) -> AnyView {
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        typed.send(attempts, None);
    };
    view! {
        <form class="stack-l" novalidate on:submit=send>
            <div class="stack fields">
                {server_field(i18n, typed)}
                {email::field(
                    "sign-in-email",
                    "username",
                    say!(i18n, sign_in.email),
                    None,
                    typed.email,
                    typed.problem(i18n, |wrong| wrong == Wrong::Email),
                )}
                {password_field(i18n, typed)}
            </div>
            {trouble(typed.problem(i18n, |wrong| matches!(wrong, Wrong::Other(_))))}
            {submit(i18n, attempts, say!(i18n, sign_in.submit))}
        </form>
    }
    .into_any()
}

fn password_field(i18n: Catalogue, typed: Typed) -> AnyView {
    let problem = typed.problem(i18n, |wrong| matches!(wrong, Wrong::NoPassword | Wrong::Password));
    let shown = RwSignal::new(false);
    view! {
        <div class="field">
            <label for="sign-in-password">{say!(i18n, sign_in.password)}</label>
            <div class="with-button">
                <input
                    class="input"
                    id="sign-in-password"
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="current-password"
                    autocapitalize="none"
                    spellcheck="false"
                    data-testid="sign-in-password"
                    aria-describedby="sign-in-password-problem"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=move || typed.password.get()
                    on:input=move |event| typed.password.set(event_target_value(&event))
                />
                <button
                    class="icon-btn"
                    type="button"
                    data-testid="sign-in-show"
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <Glyph icon=Icon::Eye/>
                    <span class="vh">{say!(i18n, sign_in.show_password)}</span>
                </button>
            </div>
            <Problem id="sign-in-password-problem" problem/>
        </div>
    }
    .into_any()
}

fn server_field(i18n: Catalogue, typed: Typed) -> AnyView {
    let problem = typed.problem(i18n, of_the_server);
    view! {
        <div class="field">
            <label for="sign-in-server">{say!(i18n, sign_in.server)}</label>
            <input
                class="input"
                id="sign-in-server"
                type="text"
                inputmode="url"
                dir="ltr"
                autocomplete="url"
                autocapitalize="none"
                spellcheck="false"
                data-testid="sign-in-server"
                aria-describedby="sign-in-server-problem sign-in-server-hint"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=move || typed.server.get()
                on:input=move |event| typed.server.set(event_target_value(&event))
            />
            <Problem id="sign-in-server-problem" problem/>
            <p class="hint" id="sign-in-server-hint">{say!(i18n, sign_in.server_hint)}</p>
        </div>
    }
    .into_any()
}

pub(super) fn of_the_server(wrong: Wrong) -> bool {
    matches!(wrong, Wrong::Server(_) | Wrong::Unreachable | Wrong::NoSiteServer)
}

/// What is wrong and what to do.
fn say_wrong(i18n: Catalogue, wrong: Wrong) -> String {
    match wrong {
        Wrong::Server(BadServer::Insecure) => t_string!(i18n, sign_in.insecure_server),
        Wrong::Server(BadServer::Shape) => t_string!(i18n, sign_in.bad_server),
        Wrong::Unreachable => t_string!(i18n, sign_in.unreachable),
        Wrong::NoSiteServer => t_string!(i18n, error.not_a_site_server),
        Wrong::Email => t_string!(i18n, sign_in.bad_email),
        Wrong::NoPassword => t_string!(i18n, sign_in.no_password),
        Wrong::Password => t_string!(i18n, sign_in.wrong_password),
        Wrong::NoCode => t_string!(i18n, sign_in.no_code),
        Wrong::Code => t_string!(i18n, sign_in.wrong_code),
        Wrong::Other(code) => words::error(i18n, code),
    }
    .to_owned()
}
