//! The access log as a table.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::{AccessEntry, AccessFilter, AccessId};

use super::words;
use crate::catalogue::{Catalogue, t_string};
use crate::components::export::{BATCH, Batch, Read};
use crate::format;
use crate::state::AccessLog;

/// The names of the columns.
pub(super) fn head(i18n: Catalogue) -> Vec<&'static str> {
    vec![
        t_string!(i18n, access.csv_time),
        t_string!(i18n, access.csv_time_utc),
        t_string!(i18n, access.door),
        t_string!(i18n, access.person),
        t_string!(i18n, access.method),
        t_string!(i18n, access.result),
        t_string!(i18n, access.why),
    ]
}

/// Reads all rows that match the filter as it is when the first are asked for.
pub(super) fn read(i18n: Catalogue, log: AccessLog) -> Read {
    let filter = StoredValue::new(AccessFilter::default());
    Arc::new(move |before| {
        if before.is_none() {
            filter.set_value(log.asked_for());
        }
        let filter = AccessFilter { before: before.map(AccessId), limit: BATCH, ..filter.get_value() };
        Box::pin(async move {
            let page = log.read(filter).await?;
            let last = page.entries.last().filter(|_| page.more).map(|entry| entry.id.0);
            let rows = page.entries.iter().map(|entry| row(i18n, entry)).collect();
            Ok(Batch { rows, next: last })
        })
    })
}

fn row(i18n: Catalogue, entry: &AccessEntry) -> Vec<String> {
    let denial = words::denial(entry);
    let result = match denial {
        None => t_string!(i18n, access.allowed),
        Some(_) => t_string!(i18n, access.denied),
    };
    let why = denial.map(|why| words::why(i18n, why, entry.method)).unwrap_or_default();
    vec![
        format::table_time(entry.at),
        format::iso(entry.at),
        entry.door.clone(),
        words::person(i18n, entry),
        words::method(i18n, entry.method).1.to_owned(),
        result.to_owned(),
        why.to_owned(),
    ]
}
