//! What happened: the access log and the reports. And what nobody sees here.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use vestibule_model::AccessResult;

use crate::app::App;
use crate::db::table::{site, ticket};
use crate::handler::access;
use crate::http::Query;
use crate::page::layout::{Answer, optional, page, tick};
use crate::page::session::Visit;
use crate::page::site::word;

/// Reports of a site that are shown.
const TICKETS: i64 = 200;

/// What of the log is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    cursor: Option<i64>,
    #[serde(default)]
    text: String,
    problems: Option<String>,
}

/// Says that there is nothing to see.
pub(super) async fn visitors(visit: Visit) -> Response {
    let content = html! {
        p { "Visitors and their codes belong to those who live in an apartment. No administrator sees them, so there is nothing here." }
        p { "How many digits a PIN has, and whether visitors get a QR code, is set at the " a href="/admin/sites" { "site" } "." }
    };
    page(&visit, "Visitors", &content)
}

/// The access log, newest first.
pub(super) async fn log(State(app): State<Arc<App>>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let problems = asked.problems.is_some();
    let part = access::Part::new(asked.cursor, asked.text.clone(), problems);
    let found = access::list(State(app), visit.signed, Query(part)).await?;
    let older = found.next.as_ref().map(|next| {
        let text: String = asked.text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let problems = if problems { "&problems=on" } else { "" };
        format!("/admin/log?cursor={next}&text={text}{problems}")
    });
    let content = html! {
        form.fields method="get" action="/admin/log" {
            (optional("text", "Door or person", &asked.text))
            (tick("problems", "on", "Only what was denied", problems))
            button { "Search" }
        }
        @if found.items.is_empty() { p { "There is nothing in the log." } } @else {
            div.scroll tabindex="0" role="region" aria-label="Access log" {
                table {
                    thead { tr { th { "Time (UTC)" } th { "Door" } th { "Who" } th { "By" } th { "Result" } } }
                    tbody {
                        @for line in &found.items {
                            tr {
                                td { (line.at) }
                                td { (line.door) }
                                td { @if line.person.is_empty() { "unknown" } @else { (line.person) } }
                                td { (word(&line.method)) }
                                td {
                                    @match line.result {
                                        AccessResult::Allowed => "allowed",
                                        AccessResult::Denied { why } => { "denied: " (word(&why)) },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(older) = older { p { a href=(older) { "Older" } } }
    };
    Ok(page(&visit, "Access log", &content))
}

/// The reports of all sites that this administrator has.
pub(super) async fn tickets(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let found = app
        .read_as(visit.signed, |_, db, viewer, _| {
            let mut all = Vec::new();
            for site in site::visible(db, viewer)? {
                all.extend(ticket::of_site(db, site.id, None, TICKETS)?);
            }
            Ok(all)
        })
        .await?;
    let content = html! {
        @if found.is_empty() { p { "Nobody has reported anything." } }
        @for ticket in &found {
            section {
                h2 { "Report " (ticket.number) }
                p.hint { (ticket.at) ", answer to " (ticket.email) }
                p { (ticket.description) }
                @if !ticket.diagnostics.is_empty() {
                    details {
                        summary { "Diagnostics" }
                        ul { @for line in &ticket.diagnostics { li { (line) } } }
                    }
                }
            }
        }
    };
    Ok(page(&visit, "Reports", &content))
}
