//! A button that writes a list to a file for spreadsheets: all rows that match, not only those that were read so far.

mod csv;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use js_sys::Array;
use leptos::prelude::*;
use vestibule_ipc::Error;
use wasm_bindgen::{JsCast, JsValue};

use self::csv::Table;
use super::icon::{Glyph, Icon};
use crate::catalogue::{say, t_string, use_i18n};
use crate::format;
use crate::state::{Toasts, Tone, use_orders};

/// Rows that are asked for at a time.
pub(crate) const BATCH: u32 = 1_000;

/// How long the browser may take to read the file before it is forgotten.
const READ_WITHIN: Duration = Duration::from_secs(60);

/// Some rows of the list.
pub(crate) struct Batch {
    pub(crate) rows: Vec<Vec<String>>,
    /// The last row's id, when there are older ones.
    pub(crate) next: Option<i64>,
}

/// A batch on its way.
pub(crate) type Batches = Pin<Box<dyn Future<Output = Result<Batch, Error>>>>;

/// Reads the rows older than the one with this id.
pub(crate) type Read = Arc<dyn Fn(Option<i64>) -> Batches + Send + Sync>;

/// The button. Pressed again while rows are read it stops.
#[component]
pub(crate) fn Export(
    /// Begins the name of the file.
    name: &'static str,
    /// The names of the columns.
    head: Vec<&'static str>,
    read: Read,
) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let toasts = expect_context::<Toasts>();
    let busy = RwSignal::new(false);
    // Counts the presses: what an earlier one still reads is for nobody.
    let pressed = StoredValue::new(0_u32);
    let head: Vec<String> = head.into_iter().map(str::to_owned).collect();
    let press = move |_| {
        let turn = pressed.get_value().wrapping_add(1);
        pressed.set_value(turn);
        if busy.get_untracked() {
            busy.set(false);
            return;
        }
        busy.set(true);
        let (read, mut table) = (read.clone(), Table::new(&head));
        leptos::task::spawn_local(async move {
            let mut before = None;
            let whole = loop {
                let batch = match read(before).await {
                    Ok(batch) => batch,
                    Err(problem) => break Err(problem),
                };
                // A page that was left has no values any more.
                if pressed.try_get_value() != Some(turn) {
                    return;
                }
                batch.rows.iter().for_each(|row| table.push(row));
                before = batch.next;
                if before.is_none() {
                    break Ok(table);
                }
            };
            if pressed.try_get_value() != Some(turn) {
                return;
            }
            busy.set(false);
            match whole {
                Ok(table) if table.rows() == 0 => {
                    toasts.show(t_string!(i18n, history.export_empty).to_owned(), Tone::Status);
                }
                Ok(table) => {
                    let words = t_string!(i18n, history.exported, count = table.rows());
                    match offer(&file_name(name), &table.into_text()) {
                        Ok(()) => toasts.show(words, Tone::Status),
                        Err(problem) => {
                            leptos::logging::error!("no file: {problem:?}");
                            toasts.show(t_string!(i18n, history.export_failed).to_owned(), Tone::Problem);
                        }
                    }
                }
                Err(problem) => orders.say(&problem),
            }
        });
    };
    view! {
        <button class="icon-btn" type="button" data-testid="export" on:click=press>
            <Show when=move || busy.get() fallback=|| view! { <Glyph icon=Icon::Table/> }>
                <span class="spinner" aria-hidden="true"></span>
            </Show>
            <span class="vh">
                {move || if busy.get() { t_string!(i18n, history.export_stop) } else { t_string!(i18n, history.export) }}
            </span>
        </button>
        <p class="vh" role="status">
            <Show when=move || busy.get()>{say!(i18n, history.exporting)}</Show>
        </p>
    }
}

/// `vestibule-access-2026-11-21.csv`
fn file_name(name: &str) -> String {
    let format::Day(year, month, day) = format::day(crate::state::now());
    format!("vestibule-{name}-{year:04}-{:02}-{day:02}.csv", month + 1)
}

/// Offers a text as a file to save.
fn offer(name: &str, text: &str) -> Result<(), JsValue> {
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("text/csv;charset=utf-8");
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(
        move || {
            // A file that is forgotten already needs nothing.
            let _ = web_sys::Url::revoke_object_url(&url);
        },
        READ_WITHIN,
    );
    Ok(())
}
