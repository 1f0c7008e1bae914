//! Who lives in the apartments that this resident administers, kept as long as the window lives.

use leptos::prelude::*;
use vestibule_ipc::ListHousehold;
use vestibule_model::{Member, MemberId};

use super::Reading;
use crate::backend::Core;

/// Counts the changes to the household.
#[derive(Clone, Copy)]
pub(crate) struct HouseholdChanged(pub(crate) RwSignal<u32>);

/// Everybody of the household.
#[derive(Clone, Copy)]
pub(crate) struct Household {
    core: Core,
    pub(crate) all: RwSignal<Vec<Member>>,
    pub(crate) reading: RwSignal<Reading>,
    /// Counts questions, so that a late answer to an old one is not taken for the new one's.
    asked: StoredValue<u32>,
}

impl Household {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            all: RwSignal::new(Vec::new()),
            reading: RwSignal::new(Reading::First),
            asked: StoredValue::new(0),
        }
    }

    /// Reads it now, and again after every change, for as long as this component lives.
    pub(crate) fn follow(self) {
        let HouseholdChanged(changed) = expect_context();
        Effect::new(move |_| {
            changed.track();
            self.refresh();
        });
    }

    /// Reads it anew.
    pub(crate) fn refresh(self) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.reading.update(|reading| {
            if *reading != Reading::First {
                *reading = Reading::Again;
            }
        });
        leptos::task::spawn_local(async move {
            let answer = self.core.call(ListHousehold {}).await;
            if self.asked.get_value() != number {
                return;
            }
            match answer {
                Ok(members) => {
                    self.all.set(members);
                    self.reading.set(Reading::Done);
                }
                Err(problem) => self.reading.set(Reading::Failed(problem)),
            }
        });
    }

    /// The member with this id.
    pub(crate) fn find(self, id: MemberId) -> Option<Member> {
        self.all.with(|all| all.iter().find(|member| member.id == id).cloned())
    }
}
