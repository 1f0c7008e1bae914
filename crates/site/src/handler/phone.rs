use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::Connection;
use vestibule_model::api::{
    Device, DeviceConfiguration, DeviceId, Heartbeat, Licence, NewPhone, Phone, ProblemCode, SipSecret,
};
use vestibule_model::{DeviceKind, DeviceStatus};

use crate::admin::is_text;
use crate::administer;
use crate::app::{App, Step};
use crate::db::table::{device, person};
use crate::handler::presence;
use crate::http::{Body, Door, Failure, NoBody, Reply, Sent, Signed, Write, once};
use crate::telephony;

/// What this phone is configured by
///
/// 404 until the phone asked to ring, and on a server that has no exchange.
#[utoipa::path(get, path = "/v1/phone", tag = "phones", responses((status = OK, body = Phone)))]
pub(crate) async fn one(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<Phone>, Failure> {
    app.read_as(signed, move |app, db, viewer, _| {
        let found = device::of_owner(db, viewer.user, signed.handle())?.ok_or_else(nothing)?;
        Ok(Json(telephony::phone(app, app.sip()?, db, &found)?))
    })
    .await
}

/// Let this phone ring; the answer has its SIP password, this once
///
/// Asked again, it gives another password, and the one before is worth nothing.
#[utoipa::path(post, path = "/v1/phone", tag = "phones", request_body = NewPhone,
    responses((status = CREATED, body = SipSecret)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewPhone>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, asked| {
        let Step { app, db, viewer, .. } = step;
        let sip = app.sip()?;
        app.limits.links.take(viewer.user, step.now)?;
        if asked.name.as_ref().is_some_and(|name| !is_text(name, 80)) {
            return Err(Failure::value("name"));
        }
        let found = match device::of_owner(db, viewer.user, signed.handle())? {
            Some(found) => found,
            None => add(step, asked.name, signed)?,
        };
        let made = telephony::new_account(db, &app.keys, sip, found.id)?;
        presence::changed(db, &found, step.now)?;
        Reply::created(&made)
    })
    .await
}

/// Let this phone ring no more
#[utoipa::path(delete, path = "/v1/phone", tag = "phones", responses((status = NO_CONTENT)))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let found = device::of_owner(step.db, step.viewer.user, signed.handle())?.ok_or_else(nothing)?;
        remove(step.db, &found, step.now)?;
        Ok(Reply::done())
    })
    .await
}

/// Say how this phone stands, once a minute
#[utoipa::path(put, path = "/v1/phone/presence", tag = "phones", request_body = Heartbeat,
    responses((status = NO_CONTENT)))]
pub(crate) async fn heartbeat(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(said): Body<Heartbeat>,
) -> Result<StatusCode, Failure> {
    app.write(move |app, db, now| {
        let viewer = signed.viewer(db, now)?;
        let found = device::of_owner(db, viewer.user, signed.handle())?.ok_or_else(nothing)?;
        app.limits.heartbeats.take(found.id, now)?;
        presence::heard(app, db, &found, said, now)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What this device is configured by
#[utoipa::path(get, path = "/v1/configuration", tag = "doors",
    responses((status = OK, body = DeviceConfiguration)))]
pub(crate) async fn configuration(
    State(app): State<Arc<App>>,
    Door(device): Door,
) -> Result<Json<DeviceConfiguration>, Failure> {
    let asked = Arc::clone(&app);
    app.read(move |db| {
        let device = device::one(db, device.id)?.ok_or_else(nothing)?;
        Ok(Json(telephony::configuration(&asked, asked.sip()?, db, &device)?))
    })
    .await
}

/// Give this device its SIP account; the answer has the password, this once
#[utoipa::path(post, path = "/v1/configuration/account", tag = "doors",
    responses((status = CREATED, body = SipSecret)))]
pub(crate) async fn account(
    State(app): State<Arc<App>>,
    Door(device): Door,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write(move |app, db, now| {
        app.limits.heartbeats.take(device.id, now)?;
        let sent = Sent { owner: format!("device {}", device.id.0), key: &write.key, digest: write.digest };
        once(app, db, now, &sent, || {
            let device = device::one(db, device.id)?.ok_or_else(nothing)?;
            let made = telephony::new_account(db, &app.keys, app.sip()?, device.id)?;
            presence::changed(db, &device, now)?;
            Reply::created(&made)
        })
    })
    .await
}

/// Removes a phone, and tells those who saw it.
pub(crate) fn remove(
    db: &Connection,
    phone: &Device,
    now: vestibule_model::Timestamp,
) -> Result<(), Failure> {
    presence::changed(db, phone, now)?;
    Ok(device::delete(db, phone.id)?)
}

fn add(step: &Step<'_>, name: Option<String>, signed: Signed) -> Result<Device, Failure> {
    let Step { db, viewer, .. } = step;
    let me = person::visible(db, viewer, Some(viewer.user))?.pop().ok_or_else(nothing)?;
    let base = name.unwrap_or_else(|| me.name.chars().take(80).collect());
    let mut phone = Device {
        id: DeviceId(0),
        site: viewer.site,
        name: device::free_name(db, viewer.site, &base)?,
        kind: DeviceKind::Phone,
        status: DeviceStatus::WaitingForResponse,
        apartment: None,
        logging: false,
        hardware: vestibule_model::api::Hardware::default(),
        licence: Licence::Ready,
    };
    phone.id = device::add(db, &phone, None)?;
    device::set_owner(db, phone.id, viewer.user, signed.handle())?;
    administer::has_room(db, viewer.site, &me.apartments)?;
    Ok(phone)
}

fn nothing() -> Failure {
    Failure::Told(ProblemCode::NotFound)
}
