//! What was asked of the core and is not answered yet. A screen says so, and does not wait for ever.

use std::time::Duration;

use leptos::prelude::*;
use vestibule_ipc::{Command, ErrorCode};

use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::{Glyph, Icon};
use crate::state::Orders;
use crate::words;

/// After so long a silence the screen says so. An answer that comes later still counts.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing is asked, or it was done.
    Idle,
    Waiting,
    /// The core refused.
    Failed(ErrorCode),
    /// The core has said nothing for long.
    Silent,
}

/// One thing that can be asked, by one button or by a page.
#[derive(Clone, Copy)]
pub(crate) struct Pending {
    phase: RwSignal<Phase>,
    round: StoredValue<u32>,
}

impl Pending {
    pub(crate) fn new() -> Self {
        Self { phase: RwSignal::new(Phase::Idle), round: StoredValue::new(0) }
    }

    pub(crate) fn phase(self) -> Phase {
        self.phase.get()
    }

    pub(crate) fn waits(self) -> bool {
        self.phase.get() == Phase::Waiting
    }

    /// The same, for a handler.
    pub(crate) fn waits_now(self) -> bool {
        self.phase.try_get_untracked() == Some(Phase::Waiting)
    }

    /// Asks. The number tells this time from those before it.
    pub(crate) fn begin(self) -> u32 {
        let round = self.round.get_value().wrapping_add(1);
        self.round.set_value(round);
        self.phase.set(Phase::Waiting);
        set_timeout(
            move || {
                if self.round.try_get_value() == Some(round) && self.waits_now() {
                    self.phase.set(Phase::Silent);
                }
            },
            PATIENCE,
        );
        round
    }

    /// Was answered. The page may be gone by then, or may have asked again.
    pub(crate) fn end(self, round: u32, answer: Result<(), ErrorCode>) {
        if self.round.try_get_value() == Some(round) {
            self.phase.set(answer.map_or_else(Phase::Failed, |()| Phase::Idle));
        }
    }

    /// Sends a command and follows what becomes of it.
    pub(crate) fn send<C: Command<Reply = ()> + 'static>(self, orders: Orders, command: C) {
        let round = self.begin();
        orders.ask(command, move |answer| self.end(round, answer.map_err(|problem| problem.code)));
    }

    /// What went wrong, beside the button that asked; nothing while all is well.
    pub(crate) fn problem(self, i18n: Catalogue) -> AnyView {
        let text = move || match self.phase() {
            Phase::Idle | Phase::Waiting => None,
            Phase::Failed(code) => Some(words::error(i18n, code)),
            Phase::Silent => Some(t_string!(i18n, mobile.no_answer)),
        };
        (move || {
            text().map(|text| {
                view! { <p class="problem" role="alert"><Glyph icon=Icon::Alert/><span>{text}</span></p> }
            })
        })
        .into_any()
    }
}
