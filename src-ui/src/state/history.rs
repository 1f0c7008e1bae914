//! Past calls, page by page, as far as they were scrolled to.

use leptos::prelude::*;
use vestibule_ipc::{Error, HistoryPage, ListHistory};
use vestibule_model::{CallId, HistoryEntry, HistoryFilter};

use crate::backend::Core;

/// Rows that are asked for at a time.
const PAGE: u32 = 50;

/// Past calls, newest first.
#[derive(Clone, Copy)]
pub(crate) struct History {
    core: Core,
    /// The rows that were asked for so far.
    pub(crate) entries: RwSignal<Vec<HistoryEntry>>,
    /// The newest rows whatever the filter is, for the home page.
    pub(crate) recent: RwSignal<Vec<HistoryEntry>>,
    /// Whether older rows match as well.
    pub(crate) more: RwSignal<bool>,
    pub(crate) loading: RwSignal<Loading>,
    /// What is typed into the search field.
    pub(crate) text: RwSignal<String>,
    /// Only calls that nobody answered.
    pub(crate) missed_only: RwSignal<bool>,
    /// Counts questions, so that a late answer to an old one is not taken for the new one's.
    asked: StoredValue<u32>,
}

/// How it stands with the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loading {
    /// The first rows are on their way.
    First,
    /// Older rows are on their way.
    More,
    /// They are there.
    Done,
    /// They could not be read.
    Failed(Error),
}

impl History {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core,
            entries: RwSignal::new(Vec::new()),
            recent: RwSignal::new(Vec::new()),
            more: RwSignal::new(false),
            loading: RwSignal::new(Loading::First),
            text: RwSignal::new(String::new()),
            missed_only: RwSignal::new(false),
            asked: StoredValue::new(0),
        }
    }

    /// Reads as many rows anew as are shown.
    pub(crate) fn refresh(self) {
        let shown = self.entries.with_untracked(Vec::len);
        let limit = u32::try_from(shown).unwrap_or(PAGE).max(PAGE);
        self.ask(None, limit);
        leptos::task::spawn_local(async move {
            let newest = HistoryFilter { limit: PAGE, ..HistoryFilter::default() };
            if let Ok(page) = self.core.call(ListHistory { filter: newest }).await {
                self.recent.set(page.entries);
            }
        });
    }

    /// Shows what the filter says now.
    pub(crate) fn filter(self) {
        self.loading.set(Loading::First);
        self.ask(None, PAGE);
    }

    /// Shows everything.
    pub(crate) fn show_all(self) {
        self.text.set(String::new());
        self.missed_only.set(false);
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
        let last = self.entries.with_untracked(|entries| entries.last().map(|entry| entry.id));
        self.loading.set(Loading::More);
        self.ask(last, PAGE);
    }

    /// A row, wherever it was read.
    pub(crate) fn find(self, call: CallId) -> Option<HistoryEntry> {
        let find = |rows: &Vec<HistoryEntry>| rows.iter().find(|entry| entry.id == call).cloned();
        self.entries.with(find).or_else(|| self.recent.with(find))
    }

    /// What is asked for now.
    pub(crate) fn asked_for(self) -> HistoryFilter {
        let text = self.text.get_untracked();
        HistoryFilter { text, missed_only: self.missed_only.get_untracked(), before: None, limit: PAGE }
    }

    /// Rows of a filter, apart from those that are shown.
    pub(crate) async fn read(self, filter: HistoryFilter) -> Result<HistoryPage, Error> {
        self.core.call(ListHistory { filter }).await
    }

    fn ask(self, before: Option<CallId>, limit: u32) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        let filter = HistoryFilter { before, limit, ..self.asked_for() };
        leptos::task::spawn_local(async move {
            let answer = self.read(filter).await;
            if self.asked.get_value() == number {
                self.take(before, answer);
            }
        });
    }

    fn take(self, before: Option<CallId>, answer: Result<HistoryPage, Error>) {
        match answer {
            Ok(page) => {
                match before {
                    None => self.entries.set(page.entries),
                    Some(_) => self.entries.update(|entries| entries.extend(page.entries)),
                }
                self.more.set(page.more);
                self.loading.set(Loading::Done);
            }
            Err(problem) => {
                // What another filter has found is no answer to this one.
                if self.loading.get_untracked() == Loading::First {
                    self.entries.set(Vec::new());
                    self.more.set(false);
                }
                self.loading.set(Loading::Failed(problem));
            }
        }
    }
}
