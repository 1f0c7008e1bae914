use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Deserialize;
use vestibule_model::api::{Access, Change, Changes, ProblemCode, Snapshot};
use vestibule_model::{AccessId, Timestamp, VisitorId};

use crate::app::App;
use crate::db::table::access::{self, Filter};
use crate::db::table::change::{self, Item};
use crate::db::table::{apartment, call_record, contact, device, person, server, site, ticket, visitor};
use crate::handler::visitor::present_all;
use crate::http::{Failure, Query, Signed};
use crate::licensing;
use crate::viewer::Viewer;

/// Changes of a page.
const PAGE: i64 = 200;

/// From where on.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Since {
    /// `cursor` of the last snapshot or the last changes.
    since: String,
}

/// A place in the feed: the epoch, and the last change that is known.
struct Cursor {
    epoch: i64,
    seq: i64,
}

/// Everything that this user may see, but for the access log and the calls
#[utoipa::path(get, path = "/v1/snapshot", tag = "sync", responses((status = OK, body = Snapshot)))]
pub(crate) async fn snapshot(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<Snapshot>, Failure> {
    app.read_as(signed, |app, db, viewer, now| {
        let (epoch, _) = server::epoch(db)?;
        let me = person::visible(db, viewer, Some(viewer.user))?.pop();
        let visitors = visitor::visible(db, viewer, None, VisitorId(0), i64::MAX)?;
        let mut sites = site::visible(db, viewer)?;
        licensing::say_of_sites(db, viewer, &mut sites, now)?;
        let mut devices = device::visible(db, viewer, None)?;
        licensing::say_of_devices(db, &mut devices, now)?;
        Ok(Json(Snapshot {
            cursor: Cursor { epoch, seq: change::newest(db)? }.text(),
            user: me.ok_or(Failure::Told(ProblemCode::NotFound))?,
            sites,
            apartments: apartment::visible(db, viewer, None)?,
            devices,
            contacts: contact::visible(db, viewer, None)?,
            visitors: present_all(app, db, visitors, now)?,
            tickets: ticket::own(db, viewer, None)?,
        }))
    })
    .await
}

/// What changed after a cursor, deletions too
///
/// A cursor that is too old, from before the server was restored, or from before this user's rights changed, is
/// answered with 410: begin with a snapshot.
#[utoipa::path(get, path = "/v1/changes", tag = "sync", params(Since),
    responses((status = OK, body = Changes)))]
pub(crate) async fn changes(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(Since { since }): Query<Since>,
) -> Result<Json<Changes>, Failure> {
    app.read_as(signed, move |app, db, viewer, now| {
        let lost = || Failure::Told(ProblemCode::CursorLost);
        let (epoch, pruned) = server::epoch(db)?;
        let newest = change::newest(db)?;
        let from = Cursor::read(&since).filter(|from| from.epoch == epoch).ok_or_else(lost)?;
        if from.seq < pruned || from.seq > newest {
            return Err(lost());
        }
        let mut rows = change::visible(db, viewer, from.seq, PAGE + 1)?;
        if rows.iter().any(|row| matches!(row.item, Some(Item::Rights(_)))) {
            return Err(lost());
        }
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let seq = rows.last().filter(|_| more).map_or(newest, |last| last.seq);
        let mut seen = HashSet::new();
        let mut items = Vec::new();
        for item in rows.iter().filter_map(|row| row.item).filter(|item| seen.insert(*item)) {
            items.extend(as_it_is(app, db, viewer, item, now)?);
        }
        Ok(Json(Changes { items, cursor: Cursor { epoch, seq }.text(), more }))
    })
    .await
}

/// What the viewer may see of it now; nothing for what only wakes streams up.
fn as_it_is(
    app: &App,
    db: &Connection,
    viewer: &Viewer,
    item: Item,
    now: Timestamp,
) -> Result<Option<Change>, Failure> {
    Ok(Some(match item {
        Item::Site(id) => {
            let mut found = site::visible(db, viewer)?;
            found.retain(|site| site.id == id);
            licensing::say_of_sites(db, viewer, &mut found, now)?;
            Change::Site { id, now: found.pop() }
        }
        Item::Apartment(id) => Change::Apartment { id, now: apartment::visible(db, viewer, Some(id))?.pop() },
        Item::Device(id) => {
            let mut found = device::visible(db, viewer, Some(id))?;
            licensing::say_of_devices(db, &mut found, now)?;
            Change::Device { id, now: found.pop() }
        }
        Item::Contact(id) => Change::Contact { id, now: contact::visible(db, viewer, Some(id))?.pop() },
        Item::Visitor(id) => {
            let rows = visitor::visible(db, viewer, Some(id), VisitorId(0), 1)?;
            Change::Visitor { id, now: present_all(app, db, rows, now)?.pop() }
        }
        Item::Access(id) => Change::Access { id, now: line(db, viewer, id, now)? },
        Item::Ticket(id) => Change::Ticket { id, now: ticket::own(db, viewer, Some(id))?.pop() },
        Item::CallRecord(id) => {
            let filter =
                call_record::Filter { only: Some(id), before: None, text: "", status: None, limit: 1 };
            Change::CallRecord { id, now: call_record::visible(db, viewer, &filter, now)?.pop() }
        }
        Item::Rights(_) | Item::Session(_) => return Ok(None),
    }))
}

fn line(db: &Connection, viewer: &Viewer, id: AccessId, now: Timestamp) -> Result<Option<Access>, Failure> {
    let filter =
        Filter { only: Some(id), before: None, text: "", method: None, problems_only: false, limit: 1 };
    Ok(access::visible(db, viewer, &filter, now)?.pop())
}

impl Cursor {
    fn read(text: &str) -> Option<Self> {
        let (epoch, seq) = text.split_once('.')?;
        Some(Self { epoch: epoch.parse().ok()?, seq: seq.parse().ok()? })
    }

    fn text(&self) -> String {
        format!("{}.{}", self.epoch, self.seq)
    }
}
