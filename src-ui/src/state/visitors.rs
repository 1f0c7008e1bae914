//! The visitors of this resident's apartments, kept as long as the window lives.

use std::collections::HashSet;
use std::sync::Arc;

use leptos::prelude::*;
use vestibule_ipc::{DeleteVisitor, Error, ListVisitors};
use vestibule_model::{Timestamp, Visitor, VisitorId, VisitorState};

use super::{Orders, VisitorsChanged};
use crate::backend::Core;

/// All visitors, and what the list shows of them.
#[derive(Clone, Copy)]
pub(crate) struct Visitors {
    core: Core,
    /// Everybody, as the core last told; shared, for a list can have thousands.
    pub(crate) all: RwSignal<Vec<Arc<Visitor>>>,
    pub(crate) reading: RwSignal<Reading>,
    /// What is typed into the search field.
    pub(crate) text: RwSignal<String>,
    /// Which part of the list is shown.
    pub(crate) part: RwSignal<Part>,
    /// Deleted here, while that can still be undone.
    deleted: RwSignal<HashSet<VisitorId>>,
    /// Counts questions, so that a late answer to an old one is not taken for the new one's.
    asked: StoredValue<u32>,
}

/// How it stands with the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// They were never read.
    First,
    /// They are there, and are being read anew.
    Again,
    /// They are there.
    Done,
    /// They could not be read.
    Failed(Error),
}

/// A part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Who can come in now.
    Active,
    /// Who will.
    Upcoming,
    /// Who could.
    Past,
}

/// The visitors by how it stands with their codes, each part in the order of what happens next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorted {
    pub(crate) active: Vec<Arc<Visitor>>,
    pub(crate) upcoming: Vec<Arc<Visitor>>,
    pub(crate) past: Vec<Arc<Visitor>>,
    pub(crate) waiting: Vec<Arc<Visitor>>,
    pub(crate) refused: Vec<Arc<Visitor>>,
}

impl Sorted {
    /// Those of these visitors whose name holds the text.
    pub(crate) fn new(all: &[Arc<Visitor>], text: &str, now: Timestamp) -> Self {
        let text = text.trim().to_lowercase();
        let mut sorted = Self::default();
        for visitor in all.iter().filter(|v| text.is_empty() || v.name.to_lowercase().contains(&text)) {
            let part = match visitor.state(now) {
                VisitorState::Active => &mut sorted.active,
                VisitorState::Upcoming => &mut sorted.upcoming,
                VisitorState::Waiting => &mut sorted.waiting,
                VisitorState::Refused => &mut sorted.refused,
                VisitorState::Expired | VisitorState::UsedUp | VisitorState::Revoked => &mut sorted.past,
            };
            part.push(visitor.clone());
        }
        let end = |v: &Visitor| v.until.map_or(i64::MAX, |at| at.0);
        let begin = |v: &Visitor| v.from.map_or(i64::MIN, |at| at.0);
        sorted.active.sort_by(|a, b| (end(a), &a.name).cmp(&(end(b), &b.name)));
        sorted.upcoming.sort_by(|a, b| (begin(a), &a.name).cmp(&(begin(b), &b.name)));
        sorted.past.sort_by(|a, b| (end(b), &a.name).cmp(&(end(a), &b.name)));
        for part in [&mut sorted.waiting, &mut sorted.refused] {
            part.sort_by(|a, b| (begin(a), &a.name).cmp(&(begin(b), &b.name)));
        }
        sorted
    }

    pub(crate) fn part(&self, part: Part) -> &Vec<Arc<Visitor>> {
        match part {
            Part::Active => &self.active,
            Part::Upcoming => &self.upcoming,
            Part::Past => &self.past,
        }
    }

    /// All of them.
    pub(crate) fn len(&self) -> usize {
        self.active.len() + self.upcoming.len() + self.past.len() + self.waiting.len() + self.refused.len()
    }
}

impl Part {
    /// Where a visitor is found; what waits and what was refused stands before those who can come in now.
    pub(crate) fn of(state: VisitorState) -> Self {
        match state {
            VisitorState::Active | VisitorState::Waiting | VisitorState::Refused => Self::Active,
            VisitorState::Upcoming => Self::Upcoming,
            VisitorState::Expired | VisitorState::UsedUp | VisitorState::Revoked => Self::Past,
        }
    }
}

