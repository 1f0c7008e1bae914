use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vestibule_model::api::{NewTicket, Page, ProblemCode, Ticket};

use crate::admin::is_email;
use crate::app::{App, Step};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::{mail, site, ticket};
use crate::http::{Failure, Part, Query, Reply, Signed, Write};

/// Characters of a description, and of a line of diagnostics, at most.
const DESCRIPTION: usize = 4_000;
const LINE: usize = 500;
/// Lines of diagnostics, at most.
const LINES: usize = 500;

/// The reports of this user
#[utoipa::path(get, path = "/v1/tickets", tag = "help", params(Part),
    responses((status = OK, body = Page<Ticket>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Ticket>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(part.of(ticket::own(db, viewer, None)?, |ticket| ticket.id.0)))
    })
    .await
}

/// Report a problem; the answer has its number
#[utoipa::path(post, path = "/v1/tickets", tag = "help", request_body = NewTicket,
    responses((status = CREATED, body = Ticket)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewTicket>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        let Step { app, db, viewer, now } = step;
        check(&new)?;
        app.limits.tickets.take(viewer.user, *now)?;
        let number = site::next_ticket(db, viewer.site)?;
        let id = ticket::add(db, viewer, number, &new, *now)?;
        if app.mailer.is_some() {
            mail::add(db, viewer.site, id, *now)?;
        }
        change::record(db, *now, viewer.site, Audience::User(viewer.user), Item::Ticket(id))?;
        let made = ticket::own(db, viewer, Some(id))?.pop();
        Reply::created(&made.ok_or(Failure::Told(ProblemCode::NotFound))?)
    })
    .await
}

fn check(new: &NewTicket) -> Result<(), Failure> {
    let characters = new.description.chars().count();
    if new.description.trim().is_empty() || characters > DESCRIPTION {
        return Err(Failure::value("description"));
    }
    if !is_email(&new.email) {
        return Err(Failure::value("email"));
    }
    let fits = |line: &String| line.chars().count() <= LINE && !line.contains(['\n', '\r']);
    if new.diagnostics.len() > LINES || !new.diagnostics.iter().all(fits) {
        return Err(Failure::value("diagnostics"));
    }
    Ok(())
}
