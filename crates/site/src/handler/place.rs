use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vestibule_model::ApartmentId;
use vestibule_model::api::{Apartment, Contact, Device, DeviceId, Page, ProblemCode, Site, User, UserId};

use crate::app::App;
use crate::db::table::{apartment, contact, device, person, site};
use crate::http::{Failure, Id, Part, Query, Signed};
use crate::licensing;

/// The sites that this user may see
#[utoipa::path(get, path = "/v1/sites", tag = "site", params(Part),
    responses((status = OK, body = Page<Site>)))]
pub(crate) async fn sites(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Site>>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let mut page = part.of(site::visible(db, viewer)?, |item| item.id.0);
        licensing::say_of_sites(db, viewer, &mut page.items, now)?;
        Ok(Json(page))
    })
    .await
}

/// The apartments that this user may see
#[utoipa::path(get, path = "/v1/apartments", tag = "site", params(Part),
    responses((status = OK, body = Page<Apartment>)))]
pub(crate) async fn apartments(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Apartment>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(part.of(apartment::visible(db, viewer, None)?, |item| item.id.0)))
    })
    .await
}

/// An apartment
#[utoipa::path(get, path = "/v1/apartments/{id}", tag = "site", params(("id" = i64, Path)),
    responses((status = OK, body = Apartment)))]
pub(crate) async fn apartment(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Apartment>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| one(apartment::visible(db, viewer, Some(ApartmentId(id)))?))
        .await
}

/// The devices that this user may see
#[utoipa::path(get, path = "/v1/devices", tag = "site", params(Part),
    responses((status = OK, body = Page<Device>)))]
pub(crate) async fn devices(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Device>>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let mut page = part.of(device::visible(db, viewer, None)?, |item| item.id.0);
        licensing::say_of_devices(db, &mut page.items, now)?;
        Ok(Json(page))
    })
    .await
}

/// A device
#[utoipa::path(get, path = "/v1/devices/{id}", tag = "site", params(("id" = i64, Path)),
    responses((status = OK, body = Device)))]
pub(crate) async fn device(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Device>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let mut found = device::visible(db, viewer, Some(DeviceId(id)))?;
        licensing::say_of_devices(db, &mut found, now)?;
        one(found)
    })
    .await
}

/// The facility management
#[utoipa::path(get, path = "/v1/contacts", tag = "help", params(Part),
    responses((status = OK, body = Page<Contact>)))]
pub(crate) async fn contacts(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Contact>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(part.of(contact::visible(db, viewer, None)?, |item| item.id.0)))
    })
    .await
}

/// The users that this user may see: oneself, and whom one administers
#[utoipa::path(get, path = "/v1/users", tag = "site", params(Part),
    responses((status = OK, body = Page<User>)))]
pub(crate) async fn users(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<User>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(part.of(person::visible(db, viewer, None)?, |item| item.id.0)))
    })
    .await
}

/// A user
#[utoipa::path(get, path = "/v1/users/{id}", tag = "site", params(("id" = i64, Path)),
    responses((status = OK, body = User)))]
pub(crate) async fn user(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<User>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| one(person::visible(db, viewer, Some(UserId(id)))?)).await
}

fn one<T>(mut found: Vec<T>) -> Result<Json<T>, Failure> {
    found.pop().map(Json).ok_or(Failure::Told(ProblemCode::NotFound))
}
