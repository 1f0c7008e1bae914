//! What a site pays. Administrators see it; those whose role is about what the site costs change it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vestibule_model::api::{
    Device, DeviceId, LicenceUse, Licensing, Page, ProblemCode, Redeem, SiteId, Voucher,
};

use crate::app::App;
use crate::db::table::{licence, voucher};
use crate::handler::calls::{administered, administered_site};
use crate::handler::manage::say;
use crate::handler::presence;
use crate::http::{Failure, Id, Part, Query, Reply, Signed, Write};
use crate::licensing;
use crate::viewer::Viewer;

/// How a site stands with its licences
#[utoipa::path(get, path = "/v1/sites/{id}/licensing", tag = "licences", params(("id" = i64, Path)),
    responses((status = OK, body = Licensing)))]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Licensing>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let site = administered_site(db, viewer, SiteId(id))?;
        Ok(Json(licensing::licensing(db, site, now)?))
    })
    .await
}

/// The vouchers that were redeemed for a site, newest first
#[utoipa::path(get, path = "/v1/sites/{id}/vouchers", tag = "licences",
    params(("id" = i64, Path), Part), responses((status = OK, body = Page<Voucher>)))]
pub(crate) async fn vouchers(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    Query(part): Query<Part>,
) -> Result<Json<Page<Voucher>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        let site = administered_site(db, viewer, SiteId(id))?;
        let mut items = voucher::all(db, Some(site))?;
        items.retain(|item| part.after() == 0 || item.id.0 < part.after());
        let more = items.len() > part.limit();
        items.truncate(part.limit());
        let next = items.last().filter(|_| more).map(|last| last.id.0.to_string());
        Ok(Json(Page { items, next }))
    })
    .await
}

/// Redeem a voucher for a site; what waits for a licence has one at once
#[utoipa::path(post, path = "/v1/sites/{id}/vouchers", tag = "licences", params(("id" = i64, Path)),
    request_body = Redeem, responses((status = CREATED, body = Voucher)))]
pub(crate) async fn redeem(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<Redeem>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, Redeem { code }| {
        let site = administered_site(step.db, &step.viewer, SiteId(id))?;
        pays(&step.viewer)?;
        step.app.limits.vouchers.take(step.viewer.user, step.now)?;
        Reply::created(&licensing::redeem(step.db, site, &code, step.now)?)
    })
    .await
}

/// Say whether a device uses licences
///
/// What a device had that is disabled goes to the next that waits.
#[utoipa::path(put, path = "/v1/devices/{id}/licence", tag = "licences", params(("id" = i64, Path)),
    request_body = LicenceUse, responses((status = OK, body = Device)))]
pub(crate) async fn set_use(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<LicenceUse>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, LicenceUse { on }| {
        let mut found = administered(step.db, &step.viewer, DeviceId(id))?;
        pays(&step.viewer)?;
        licence::set_off(step.db, found.id, !on)?;
        presence::changed(step.db, &found, step.now)?;
        say(step, &mut found)?;
        Reply::ok(&found)
    })
    .await
}

fn pays(viewer: &Viewer) -> Result<(), Failure> {
    if viewer.role.pays() { Ok(()) } else { Err(Failure::Told(ProblemCode::Forbidden)) }
}