impl Visitors {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            all: RwSignal::new(Vec::new()),
            reading: RwSignal::new(Reading::First),
            text: RwSignal::new(String::new()),
            part: RwSignal::new(Part::Active),
            deleted: RwSignal::new(HashSet::new()),
            asked: StoredValue::new(0),
        }
    }

    /// Reads them now, and again after every change, for as long as this component lives.
    pub(crate) fn follow(self) {
        let VisitorsChanged(changed) = expect_context();
        Effect::new(move |_| {
            changed.track();
            self.refresh();
        });
    }

    /// Reads them anew.
    pub(crate) fn refresh(self) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.reading.update(|reading| {
            if *reading != Reading::First {
                *reading = Reading::Again;
            }
        });
        leptos::task::spawn_local(async move {
            let answer = self.core.call(ListVisitors {}).await;
            if self.asked.get_value() != number {
                return;
            }
            match answer {
                Ok(visitors) => {
                    self.all.set(visitors.into_iter().map(Arc::new).collect());
                    self.reading.set(Reading::Done);
                }
                Err(problem) => self.reading.set(Reading::Failed(problem)),
            }
        });
    }

    /// The visitor with this id.
    pub(crate) fn find(self, id: VisitorId) -> Option<Arc<Visitor>> {
        if self.deleted.with(|deleted| deleted.contains(&id)) {
            return None;
        }
        self.all.with(|all| all.iter().find(|visitor| visitor.id == id).cloned())
    }

    /// By how it stands with them at this time, as far as they match the search.
    pub(crate) fn sorted(self, now: Timestamp) -> Sorted {
        let mut all = self.all.get();
        self.deleted.with(|deleted| all.retain(|visitor| !deleted.contains(&visitor.id)));
        self.text.with(|text| Sorted::new(&all, text, now))
    }

    /// Takes a visitor off the list; for good with [`Self::delete_hidden`].
    pub(crate) fn hide(self, id: VisitorId) {
        self.deleted.update(|deleted| {
            deleted.insert(id);
        });
    }

    /// Undoes [`Self::hide`].
    pub(crate) fn restore(self, id: VisitorId) {
        self.deleted.update(|deleted| {
            deleted.remove(&id);
        });
    }

    /// Deletes a visitor that is hidden still; one that cannot be deleted comes back.
    pub(crate) fn delete_hidden(self, id: VisitorId, orders: Orders) {
        if !self.deleted.with_untracked(|deleted| deleted.contains(&id)) {
            return;
        }
        orders.ask(DeleteVisitor { visitor: id }, move |answer| {
            if let Err(problem) = answer {
                self.restore(id);
                orders.say(&problem);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use vestibule_model::{ApartmentId, Delivery, Secret, VisitorCodes};

    use super::*;

    fn visitor(id: i64, name: &str, from: i64, until: i64) -> Visitor {
        Visitor {
            id: VisitorId(id),
            name: name.to_owned(),
            apartment: ApartmentId(1),
            from: Some(Timestamp(from)),
            until: Some(Timestamp(until)),
            schedule: Vec::new(),
            uses: None,
            apartment_door: false,
            codes: Some(VisitorCodes { pin: Secret::new("12345"), qr: None }),
            revoked: false,
            delivery: Delivery::Sent,
        }
    }

    fn names(part: &[Arc<Visitor>]) -> Vec<&str> {
        part.iter().map(|visitor| visitor.name.as_str()).collect()
    }

    #[test]
    fn each_part_begins_with_what_happens_next() {
        let mut always = visitor(6, "Always", 0, 0);
        always.until = None;
        let mut waiting = visitor(7, "Waiting", 0, 200);
        (waiting.codes, waiting.delivery) = (None, Delivery::Waiting);
        let all: Vec<_> = [
            always,
            waiting,
            visitor(1, "Late", 0, 300),
            visitor(2, "Soon", 0, 150),
            visitor(3, "Tomorrow", 200, 300),
            visitor(4, "Long ago", 0, 10),
            visitor(5, "Just now", 0, 90),
        ]
        .into_iter()
        .map(Arc::new)
        .collect();
        let sorted = Sorted::new(&all, "", Timestamp(100));
        assert_eq!(names(&sorted.active), ["Soon", "Late", "Always"]);
        assert_eq!(names(&sorted.upcoming), ["Tomorrow"]);
        assert_eq!(names(&sorted.past), ["Just now", "Long ago"]);
        assert_eq!(names(&sorted.waiting), ["Waiting"]);
        assert_eq!(sorted.len(), all.len());
    }

    #[test]
    fn the_search_looks_for_a_part_of_the_name_in_any_case() {
        let all = [Arc::new(visitor(1, "Émile", 0, 300)), Arc::new(visitor(2, "Guest", 0, 300))];
        let found = |text| names(&Sorted::new(&all, text, Timestamp(100)).active).join(" ");
        assert_eq!(
            (found(" émi "), found("UES"), found("x")),
            ("Émile".into(), "Guest".into(), String::new())
        );
    }
}
