//! Past calls as a table.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::{CallId, Direction, HistoryEntry, HistoryFilter};

use crate::catalogue::{Catalogue, t_string};
use crate::components::export::{BATCH, Batch, Read};
use crate::format;
use crate::state::History;
use crate::words;

/// The names of the columns.
pub(super) fn head(i18n: Catalogue) -> Vec<&'static str> {
    vec![
        t_string!(i18n, history.csv_time),
        t_string!(i18n, history.csv_time_utc),
        t_string!(i18n, history.csv_name),
        t_string!(i18n, history.csv_address),
        t_string!(i18n, history.csv_direction),
        t_string!(i18n, history.csv_result),
        t_string!(i18n, history.csv_seconds),
        t_string!(i18n, history.csv_doors),
    ]
}

/// Reads all calls that match the filter as it is when the first are asked for.
pub(super) fn read(i18n: Catalogue, history: History) -> Read {
    let filter = StoredValue::new(HistoryFilter::default());
    Arc::new(move |before| {
        if before.is_none() {
            filter.set_value(history.asked_for());
        }
        let filter = HistoryFilter { before: before.map(CallId), limit: BATCH, ..filter.get_value() };
        Box::pin(async move {
            let page = history.read(filter).await?;
            let last = page.entries.last().filter(|_| page.more).map(|entry| entry.id.0);
            let rows = page.entries.iter().map(|entry| row(i18n, entry)).collect();
            Ok(Batch { rows, next: last })
        })
    })
}

fn row(i18n: Catalogue, entry: &HistoryEntry) -> Vec<String> {
    let direction = match entry.direction {
        Direction::Incoming => t_string!(i18n, history.csv_incoming),
        Direction::Outgoing => t_string!(i18n, history.csv_outgoing),
    };
    let span = entry.answered.zip(entry.ended).map(|(from, to)| to.millis_since(from).max(0) / 1000);
    let doors: Vec<_> = entry.actions.iter().map(|action| words::action(i18n, action)).collect();
    vec![
        format::table_time(entry.started),
        format::iso(entry.started),
        entry.caller.name.clone(),
        entry.caller.address.clone(),
        direction.to_owned(),
        words::outcome(i18n, entry).1,
        span.map(|seconds| seconds.to_string()).unwrap_or_default(),
        doors.join("; "),
    ]
}
