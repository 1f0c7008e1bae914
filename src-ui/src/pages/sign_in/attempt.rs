//! One try to sign in at a time, however it is done.

use std::rc::Rc;

use leptos::prelude::*;
use vestibule_ipc::{ErrorCode, SignIn, SignInWith, SignedIn};

use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::pages::report::PATIENCE;
use crate::route::{Location, Route};
use crate::state::{Orders, Toasts, Tone, use_orders};

/// The way from the forms to the site server.
#[derive(Clone, Copy)]
pub(super) struct Attempts {
    i18n: Catalogue,
    orders: Orders,
    toasts: Toasts,
    location: Location,
    /// Whether one is on its way.
    pub(super) busy: RwSignal<bool>,
    /// Counts them, so that an answer is taken for its own question.
    count: StoredValue<u32>,
}

/// Why a try did not lead home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The second factor is asked for.
    CodeNeeded,
    /// It was refused, or the server was not reached.
    Refused(ErrorCode),
    /// Nothing came back.
    NoAnswer,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self {
            i18n: use_i18n(),
            orders: use_orders(),
            toasts: expect_context(),
            location: expect_context(),
            busy: RwSignal::new(false),
            count: StoredValue::new(0),
        }
    }

    /// Signs in and goes home, or says what keeps from it.
    pub(super) fn begin(self, with: SignInWith, halted: Rc<dyn Fn(Halt)>) {
        if self.busy.get_untracked() {
            return;
        }
        let attempt = self.count.get_value().wrapping_add(1);
        self.count.set_value(attempt);
        self.busy.set(true);
        let say = halted.clone();
        self.orders.ask(SignIn { with }, move |answer| {
            if answer == Ok(SignedIn::Done) {
                return self.arrive();
            }
            if !self.end(attempt) {
                return;
            }
            match answer {
                Ok(_) => say(Halt::CodeNeeded),
                Err(problem) => say(Halt::Refused(problem.code)),
            }
        });
        let give_up = move || {
            if self.end(attempt) {
                halted(Halt::NoAnswer);
            }
        };
        set_timeout(give_up, PATIENCE);
    }

    /// Leaves off waiting for what is on its way.
    pub(super) fn stop(self) {
        self.count.update_value(|count| *count = count.wrapping_add(1));
        self.busy.set(false);
    }

    /// Whether this try was waited for until now. The page may be gone by then.
    fn end(self, attempt: u32) -> bool {
        let waited_for =
            self.count.try_get_value() == Some(attempt) && self.busy.try_get_untracked() == Some(true);
        if waited_for {
            self.busy.set(false);
        }
        waited_for
    }

    fn arrive(self) {
        self.toasts.show(t_string!(self.i18n, sign_in.done).to_owned(), Tone::Status);
        // Who went elsewhere meanwhile stays there.
        if untrack(|| self.location.get()) == Route::SignIn {
            self.location.go(Route::Home(None));
        }
    }
}
