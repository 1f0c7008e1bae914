//! What administrators say of calls: whom intercoms ring, whom users may call, how devices are configured.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use rusqlite::Connection;
use vestibule_model::api::{
    CallSettings, Device, DeviceId, Directory, ProblemCode, SiteId, Template, User, UserId,
};
use vestibule_model::{DeviceKind, DeviceStatus};

use crate::app::{App, Step};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::{call_settings, device, directory, person, site, template};
use crate::handler::presence;
use crate::http::{Failure, Id, Reply, Signed, Write};
use crate::telephony;
use crate::viewer::Viewer;

/// Entries of a directory, at most.
const ENTRIES: usize = 500;

type KindPath = Result<Path<(i64, DeviceKind)>, PathRejection>;

/// Whom an intercom rings, and its codes
#[utoipa::path(get, path = "/v1/devices/{id}/call-settings", tag = "calls", params(("id" = i64, Path)),
    responses((status = OK, body = CallSettings)))]
pub(crate) async fn settings(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<CallSettings>, Failure> {
    app.read_as(signed, move |app, db, viewer, _| {
        let of = administered(db, viewer, DeviceId(id))?;
        Ok(Json(telephony::call_settings(db, &app.keys, of.id)?))
    })
    .await
}

/// Set whom an intercom rings, and its codes
///
/// What the intercom's buttons call stays the same, whoever rings.
#[utoipa::path(put, path = "/v1/devices/{id}/call-settings", tag = "calls", params(("id" = i64, Path)),
    request_body = CallSettings, responses((status = OK, body = CallSettings)))]
pub(crate) async fn set_settings(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<CallSettings>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, asked| {
        let Step { app, db, viewer, now } = step;
        let of = administered(db, viewer, DeviceId(id))?;
        telephony::set_call_settings(db, &app.keys, &of, &asked)?;
        if of.status == DeviceStatus::MissingCallSettings && call_settings::rings_anybody(db, of.id)? {
            // Until it says again how it stands.
            device::set_status(db, of.id, DeviceStatus::Online)?;
        }
        presence::changed(db, &of, *now)?;
        Reply::ok(&telephony::call_settings(db, &app.keys, of.id)?)
    })
    .await
}

/// Whom a user was given to call
#[utoipa::path(get, path = "/v1/users/{id}/directory", tag = "calls", params(("id" = i64, Path)),
    responses((status = OK, body = Directory)))]
pub(crate) async fn directory(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Directory>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        let of = administered_user(db, viewer, UserId(id))?;
        Ok(Json(Directory { devices: directory::of(db, of.id)? }))
    })
    .await
}

/// Give a user these to call, and no others
#[utoipa::path(put, path = "/v1/users/{id}/directory", tag = "calls", params(("id" = i64, Path)),
    request_body = Directory, responses((status = OK, body = Directory)))]
pub(crate) async fn set_directory(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<Directory>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, asked| {
        let Step { db, viewer, now, .. } = step;
        let of = administered_user(db, viewer, UserId(id))?;
        if asked.devices.len() > ENTRIES {
            return Err(Failure::value("devices"));
        }
        for (at, id) in asked.devices.iter().enumerate() {
            if device::one(db, *id)?.is_none_or(|found| found.site != of.site) {
                return Err(Failure::value(format!("devices[{at}]")));
            }
        }
        directory::set(db, of.id, &asked.devices)?;
        for phone in device::all_of_owner(db, of.id)? {
            change::record(db, *now, of.site, Audience::User(of.id), Item::Device(phone.id))?;
        }
        Reply::ok(&Directory { devices: directory::of(db, of.id)? })
    })
    .await
}

/// How devices of a kind are configured in a site
#[utoipa::path(get, path = "/v1/sites/{id}/templates/{kind}", tag = "calls",
    params(("id" = i64, Path), ("kind" = DeviceKind, Path)), responses((status = OK, body = Template)))]
pub(crate) async fn template(
    State(app): State<Arc<App>>,
    signed: Signed,
    path: KindPath,
) -> Result<Json<Template>, Failure> {
    let (id, kind) = place(path)?;
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(template::of(db, administered_site(db, viewer, id)?, kind)?))
    })
    .await
}

/// Set how devices of a kind are configured in a site
#[utoipa::path(put, path = "/v1/sites/{id}/templates/{kind}", tag = "calls",
    params(("id" = i64, Path), ("kind" = DeviceKind, Path)),
    request_body = Template, responses((status = OK, body = Template)))]
pub(crate) async fn set_template(
    State(app): State<Arc<App>>,
    signed: Signed,
    path: KindPath,
    write: Write<Template>,
) -> Result<Reply, Failure> {
    let (id, kind) = place(path)?;
    app.write_once(signed, write, move |step, asked| {
        let Step { db, viewer, now, .. } = step;
        let site = administered_site(db, viewer, id)?;
        telephony::check_template(&asked)?;
        template::set(db, site, kind, &asked)?;
        // Everybody there asks anew what they are configured by.
        change::record(db, *now, site, Audience::Site, Item::Site(site))?;
        Reply::ok(&asked)
    })
    .await
}

fn place(path: KindPath) -> Result<(SiteId, DeviceKind), Failure> {
    let Path((id, kind)) = path.map_err(|_| nothing())?;
    Ok((SiteId(id), kind))
}

/// A device of a site that the viewer administers. For others it is as if it were not there.
pub(crate) fn administered(db: &Connection, viewer: &Viewer, id: DeviceId) -> Result<Device, Failure> {
    let found = device::visible(db, viewer, Some(id))?.pop();
    found.filter(|_| viewer.role.administers_site()).ok_or_else(nothing)
}

/// The same, for a user.
pub(crate) fn administered_user(db: &Connection, viewer: &Viewer, id: UserId) -> Result<User, Failure> {
    let found = person::visible(db, viewer, Some(id))?.pop();
    found.filter(|_| viewer.role.administers_site()).ok_or_else(nothing)
}

/// The same, for a site.
pub(crate) fn administered_site(db: &Connection, viewer: &Viewer, id: SiteId) -> Result<SiteId, Failure> {
    let found = site::visible(db, viewer)?.into_iter().map(|site| site.id).find(|site| *site == id);
    found.filter(|_| viewer.role.administers_site()).ok_or_else(nothing)
}

fn nothing() -> Failure {
    Failure::Told(ProblemCode::NotFound)
}
