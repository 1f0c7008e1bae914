use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Deserialize;
use vestibule_model::Timestamp;
use vestibule_model::api::{CallOutcome, CallRecord, CallRecordId, Device, NewCallRecord, Page, ProblemCode};

use crate::app::App;
use crate::db::table::access::KEPT;
use crate::db::table::call_record::{self, Filter};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::{apartment, device};
use crate::http::{Door, Failure, Query, Reply, Sent, Signed, Write, once};

/// Calls of a page where nobody says, and at most.
const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 500;
/// Seconds of a call, at most: a day.
const LONGEST: u32 = 86_400;
/// Milliseconds that the clock of a device may be ahead of ours.
const AHEAD: i64 = 300_000;

/// What of the calls is asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// `next` of the part before.
    cursor: Option<i64>,
    /// At most so many, 50 if nothing is said, never more than 500.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295_u32)]
    limit: Option<u32>,
    /// Only these.
    status: Option<CallOutcome>,
    /// Part of the name of who called or answered, in any case.
    #[serde(default)]
    text: String,
}

/// Report a call that is over
///
/// By the device that called, with its own token. Those who live where it rang see it, and nobody else. Asking again
/// with the same `Idempotency-Key` gives the first answer and keeps nothing more.
#[utoipa::path(post, path = "/v1/call-reports", tag = "calls", request_body = NewCallRecord,
    responses((status = CREATED, body = CallRecord)))]
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    Door(caller): Door,
    write: Write<NewCallRecord>,
) -> Result<Reply, Failure> {
    app.write(move |app, db, now| {
        let sent = Sent { owner: format!("device {}", caller.id.0), key: &write.key, digest: write.digest };
        once(app, db, now, &sent, || {
            // It may have been removed meanwhile.
            let caller = device::one(db, caller.id)?.ok_or(Failure::Told(ProblemCode::TokenInvalid))?;
            app.limits.calls.take(caller.id, now)?;
            let new = &write.value;
            let answered = check(db, &caller, new, now)?;
            let id = call_record::add(db, &caller, new, &answered)?;
            let audience = Audience::Household(new.apartment);
            change::record(db, now, caller.site, audience, Item::CallRecord(id))?;
            let NewCallRecord { apartment, started, seconds, status, answered_by } = write.value;
            let (device, caller) = (Some(caller.id), caller.name);
            Reply::created(&CallRecord {
                id,
                device,
                caller,
                apartment,
                started,
                seconds,
                status,
                answered_by,
                answered,
            })
        })
    })
    .await
}

/// The calls of the own apartments, newest first, 90 days back
#[utoipa::path(get, path = "/v1/call-records", tag = "calls", params(Part),
    responses((status = OK, body = Page<CallRecord>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<CallRecord>>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let limit = i64::from(part.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE));
        let filter = Filter {
            only: None,
            before: part.cursor.map(CallRecordId),
            text: &part.text,
            status: part.status,
            limit: limit + 1,
        };
        let mut items = call_record::visible(db, viewer, &filter, now)?;
        let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            items.pop();
        }
        let next = items.last().filter(|_| more).map(|last| last.id.0.to_string());
        Ok(Json(Page { items, next }))
    })
    .await
}

/// Refuses a call that cannot have been, and gives the name of what answered.
fn check(db: &Connection, caller: &Device, new: &NewCallRecord, now: Timestamp) -> Result<String, Failure> {
    let home = apartment::one(db, new.apartment)?.filter(|home| home.site == caller.site);
    // The door of an apartment rings there and nowhere else.
    if home.is_none() || caller.apartment.is_some_and(|own| own != new.apartment) {
        return Err(Failure::value("apartment"));
    }
    let started = new.started.0.0;
    if started <= now.0.saturating_sub(KEPT) || started > now.0.saturating_add(AHEAD) {
        return Err(Failure::value("started"));
    }
    let is_answered = new.status == CallOutcome::Answered;
    if new.seconds > LONGEST || new.seconds > 0 && !is_answered {
        return Err(Failure::value("seconds"));
    }
    let Some(by) = new.answered_by else { return Ok(String::new()) };
    let found = device::one(db, by)?.filter(|by| by.site == caller.site && by.kind.is_paid() && is_answered);
    found.map(|by| by.name).ok_or_else(|| Failure::value("answered_by"))
}
