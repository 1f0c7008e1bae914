use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::Connection;
use vestibule_model::api::{Device, Heartbeat, ProblemCode};
use vestibule_model::{DeviceKind, DeviceStatus, Timestamp};

use crate::app::App;
use crate::db::table::change::{self, Item};
use crate::db::table::{call_settings, device};
use crate::http::{Body, Door, Failure};

/// Say that this device is there, and how it stands
///
/// To be said once a minute; after three minutes of silence the device is shown as offline. The same twice is the
/// same, so there is no key.
#[utoipa::path(put, path = "/v1/presence", tag = "doors", request_body = Heartbeat,
    responses((status = NO_CONTENT)))]
pub(crate) async fn door(
    State(app): State<Arc<App>>,
    Door(device): Door,
    Body(said): Body<Heartbeat>,
) -> Result<StatusCode, Failure> {
    app.limits.heartbeats.take(device.id, app.now())?;
    app.write(move |app, db, now| {
        // It may have been removed meanwhile.
        let device = device::one(db, device.id)?.ok_or(Failure::Told(ProblemCode::TokenInvalid))?;
        heard(app, db, &device, said, now)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device was heard of. Whoever sees it is told only when it stands otherwise than before.
pub(crate) fn heard(
    app: &App,
    db: &Connection,
    device: &Device,
    said: Heartbeat,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut status = said.presence.status();
    let calls = matches!(status, DeviceStatus::Registered | DeviceStatus::Ready);
    if calls && device.kind == DeviceKind::Intercom && app.exchange.is_some() {
        // It can call, but whom?
        if !call_settings::rings_anybody(db, device.id)? {
            status = DeviceStatus::MissingCallSettings;
        }
    }
    device::hear(db, device.id, status, now)?;
    if status != device.status {
        changed(db, device, now)?;
    }
    Ok(())
}

/// Shows those as offline that were silent for too long.
pub(crate) fn miss(db: &Connection, now: Timestamp) -> Result<(), Failure> {
    for device in device::silent(db, now)? {
        device::set_status(db, device.id, DeviceStatus::Offline)?;
        changed(db, &device, now)?;
    }
    Ok(())
}

/// Tells those who see a device.
pub(crate) fn changed(db: &Connection, device: &Device, now: Timestamp) -> Result<(), Failure> {
    for audience in device::audiences(db, device)? {
        change::record(db, now, device.site, audience, Item::Device(device.id))?;
    }
    Ok(())
}
