use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use vestibule_model::api::{NewVisitor, Page, ProblemCode, SiteId, Utc, Visitor, VisitorChange};
use vestibule_model::{ApartmentId, Timestamp, VisitorCodes, VisitorId, VisitorState};

use crate::admin::is_text;
use crate::app::{App, Step};
use crate::codes::{draw_free, open, seal_new_qr, seal_pin};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::visitor::{self, Kept};
use crate::db::table::{apartment, site};
use crate::http::{Failure, Id, NoBody, Part, Query, Reply, Signed, Write};
use crate::schedule;
use crate::viewer::Viewer;

/// Uses that a visitor can have, at most.
const MOST_USES: u32 = 1_000;

/// What a change and a new visitor have in common.
struct Wanted<'a> {
    name: &'a str,
    from: Option<Utc>,
    until: Option<Utc>,
    schedule: &'a [vestibule_model::VisitingHours],
    uses: Option<u32>,
    apartment_door: bool,
}

/// The visitors of the own apartments
#[utoipa::path(get, path = "/v1/visitors", tag = "visitors", params(Part),
    responses((status = OK, body = Page<Visitor>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Visitor>>, Failure> {
    app.read_as(signed, move |app, db, viewer, now| {
        let limit = i64::try_from(part.limit() + 1).unwrap_or(i64::MAX);
        let rows = visitor::visible(db, viewer, None, VisitorId(part.after()), limit)?;
        let visitors = present_all(app, db, rows, now)?;
        Ok(Json(part.of(visitors, |visitor| visitor.id.0)))
    })
    .await
}

/// A visitor
#[utoipa::path(get, path = "/v1/visitors/{id}", tag = "visitors", params(("id" = i64, Path)),
    responses((status = OK, body = Visitor)))]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Visitor>, Failure> {
    app.read_as(signed, move |app, db, viewer, now| {
        Ok(Json(present(app, db, find(db, viewer, VisitorId(id))?, now)?))
    })
    .await
}

/// Make a visitor; the server makes PIN and, where the site wants it, QR code
#[utoipa::path(post, path = "/v1/visitors", tag = "visitors", request_body = NewVisitor,
    responses((status = CREATED, body = Visitor)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewVisitor>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        let Step { app, db, viewer, now } = step;
        // An apartment of somebody else is as unknown as one that is not there.
        if !viewer.lives_in(db, new.apartment)? {
            return Err(Failure::Field(ProblemCode::Forbidden, "apartment".to_owned()));
        }
        let wanted = Wanted {
            name: &new.name,
            from: new.from,
            until: new.until,
            schedule: &new.schedule,
            uses: new.uses,
            apartment_door: new.apartment_door,
        };
        check(db, new.apartment, &wanted)?;
        if new.until.is_some_and(|until| until.0 <= *now) {
            return Err(Failure::value("until"));
        }
        app.limits.pins.take(viewer.user, *now)?;
        let site = site_of(db, new.apartment)?;
        let setting = site::one(db, site)?.ok_or(Failure::Told(ProblemCode::NotFound))?;
        let qr = if setting.qr_codes { Some(seal_new_qr(&app.keys, site)?) } else { None };
        let id = draw_free(&mut getrandom::fill, setting.pin_length, |pin| {
            let pin = seal_pin(&app.keys, site, pin)?;
            Ok(visitor::add(db, site, &new, &pin, qr.as_ref())?)
        })?;
        let id = id.ok_or(Failure::Told(ProblemCode::NoPinFree))?;
        Reply::created(&changed(step, id)?)
    })
    .await
}

/// Change a visitor; apartment and codes stay
#[utoipa::path(put, path = "/v1/visitors/{id}", tag = "visitors", params(("id" = i64, Path)),
    request_body = VisitorChange, responses((status = OK, body = Visitor)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<VisitorChange>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, asked| {
        let Step { db, viewer, .. } = step;
        let kept = find(db, viewer, VisitorId(id))?;
        let wanted = Wanted {
            name: &asked.name,
            from: asked.from,
            until: asked.until,
            schedule: &asked.schedule,
            uses: asked.uses,
            apartment_door: asked.apartment_door,
        };
        check(db, kept.apartment, &wanted)?;
        if !visitor::change(db, kept.id, &asked)? {
            return Err(Failure::Told(ProblemCode::RevisionOutdated));
        }
        Reply::ok(&changed(step, kept.id)?)
    })
    .await
}

/// Take a visitor's codes back, for good
#[utoipa::path(post, path = "/v1/visitors/{id}/revoke", tag = "visitors", params(("id" = i64, Path)),
    responses((status = OK, body = Visitor)))]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let kept = find(step.db, &step.viewer, VisitorId(id))?;
        visitor::revoke(step.db, kept.id)?;
        Reply::ok(&changed(step, kept.id)?)
    })
    .await
}

