//! Apartments and users from a file: shown first, and done when it is confirmed.

use std::sync::Arc;

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use maud::html;
use serde::{Deserialize, Serialize};
use vestibule_model::Timestamp;
use vestibule_model::api::{ProblemCode, SiteId};

use crate::app::{App, Step};
use crate::db::table::upload;
use crate::handler::calls::administered_site;
use crate::http::{Failure, Reply};
use crate::import::{self, Preview, Sheet};
use crate::page::form::Sent;
use crate::page::layout::{Answer, page};
use crate::page::session::Visit;
use crate::page::site::{choose, visible};

/// Milliseconds that a file waits to be confirmed: an hour.
const GOOD: i64 = 3_600_000;
/// Lines that cannot be taken, as far as they are listed.
const LISTED: usize = 200;

/// A file, from a form of ours.
pub(super) struct Upload {
    visit: Visit,
    site: SiteId,
    content: Vec<u8>,
}

/// What was done.
#[derive(Serialize, Deserialize)]
struct Done {
    apartments: usize,
    users: usize,
}

pub(super) async fn form(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let content = html! {
        p { "CSV (UTF-8), XLS or XLSX. The first line names the columns: floor, apartment number, apartment name, first name, surname, e-mail, comment." }
        form.fields method="post" action="/admin/import" enctype="multipart/form-data" {
            (visit.hidden())
            (choose(&sites))
            label { "File" input type="file" name="file" accept=".csv,.xls,.xlsx" required; }
            button { "Look at it" }
        }
        p.hint { "Nothing is imported before you have seen what would be." }
    };
    Ok(page(&visit, "Import", &content))
}

pub(super) async fn preview(State(app): State<Arc<App>>, sent: Upload) -> Answer {
    let Upload { visit, site, content } = sent;
    let signed = visit.signed;
    let sheet = match Sheet::read(&content) {
        Ok(sheet) => sheet,
        Err(error) => {
            let content =
                html! { p.bad role="alert" { (error) "." } p { a href="/admin/import" { "Another file" } } };
            return Ok(page(&visit, "Import", &content));
        }
    };
    let (preview, id) = app
        .write(move |app, db, now| {
            let viewer = signed.viewer(db, now)?;
            let site = administered_site(db, &viewer, site)?;
            let preview = import::preview(db, site, &sheet)?;
            let sealed = app.keys.seal(place(site).as_bytes(), &content)?;
            Ok((preview, upload::keep(db, viewer.user, site, Timestamp(now.0 + GOOD), &sealed)?))
        })
        .await?;
    let Preview { apartments, users, errors } = preview;
    let content = html! {
        p { (users) " users and " (apartments) " new apartments are to be imported." }
        @if errors.is_empty() {
            form method="post" action="/admin/import/confirm" {
                (visit.hidden())
                input type="hidden" name="upload" value=(id);
                button { "Import all of it" }
            }
        } @else {
            p.bad role="alert" { (errors.len()) " lines cannot be taken, so nothing can be imported:" }
            ul { @for error in errors.iter().take(LISTED) { li { "line " (error.line) ": " (error.why) } } }
        }
        p { a href="/admin/import" { "Another file" } }
    };
    Ok(page(&visit, "Import", &content))
}

pub(super) async fn confirm(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let write = sent.write(sent.fields.value::<i64>("upload")?);
    let done: Done = app
        .write_once(sent.visit.signed, write, |step, id| {
            let Step { app, db, viewer, now } = step;
            let found = upload::take(db, viewer.user, id, *now)?;
            let (site, sealed) = found.ok_or(Failure::Told(ProblemCode::NotFound))?;
            let site = administered_site(db, viewer, site)?;
            let content = app.keys.open(place(site).as_bytes(), &sealed)?;
            let sheet = Sheet::read(&content).map_err(|_| Failure::value("file"))?;
            let preview = import::import(db, *now, site, &sheet)?;
            if let Some(error) = preview.errors.first() {
                // Somebody was added since it was shown.
                return Err(Failure::value(format!("line {}: {}", error.line, error.why)));
            }
            Reply::ok(&Done { apartments: preview.apartments, users: preview.users })
        })
        .await?
        .read()?;
    let content = html! {
        p role="status" { (done.users) " users and " (done.apartments) " new apartments were imported." }
        p { a href="/admin/users" { "On to the users" } }
    };
    Ok(page(&sent.visit, "Import", &content))
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = crate::page::layout::Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::of(&mut parts, app).await?;
        let read = read(app, Request::from_parts(parts, body));
        let read = tokio::time::timeout(app.config.patience(), read).await;
        let (csrf, site, content) = read.map_err(|_| Failure::Told(ProblemCode::TooSlow))??;
        if !visit.is_ours(&csrf) {
            return Err(Failure::Told(ProblemCode::Forbidden).into());
        }
        Ok(Self { visit, site, content })
    }
}

async fn read(app: &Arc<App>, request: Request) -> Result<(String, SiteId, Vec<u8>), Failure> {
    let wrong = || Failure::Told(ProblemCode::BodyInvalid);
    let mut parts = Multipart::from_request(request, app).await.map_err(|_| wrong())?;
    let (mut csrf, mut site, mut content) = (String::new(), None, Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|_| wrong())? {
        match part.name() {
            Some("csrf") => csrf = part.text().await.map_err(|_| wrong())?,
            Some("site") => site = part.text().await.map_err(|_| wrong())?.parse().ok().map(SiteId),
            Some("file") => {
                content = part.bytes().await.map_err(|_| Failure::Told(ProblemCode::BodyTooLarge))?.into()
            }
            _ => (),
        }
    }
    Ok((csrf, site.ok_or(Failure::value("site"))?, content))
}

fn place(site: SiteId) -> String {
    format!("upload {}", site.0)
}
