//! Sends what the resident asks for, and says so where it could not be done.

use leptos::prelude::*;
use vestibule_ipc::{Command, Error};

use super::{Toasts, Tone};
use crate::backend::Core;
use crate::catalogue::{Catalogue, use_i18n};
use crate::words;

/// The way from a button to the core.
#[derive(Clone, Copy)]
pub(crate) struct Orders {
    core: Core,
    toasts: Toasts,
    i18n: Catalogue,
}

/// The way from a button of this component to the core.
pub(crate) fn use_orders() -> Orders {
    Orders { core: expect_context(), toasts: expect_context(), i18n: use_i18n() }
}

impl Orders {
    /// Sends a command; a refusal becomes a toast.
    pub(crate) fn send<C>(self, command: C)
    where
        C: Command + 'static,
        C::Reply: 'static,
    {
        self.then(command, |_| ());
    }

    /// Sends a command and goes on with its reply; a refusal becomes a toast.
    pub(crate) fn then<C>(self, command: C, done: impl FnOnce(C::Reply) + 'static)
    where
        C: Command + 'static,
        C::Reply: 'static,
    {
        leptos::task::spawn_local(async move {
            match self.core.call(command).await {
                Ok(reply) => done(reply),
                Err(problem) => self.say(&problem),
            }
        });
    }

    /// Sends a command and goes on with whatever came of it; the caller shows a refusal itself.
    pub(crate) fn ask<C>(self, command: C, done: impl FnOnce(Result<C::Reply, Error>) + 'static)
    where
        C: Command + 'static,
        C::Reply: 'static,
    {
        leptos::task::spawn_local(async move { done(self.core.call(command).await) });
    }

    /// Shows a refusal in plain words.
    pub(crate) fn say(self, problem: &Error) {
        leptos::logging::warn!("{:?}: {}", problem.code, problem.message);
        self.toasts.show(words::error(self.i18n, problem.code).to_owned(), Tone::Problem);
    }
}
