//! The report that is being written. It lives as long as the window, so that looking something up elsewhere, or
//! reading on in another language, loses nothing.

use leptos::prelude::*;
use vestibule_ipc::{Error, ErrorCode, PreviewDiagnostics, SendTicket};
use vestibule_model::{Delivery, Refusal, Ticket};

use super::{PATIENCE, ticket};
use crate::state::{Orders, now};

/// What is typed, and how far it has come.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) description: RwSignal<String>,
    pub(super) email: RwSignal<String>,
    /// Whether the diagnostics go with it.
    pub(super) with_diagnostics: RwSignal<bool>,
    pub(super) diagnostics: RwSignal<Diagnostics>,
    pub(super) step: RwSignal<Step>,
    pub(super) sending: RwSignal<Sending>,
    /// Counts the times it was sent, so that an answer is taken for its own question.
    sent: StoredValue<u32>,
}

/// The lines that would go with the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Diagnostics {
    Loading,
    Failed(ErrorCode),
    Ready(Vec<String>),
}

/// What is asked for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Describe,
    Answer,
    Review,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Describe, Self::Answer, Self::Review];

    /// From 1.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Describe => 1,
            Self::Answer => 2,
            Self::Review => 3,
        }
    }
}

/// What became of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sending {
    /// Nobody has pressed Send, or the draft was changed since.
    Not,
    /// It is on its way.
    Now,
    /// Nothing came back; it may have arrived all the same.
    NoAnswer,
    /// It did not leave.
    Failed(ErrorCode),
    /// The site server does not take it.
    Refused(Refusal),
    /// It waits for the site server to be reached.
    Waiting,
    /// The site server has it, under this number.
    Sent(Option<String>),
}

impl Sending {
    /// Whether there is nothing left to do here.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sent(_))
    }

    fn of(answer: Result<Ticket, Error>) -> Self {
        match answer {
            Err(problem) => Self::Failed(problem.code),
            Ok(ticket) => match ticket.delivery {
                Delivery::Sent => Self::Sent(ticket.number),
                Delivery::Waiting => Self::Waiting,
                Delivery::Refused { why } => Self::Refused(why),
            },
        }
    }
}

impl Draft {
    /// The one draft of this window.
    pub(super) fn kept() -> Self {
        if let Some(draft) = use_context() {
            return draft;
        }
        let Some(root) = Owner::current().map(outermost) else { return Self::new() };
        root.with(|| {
            let draft = Self::new();
            provide_context(draft);
            draft
        })
    }

    fn new() -> Self {
        Self {
            description: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            with_diagnostics: RwSignal::new(false),
            diagnostics: RwSignal::new(Diagnostics::Loading),
            step: RwSignal::new(Step::Describe),
            sending: RwSignal::new(Sending::Not),
            sent: StoredValue::new(0),
        }
    }

    /// Goes to a step. What was said of the last try belongs to the draft as it was then.
    pub(super) fn go(self, step: Step) {
        self.sending.set(Sending::Not);
        self.step.set(step);
    }

    /// An empty page. The address stays, for the answer goes where the last one went.
    pub(super) fn begin_anew(self) {
        self.description.set(String::new());
        self.with_diagnostics.set(false);
        self.go(Step::Describe);
    }

    /// Puts the diagnostics in, read at this moment, or leaves them out.
    pub(super) fn set_diagnostics(self, orders: Orders, with: bool) {
        self.with_diagnostics.set(with);
        if with {
            self.read_diagnostics(orders);
        }
    }

    pub(super) fn read_diagnostics(self, orders: Orders) {
        self.diagnostics.set(Diagnostics::Loading);
        orders.ask(PreviewDiagnostics {}, move |answer| {
            self.diagnostics.set(match answer {
                Ok(lines) => Diagnostics::Ready(lines),
                Err(problem) => Diagnostics::Failed(problem.code),
            });
        });
        let give_up = move || {
            if self.diagnostics.get_untracked() == Diagnostics::Loading {
                self.diagnostics.set(Diagnostics::Failed(ErrorCode::Network));
            }
        };
        set_timeout(give_up, PATIENCE);
    }

    /// Whether what goes with the report has been seen.
    pub(super) fn diagnostics_are_settled(self) -> bool {
        !self.with_diagnostics.get_untracked()
            || self.diagnostics.with_untracked(|lines| matches!(lines, Diagnostics::Ready(_)))
    }

    /// Sends it, once at a time.
    pub(super) fn send(self, orders: Orders) {
        if self.sending.get_untracked() == Sending::Now || !self.is_whole() {
            return;
        }
        let attempt = self.sent.get_value().wrapping_add(1);
        self.sent.set_value(attempt);
        self.sending.set(Sending::Now);
        let is_own = move || self.sent.get_value() == attempt;
        orders.ask(SendTicket { ticket: self.ticket() }, move |answer| {
            if is_own() {
                self.sending.set(Sending::of(answer));
            }
        });
        let give_up = move || {
            if is_own() && self.sending.get_untracked() == Sending::Now {
                self.sending.set(Sending::NoAnswer);
            }
        };
        set_timeout(give_up, PATIENCE);
    }

    fn is_whole(self) -> bool {
        self.description.with_untracked(|text| ticket::check(text).is_none())
            && self.email.with_untracked(|email| super::email::is_address(email.trim()))
            && self.diagnostics_are_settled()
    }

    fn ticket(self) -> Ticket {
        let lines = self.diagnostics.get_untracked();
        Ticket {
            at: now(),
            description: self.description.with_untracked(|text| text.trim().to_owned()),
            email: self.email.with_untracked(|email| email.trim().to_owned()),
            diagnostics: match lines {
                Diagnostics::Ready(lines) if self.with_diagnostics.get_untracked() => lines,
                _ => Vec::new(),
            },
            number: None,
            delivery: Delivery::Waiting,
        }
    }
}

/// The owner that lives as long as the window.
fn outermost(mut owner: Owner) -> Owner {
    while let Some(parent) = owner.parent() {
        owner = parent;
    }
    owner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(delivery: Delivery) -> Ticket {
        Ticket {
            at: vestibule_model::Timestamp(0),
            description: String::new(),
            email: String::new(),
            diagnostics: Vec::new(),
            number: (delivery == Delivery::Sent).then(|| "VS-1".to_owned()),
            delivery,
        }
    }

    #[test]
    fn an_answer_says_what_is_known_and_no_more() {
        let refused = Delivery::Refused { why: Refusal::TooMany };
        for (answer, sending, over) in [
            (Ok(ticket(Delivery::Sent)), Sending::Sent(Some("VS-1".to_owned())), true),
            (Ok(ticket(Delivery::Waiting)), Sending::Waiting, true),
            (Ok(ticket(refused)), Sending::Refused(Refusal::TooMany), false),
            (Err(Error::new(ErrorCode::Storage, "")), Sending::Failed(ErrorCode::Storage), false),
        ] {
            assert_eq!(Sending::of(answer), sending);
            assert_eq!(sending.is_over(), over);
        }
    }

    #[test]
    fn steps_are_counted_from_one() {
        assert_eq!(Step::ALL.map(Step::number), [1, 2, 3]);
    }
}
