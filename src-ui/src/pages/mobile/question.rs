//! How it stands with the phone as a key: asked when a page opens, kept true by events from there on.

use leptos::prelude::*;
use vestibule_ipc::GetMobileAccess;
use vestibule_model::MobileAccess;

use super::{Pending, Phase};
use crate::state::{Mobile, Orders, use_orders};

/// The question and how far it has come.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    answer: RwSignal<Option<MobileAccess>>,
    pending: Pending,
    orders: Orders,
}

/// Asks at once. What is known already is shown meanwhile.
pub(crate) fn ask_mobile_access() -> Question {
    let Mobile(answer) = expect_context();
    let question = Question { answer, pending: Pending::new(), orders: use_orders() };
    question.again();
    question
}

impl Question {
    pub(crate) fn again(self) {
        let round = self.pending.begin();
        self.orders.ask(GetMobileAccess {}, move |reply| {
            let result = reply.map(|access| self.answer.set(Some(access)));
            self.pending.end(round, result.map_err(|problem| problem.code));
        });
    }

    pub(crate) fn phase(self) -> Phase {
        self.pending.phase()
    }

    pub(crate) fn pending(self) -> Pending {
        self.pending
    }
}
