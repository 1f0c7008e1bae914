//! The access log, page by page, as far as it was scrolled to.

use leptos::prelude::*;
use vestibule_ipc::{AccessPage, Error, ListAccess};
use vestibule_model::{AccessEntry, AccessFilter, AccessId, AccessMethod, ApartmentId};

use super::Loading;
use crate::backend::Core;

/// Rows that are asked for at a time.
const PAGE: u32 = 200;

/// Who came in, newest first.
#[derive(Clone, Copy)]
pub(crate) struct AccessLog {
    core: Core,
    /// The rows that were asked for so far.
    pub(crate) entries: RwSignal<Vec<AccessEntry>>,
    /// Whether older rows match as well.
    pub(crate) more: RwSignal<bool>,
    pub(crate) loading: RwSignal<Loading>,
    /// What is typed into the search field.
    pub(crate) text: RwSignal<String>,
    /// Only what was denied.
    pub(crate) problems_only: RwSignal<bool>,
    /// Only this method.
    pub(crate) method: RwSignal<Option<AccessMethod>>,
    /// Only this apartment's, and what is of the whole house.
    pub(crate) apartment: Memo<Option<ApartmentId>>,
    /// Counts questions, so that a late answer to an old one is not taken for the new one's.
    asked: StoredValue<u32>,
}

impl AccessLog {
    pub(crate) fn new(core: Core, apartment: Memo<Option<ApartmentId>>) -> Self {
        Self {
            core,
            entries: RwSignal::new(Vec::new()),
            more: RwSignal::new(false),
            loading: RwSignal::new(Loading::First),
            text: RwSignal::new(String::new()),
            problems_only: RwSignal::new(false),
            method: RwSignal::new(None),
            apartment,
            asked: StoredValue::new(0),
        }
    }

    /// Reads the newest rows anew, and keeps the older ones that were read.
    pub(crate) fn refresh(self) {
        self.ask(Question::Newest);
    }

    /// Shows what the filter says now.
    pub(crate) fn filter(self) {
        self.loading.set(Loading::First);
        self.ask(Question::Filter);
    }

    /// Shows everything.
    pub(crate) fn show_all(self) {
        self.text.set(String::new());
        self.problems_only.set(false);
        self.method.set(None);
        self.filter();
    }

    /// Reads the next older rows, unless they are on their way, could not be read, or there are none.
    pub(crate) fn load_more(self) {
        if self.more.get_untracked() && self.loading.get_untracked() == Loading::Done {
            self.load_more_anyway();
        }
    }

    /// Reads the next older rows once more.
    pub(crate) fn load_more_anyway(self) {
        self.loading.set(Loading::More);
        self.ask(Question::Older);
    }

    /// Whether anything is left out.
    pub(crate) fn is_filtered(self) -> bool {
        self.text.with(|text| !text.is_empty()) || self.problems_only.get() || self.method.get().is_some()
    }

    /// A row that was read. They come newest first.
    pub(crate) fn find(self, id: AccessId) -> Option<AccessEntry> {
        self.entries.with(|rows| {
            let place = rows.binary_search_by(|row| id.cmp(&row.id)).ok()?;
            rows.get(place).cloned()
        })
    }

    /// What is asked for now.
    pub(crate) fn asked_for(self) -> AccessFilter {
        AccessFilter {
            text: self.text.get_untracked().trim().to_owned(),
            problems_only: self.problems_only.get_untracked(),
            method: self.method.get_untracked(),
            apartment: self.apartment.get_untracked(),
            before: None,
            limit: PAGE,
        }
    }

    /// Rows of a filter, apart from those that are shown.
    pub(crate) async fn read(self, filter: AccessFilter) -> Result<AccessPage, Error> {
        self.core.call(ListAccess { filter }).await
    }

    fn ask(self, question: Question) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        let last = self.entries.with_untracked(|rows| rows.last().map(|row| row.id));
        let before = last.filter(|_| question == Question::Older);
        let filter = AccessFilter { before, ..self.asked_for() };
        leptos::task::spawn_local(async move {
            let answer = self.read(filter).await;
            if self.asked.get_value() == number {
                self.take(question, answer);
            }
        });
    }

    fn take(self, question: Question, answer: Result<AccessPage, Error>) {
        match (question, answer) {
            (Question::Filter, Ok(page)) => {
                self.entries.set(page.entries);
                self.more.set(page.more);
            }
            (Question::Older, Ok(page)) => {
                self.entries.update(|rows| rows.extend(page.entries));
                self.more.set(page.more);
            }
            (Question::Newest, Ok(page)) => {
                let old = self.entries.with_untracked(Clone::clone);
                let (rows, kept) = renew(page.entries, old);
                self.entries.set(rows);
                if !kept {
                    self.more.set(page.more);
                }
            }
            (question, Err(problem)) => {
                // What another filter has found is no answer to this one.
                if question == Question::Filter {
                    self.entries.set(Vec::new());
                    self.more.set(false);
                }
                return self.loading.set(Loading::Failed(problem));
            }
        }
        self.loading.set(Loading::Done);
    }
}

/// What is asked of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// The first rows of another filter.
    Filter,
    /// What has come since.
    Newest,
    /// The next older rows.
    Older,
}

/// The newest rows in front of the older ones that were read before, and whether any of those were kept: none where
/// rows may be missing in between.
fn renew(mut newest: Vec<AccessEntry>, old: Vec<AccessEntry>) -> (Vec<AccessEntry>, bool) {
    let Some(last) = newest.last().map(|row| row.id) else { return (newest, false) };
    let meet = old.first().is_some_and(|first| first.id >= last);
    if !meet {
        return (newest, false);
    }
    let mut older = old.into_iter().skip_while(|row| row.id >= last).peekable();
    let kept = older.peek().is_some();
    newest.extend(older);
    (newest, kept)
}

#[cfg(test)]
mod tests {
    use vestibule_model::{AccessResult, Timestamp};

    use super::*;

    fn rows(ids: &[i64]) -> Vec<AccessEntry> {
        let row = |id: &i64| AccessEntry {
            id: AccessId(*id),
            at: Timestamp(0),
            door: String::new(),
            person: String::new(),
            method: AccessMethod::Pin,
            result: AccessResult::Allowed,
        };
        ids.iter().map(row).collect()
    }

    #[test]
    fn new_rows_stand_before_those_that_were_read() {
        for (newest, old, whole, kept) in [
            (&[9, 8, 7][..], &[8, 7, 6, 5][..], &[9, 8, 7, 6, 5][..], true),
            (&[9, 8, 7], &[8, 7], &[9, 8, 7], false),
            (&[9, 8, 7], &[6, 5], &[9, 8, 7], false),
            (&[9, 8], &[], &[9, 8], false),
            (&[], &[9, 8], &[], false),
        ] {
            assert_eq!(renew(rows(newest), rows(old)), (rows(whole), kept), "{newest:?} {old:?}");
        }
    }
}