/// Give a visitor another PIN; the old one is worth nothing from now on
#[utoipa::path(post, path = "/v1/visitors/{id}/pin", tag = "visitors", params(("id" = i64, Path)),
    responses((status = OK, body = Visitor)))]
pub(crate) async fn renew_pin(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let Step { app, db, viewer, now } = step;
        let kept = find(db, viewer, VisitorId(id))?;
        if kept.revoked {
            return Err(Failure::Told(ProblemCode::Forbidden));
        }
        app.limits.pins.take(viewer.user, *now)?;
        let setting = site::one(db, kept.site)?.ok_or(Failure::Told(ProblemCode::NotFound))?;
        let old = &kept.pin.mac;
        let given = draw_free(&mut getrandom::fill, setting.pin_length, |pin| {
            let pin = seal_pin(&app.keys, kept.site, pin)?;
            // The old one is its own, so the index would let it through.
            Ok((pin.mac != *old && visitor::set_pin(db, kept.id, &pin)?).then_some(()))
        })?;
        given.ok_or(Failure::Told(ProblemCode::NoPinFree))?;
        Reply::ok(&changed(step, kept.id)?)
    })
    .await
}

/// Remove a visitor; what it did stays in the access log
#[utoipa::path(delete, path = "/v1/visitors/{id}", tag = "visitors", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let kept = find(step.db, &step.viewer, VisitorId(id))?;
        visitor::delete(step.db, kept.id)?;
        record(step, &kept)?;
        Ok(Reply::done())
    })
    .await
}

/// A visitor that the viewer may see.
pub(crate) fn find(db: &Connection, viewer: &Viewer, id: VisitorId) -> Result<Kept, Failure> {
    let mut found = visitor::visible(db, viewer, Some(id), VisitorId(0), 1)?;
    found.pop().ok_or(Failure::Told(ProblemCode::NotFound))
}

/// Visitors as they go over the wire, with their codes.
pub(crate) fn present_all(
    app: &App,
    db: &Connection,
    rows: Vec<Kept>,
    now: Timestamp,
) -> Result<Vec<Visitor>, Failure> {
    rows.into_iter().map(|kept| present(app, db, kept, now)).collect()
}

fn present(app: &App, db: &Connection, kept: Kept, now: Timestamp) -> Result<Visitor, Failure> {
    let (pin, qr) = open(&app.keys, &kept)?;
    let zone = site::one(db, kept.site)?.map(|site| site.zone).unwrap_or_default();
    let mut visitor = Visitor {
        id: kept.id,
        revision: kept.revision,
        name: kept.name,
        apartment: kept.apartment,
        from: kept.from.map(Utc),
        until: kept.until.map(Utc),
        schedule: kept.schedule,
        uses: kept.uses,
        apartment_door: kept.apartment_door,
        codes: VisitorCodes { pin, qr },
        revoked: kept.revoked,
        state: VisitorState::Active,
        zone,
    };
    // The rule is the model's, which the app goes by too.
    visitor.state = vestibule_model::Visitor::from(visitor.clone()).state(now);
    Ok(visitor)
}

/// Tells those who live there, and gives the visitor as it is now.
fn changed(step: &Step<'_>, id: VisitorId) -> Result<Visitor, Failure> {
    let kept = find(step.db, &step.viewer, id)?;
    record(step, &kept)?;
    present(step.app, step.db, kept, step.now)
}

fn record(step: &Step<'_>, kept: &Kept) -> Result<(), Failure> {
    let (audience, item) = (Audience::Household(kept.apartment), Item::Visitor(kept.id));
    Ok(change::record(step.db, step.now, kept.site, audience, item)?)
}

fn site_of(db: &Connection, id: ApartmentId) -> Result<SiteId, Failure> {
    let found = apartment::one(db, id)?;
    found.map(|apartment| apartment.site).ok_or(Failure::Told(ProblemCode::NotFound))
}

/// Refuses what the site does not allow, and names the field.
fn check(db: &Connection, of: ApartmentId, wanted: &Wanted<'_>) -> Result<(), Failure> {
    if !is_text(wanted.name, 100) {
        return Err(Failure::value("name"));
    }
    if let (Some(from), Some(until)) = (wanted.from, wanted.until)
        && from >= until
    {
        return Err(Failure::value("until"));
    }
    if let Some(field) = schedule::wrong(wanted.schedule) {
        return Err(Failure::value(field));
    }
    if wanted.uses.is_some_and(|uses| !(1..=MOST_USES).contains(&uses)) {
        return Err(Failure::value("uses"));
    }
    let has_access_unit = apartment::one(db, of)?.is_some_and(|apartment| apartment.has_access_unit);
    if wanted.apartment_door && !has_access_unit {
        return Err(Failure::value("apartment_door"));
    }
    Ok(())
}
