//! The visitors of this resident's apartments, kept as long as the window lives.

use std::collections::HashSet;
use std::sync::Arc;

use leptos::prelude::*;
use vestibule_ipc::{DeleteVisitor, Error, ListVisitors};
use vestibule_model::{ApartmentId, Timestamp, Visitor, VisitorId, VisitorState};

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
    /// Only this apartment's.
    apartment: Memo<Option<ApartmentId>>,
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

/// Everybody in the order of the list, whatever is searched: a key pressed in the search field only picks from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ordered(Parts<Named>);

/// Who it is, and the name as the search reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    id: VisitorId,
    folded: String,
}

/// Those who match the search.
pub(crate) type Sorted = Parts<VisitorId>;

/// The visitors by how it stands with their codes, each part in the order of what happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts<T> {
    pub(crate) active: Vec<T>,
    pub(crate) upcoming: Vec<T>,
    pub(crate) past: Vec<T>,
    pub(crate) waiting: Vec<T>,
    pub(crate) refused: Vec<T>,
}

impl Ordered {
    /// These visitors as it stands with them at this time.
    fn new<'a>(all: impl Iterator<Item = &'a Arc<Visitor>>, now: Timestamp) -> Self {
        let mut parts = Parts::<&Visitor>::default();
        for visitor in all {
            let part = match visitor.state(now) {
                VisitorState::Active => &mut parts.active,
                VisitorState::Upcoming => &mut parts.upcoming,
                VisitorState::Waiting => &mut parts.waiting,
                VisitorState::Refused => &mut parts.refused,
                VisitorState::Expired | VisitorState::UsedUp | VisitorState::Revoked => &mut parts.past,
            };
            part.push(visitor);
        }
        let end = |v: &Visitor| v.until.map_or(i64::MAX, |at| at.0);
        let begin = |v: &Visitor| v.from.map_or(i64::MIN, |at| at.0);
        parts.active.sort_by(|a, b| (end(a), &a.name).cmp(&(end(b), &b.name)));
        parts.past.sort_by(|a, b| (end(b), &a.name).cmp(&(end(a), &b.name)));
        for part in [&mut parts.upcoming, &mut parts.waiting, &mut parts.refused] {
            part.sort_by(|a, b| (begin(a), &a.name).cmp(&(begin(b), &b.name)));
        }
        Self(parts.pick(|visitor| Some(Named { id: visitor.id, folded: visitor.name.to_lowercase() })))
    }

    /// Those whose name holds the text.
    pub(crate) fn matching(&self, text: &str) -> Sorted {
        let text = text.trim().to_lowercase();
        self.0.pick(|named| named.folded.contains(&text).then_some(named.id))
    }
}

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self {
            active: Vec::new(),
            upcoming: Vec::new(),
            past: Vec::new(),
            waiting: Vec::new(),
            refused: Vec::new(),
        }
    }
}

impl<T> Parts<T> {
    fn pick<U>(&self, pick: impl Fn(&T) -> Option<U>) -> Parts<U> {
        let pick = |part: &[T]| part.iter().filter_map(&pick).collect();
        Parts {
            active: pick(&self.active),
            upcoming: pick(&self.upcoming),
            past: pick(&self.past),
            waiting: pick(&self.waiting),
            refused: pick(&self.refused),
        }
    }

    pub(crate) fn part(&self, part: Part) -> &[T] {
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
    pub(crate) fn new(core: Core, apartment: Memo<Option<ApartmentId>>) -> Self {
        Self {
            core,
            all: RwSignal::new(Vec::new()),
            reading: RwSignal::new(Reading::First),
            text: RwSignal::new(String::new()),
            part: RwSignal::new(Part::Active),
            apartment,
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

    /// Those of the apartment that is looked at, by how it stands with them at this time.
    pub(crate) fn ordered(self, now: Timestamp) -> Ordered {
        self.deleted.with(|deleted| {
            let apartment = self.apartment.get();
            let is_here = |visitor: &&Arc<Visitor>| {
                apartment.is_none_or(|id| id == visitor.apartment) && !deleted.contains(&visitor.id)
            };
            self.all.with(|all| Ordered::new(all.iter().filter(is_here), now))
        })
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
    use vestibule_model::{Delivery, Secret, VisitorCodes};

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

    fn sorted(all: &[Arc<Visitor>], text: &str) -> Sorted {
        Ordered::new(all.iter(), Timestamp(100)).matching(text)
    }

    fn names<'a>(all: &'a [Arc<Visitor>], part: &[VisitorId]) -> Vec<&'a str> {
        let name = |id: &VisitorId| {
            all.iter().find(|visitor| visitor.id == *id).map(|visitor| visitor.name.as_str())
        };
        part.iter().filter_map(name).collect()
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
        let sorted = sorted(&all, "");
        assert_eq!(names(&all, &sorted.active), ["Soon", "Late", "Always"]);
        assert_eq!(names(&all, &sorted.upcoming), ["Tomorrow"]);
        assert_eq!(names(&all, &sorted.past), ["Just now", "Long ago"]);
        assert_eq!(names(&all, &sorted.waiting), ["Waiting"]);
        assert_eq!(sorted.len(), all.len());
    }

    #[test]
    fn the_search_looks_for_a_part_of_the_name_in_any_case() {
        let all = [Arc::new(visitor(1, "Émile", 0, 300)), Arc::new(visitor(2, "Guest", 0, 300))];
        let found = |text| names(&all, &sorted(&all, text).active).join(" ");
        assert_eq!(
            (found(" émi "), found("UES"), found("x")),
            ("Émile".into(), "Guest".into(), String::new())
        );
    }
}
