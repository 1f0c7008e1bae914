//! By link: pasted, read here, confirmed, and only then sent.

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::ErrorCode;

use super::attempt::Attempts;
use super::confirm;
use super::link::{self, BadLink, Link};
use crate::catalogue::{Catalogue, say, t_string};
use crate::components::field::Problem;
use crate::pages::report::focus;
use crate::words;

/// A link on its way from the field to the server.
#[derive(Clone, Copy)]
pub(super) struct Pasted {
    text: RwSignal<String>,
    /// The link that waits for its server to be confirmed. The field is empty by then.
    read: RwSignal<Option<Link>>,
    pub(super) wrong: RwSignal<Option<Wrong>>,
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Link(BadLink),
    /// It was used, or its time is over.
    Used,
    /// The server does not know it.
    Refused,
    Unreachable,
    Other(ErrorCode),
}

impl Pasted {
    pub(super) fn new() -> Self {
        Self { text: RwSignal::new(String::new()), read: RwSignal::new(None), wrong: RwSignal::new(None) }
    }

    /// An empty field: the link is forgotten.
    pub(super) fn begin_anew(self) {
        self.wrong.set(None);
        self.read.set(None);
    }

    /// Reads a link, and asks whether its server is the right one.
    pub(super) fn take(self, text: &str) {
        match link::read(text) {
            Ok(link) => {
                self.text.set(String::new());
                self.wrong.set(None);
                self.read.set(Some(link));
                focus("t-confirm");
            }
            Err(why) => self.refuse(Wrong::Link(why)),
        }
    }

    /// Asks for another link, and says why.
    pub(super) fn refuse(self, wrong: Wrong) {
        self.read.set(None);
        self.wrong.set(Some(wrong));
        focus("sign-in-link");
    }

    /// What is wrong and what to do.
    pub(super) fn problem(self, i18n: Catalogue) -> Signal<Option<String>> {
        Signal::derive(move || self.wrong.get().map(|wrong| say_wrong(i18n, wrong).to_owned()))
    }
}

/// The form of this step.
pub(super) fn panel(i18n: Catalogue, pasted: Pasted, attempts: Attempts) -> AnyView {
    let step = move || match pasted.read.get() {
        Some(link) => confirm::server(i18n, pasted, attempts, link),
        None => field(i18n, pasted),
    };
    step.into_any()
}

fn field(i18n: Catalogue, pasted: Pasted) -> AnyView {
    let problem = pasted.problem(i18n);
    let read = move |event: ev::SubmitEvent| {
        event.prevent_default();
        pasted.take(&pasted.text.get_untracked());
    };
    view! {
        <form class="stack-l" novalidate on:submit=read>
            <p>{say!(i18n, sign_in.link_hint)}</p>
            <div class="field">
                <label for="sign-in-link">{say!(i18n, sign_in.link)}</label>
                <textarea
                    class="input"
                    id="sign-in-link"
                    rows="3"
                    dir="ltr"
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    data-testid="sign-in-link"
                    aria-describedby="sign-in-link-problem sign-in-link-hint"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true")
                    prop:value=move || pasted.text.get()
                    on:input=move |event| pasted.text.set(event_target_value(&event))
                ></textarea>
                <Problem id="sign-in-link-problem" problem/>
                <p class="hint" id="sign-in-link-hint">{say!(i18n, sign_in.link_once)}</p>
            </div>
            <button class="btn btn-primary btn-l btn-block" type="submit" data-testid="sign-in-link-read">{say!(i18n, sign_in.link_read)}</button>
        </form>
    }
    .into_any()
}

fn say_wrong(i18n: Catalogue, wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Link(BadLink::Empty) => t_string!(i18n, sign_in.no_link),
        Wrong::Link(BadLink::NotALink) => t_string!(i18n, sign_in.not_a_link),
        Wrong::Link(BadLink::Broken) => t_string!(i18n, sign_in.broken_link),
        Wrong::Link(BadLink::Server) => t_string!(i18n, sign_in.bad_link_server),
        Wrong::Used => t_string!(i18n, sign_in.used_link),
        Wrong::Refused => t_string!(i18n, sign_in.refused_link),
        Wrong::Unreachable => t_string!(i18n, sign_in.link_unreachable),
        Wrong::Other(code) => words::error(i18n, code),
    }
}
