//! Sites, apartments, devices and contacts, for those who administer them. For everybody else they are not there.

use std::sync::Arc;

use axum::extract::State;
use rusqlite::Connection;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Licence, MadeDevice, NewApartment, NewContact,
    NewDevice, NewSite, Page, ProblemCode, Role, Site, SiteId, Ticket, TicketId,
};
use vestibule_model::{ApartmentId, DeviceStatus};

use crate::administer;
use crate::app::{App, Step};
use crate::db::table::{apartment, contact, ticket};
use crate::handler::calls::{administered, administered_site};
use crate::http::{Failure, Id, NoBody, Part, Query, Reply, Signed, Write};
use crate::licensing;
use crate::viewer::Viewer;

/// Make a site
#[utoipa::path(post, path = "/v1/sites", tag = "administration", request_body = NewSite,
    responses((status = CREATED, body = Site)))]
pub(crate) async fn add_site(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewSite>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        company(&step.viewer)?;
        let site = as_site(SiteId(0), new);
        let id = administer::add_site(step.db, &site)?;
        Reply::created(&Site { id, ..site })
    })
    .await
}

/// Change a site
#[utoipa::path(put, path = "/v1/sites/{id}", tag = "administration", params(("id" = i64, Path)),
    request_body = NewSite, responses((status = OK, body = Site)))]
pub(crate) async fn change_site(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewSite>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let id = administered_site(step.db, &step.viewer, SiteId(id))?;
        let mut site = as_site(id, new);
        administer::change_site(step.db, step.now, &site)?;
        licensing::say_of_sites(step.db, &step.viewer, std::slice::from_mut(&mut site), step.now)?;
        Reply::ok(&site)
    })
    .await
}

/// Remove a site that has nothing in it, nor in its access log
#[utoipa::path(delete, path = "/v1/sites/{id}", tag = "administration", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete_site(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let id = administered_site(step.db, &step.viewer, SiteId(id))?;
        company(&step.viewer)?;
        administer::delete_site(step.db, id)?;
        Ok(Reply::done())
    })
    .await
}

/// The reports of a site, newest first
#[utoipa::path(get, path = "/v1/sites/{id}/tickets", tag = "administration",
    params(("id" = i64, Path), Part), responses((status = OK, body = Page<Ticket>)))]
pub(crate) async fn tickets(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<Ticket>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        let site = administered_site(db, viewer, SiteId(id))?;
        let before = (part.after() > 0).then(|| TicketId(part.after()));
        let limit = part.limit();
        let fetched = i64::try_from(limit + 1).unwrap_or(i64::MAX);
        let mut items = ticket::of_site(db, site, before, fetched)?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| last.id.0.to_string());
        Ok(axum::Json(Page { items, next }))
    })
    .await
}

/// Make an apartment
#[utoipa::path(post, path = "/v1/apartments", tag = "administration", request_body = NewApartment,
    responses((status = CREATED, body = Apartment)))]
pub(crate) async fn add_apartment(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewApartment>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        let site = site_to_change(step, new.site)?;
        let NewApartment { floor, number, name, .. } = new;
        let new = Apartment { id: ApartmentId(0), site, floor, number, name, has_access_unit: false };
        let id = administer::add_apartment(step.db, step.now, &new)?;
        Reply::created(&apartment_now(step.db, id)?)
    })
    .await
}

/// Change floor, number and name of an apartment
#[utoipa::path(put, path = "/v1/apartments/{id}", tag = "administration", params(("id" = i64, Path)),
    request_body = NewApartment, responses((status = OK, body = Apartment)))]
pub(crate) async fn change_apartment(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewApartment>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let from = administered_apartment(step.db, &step.viewer, ApartmentId(id))?;
        stays(from.site, new.site)?;
        let NewApartment { floor, number, name, .. } = new;
        let to = Apartment { floor, number, name, ..from };
        administer::change_apartment(step.db, step.now, &to)?;
        Reply::ok(&to)
    })
    .await
}

/// Remove an apartment that has neither devices nor visitors
#[utoipa::path(delete, path = "/v1/apartments/{id}", tag = "administration", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete_apartment(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let gone = administered_apartment(step.db, &step.viewer, ApartmentId(id))?;
        administer::delete_apartment(step.db, step.now, &gone)?;
        Ok(Reply::done())
    })
    .await
}

/// Make a device; the answer has its token, this once
#[utoipa::path(post, path = "/v1/devices", tag = "administration", request_body = NewDevice,
    responses((status = CREATED, body = MadeDevice)))]
pub(crate) async fn add_device(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewDevice>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        let site = site_to_change(step, new.site)?;
        let NewDevice { name, kind, apartment, logging, hardware, .. } = new;
        let status = DeviceStatus::WaitingForResponse;
        let licence = Licence::Ready;
        let mut device =
            Device { id: DeviceId(0), site, name, kind, status, apartment, logging, hardware, licence };
        let (id, token) = administer::add_device(step.db, step.now, &device)?;
        device.id = id;
        say(step, &mut device)?;
        Reply::created(&MadeDevice { device, token })
    })
    .await
}

/// Change name, apartment, logging and what is noted of a device
#[utoipa::path(put, path = "/v1/devices/{id}", tag = "administration", params(("id" = i64, Path)),
    request_body = NewDevice, responses((status = OK, body = Device)))]
pub(crate) async fn change_device(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewDevice>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let from = administered(step.db, &step.viewer, DeviceId(id))?;
        stays(from.site, new.site)?;
        if new.kind != from.kind {
            return Err(Failure::value("kind"));
        }
        let NewDevice { name, apartment, logging, hardware, .. } = new;
        let mut to = Device { name, apartment, logging, hardware, ..from.clone() };
        administer::change_device(step.db, step.now, &from, &to)?;
        say(step, &mut to)?;
        Reply::ok(&to)
    })
    .await
}

/// Give a device another token; the answer has it, this once, and the one before is worth nothing
#[utoipa::path(post, path = "/v1/devices/{id}/token", tag = "administration", params(("id" = i64, Path)),
    responses((status = OK, body = MadeDevice)))]
pub(crate) async fn renew_token(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let mut device = administered(step.db, &step.viewer, DeviceId(id))?;
        say(step, &mut device)?;
        let token = administer::renew_token(step.db, device.id)?;
        Reply::ok(&MadeDevice { device, token })
    })
    .await
}

/// Remove a device; what happened at it stays in the access log
#[utoipa::path(delete, path = "/v1/devices/{id}", tag = "administration", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete_device(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let gone = administered(step.db, &step.viewer, DeviceId(id))?;
        administer::delete_device(step.db, step.now, &gone)?;
        Ok(Reply::done())
    })
    .await
}

/// Make a contact
#[utoipa::path(post, path = "/v1/contacts", tag = "administration", request_body = NewContact,
    responses((status = CREATED, body = Contact)))]
pub(crate) async fn add_contact(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewContact>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        let site = site_to_change(step, new.site)?;
        let mut contact = as_contact(ContactId(0), site, new);
        contact.id = administer::add_contact(step.db, step.now, &contact)?;
        Reply::created(&contact)
    })
    .await
}

/// Change a contact
#[utoipa::path(put, path = "/v1/contacts/{id}", tag = "administration", params(("id" = i64, Path)),
    request_body = NewContact, responses((status = OK, body = Contact)))]
pub(crate) async fn change_contact(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewContact>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let from = administered_contact(step.db, &step.viewer, ContactId(id))?;
        stays(from.site, new.site)?;
        let to = as_contact(from.id, from.site, new);
        administer::change_contact(step.db, step.now, &to)?;
        Reply::ok(&to)
    })
    .await
}

/// Remove a contact
#[utoipa::path(delete, path = "/v1/contacts/{id}", tag = "administration", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete_contact(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let gone = administered_contact(step.db, &step.viewer, ContactId(id))?;
        administer::delete_contact(step.db, step.now, gone.site, gone.id)?;
        Ok(Reply::done())
    })
    .await
}

/// What is made stands in a site that the viewer administers; any other is as unknown as one that is not there.
pub(crate) fn site_to_change(step: &Step<'_>, id: SiteId) -> Result<SiteId, Failure> {
    if !step.viewer.role.administers_site() {
        return Err(Failure::Told(ProblemCode::Forbidden));
    }
    administered_site(step.db, &step.viewer, id).map_err(|_| Failure::value("site"))
}

/// How a device stands with its licence, when that was seen to.
pub(crate) fn say(step: &Step<'_>, of: &mut Device) -> Result<(), Failure> {
    licensing::follow(step.db, step.now)?;
    Ok(licensing::say_of_devices(step.db, std::slice::from_mut(of), step.now)?)
}

/// Nothing moves to another site.
pub(crate) fn stays(from: SiteId, to: SiteId) -> Result<(), Failure> {
    if from == to { Ok(()) } else { Err(Failure::value("site")) }
}

fn company(viewer: &Viewer) -> Result<(), Failure> {
    let may = viewer.role == Role::CompanyAdministrator;
    if may { Ok(()) } else { Err(Failure::Told(ProblemCode::Forbidden)) }
}

fn administered_apartment(db: &Connection, viewer: &Viewer, id: ApartmentId) -> Result<Apartment, Failure> {
    let found = apartment::visible(db, viewer, Some(id))?.pop();
    found.filter(|_| viewer.role.administers_site()).ok_or(Failure::Told(ProblemCode::NotFound))
}

fn administered_contact(db: &Connection, viewer: &Viewer, id: ContactId) -> Result<Contact, Failure> {
    let found = contact::visible(db, viewer, Some(id))?.pop();
    found.filter(|_| viewer.role.administers_site()).ok_or(Failure::Told(ProblemCode::NotFound))
}

fn apartment_now(db: &Connection, id: ApartmentId) -> Result<Apartment, Failure> {
    apartment::one(db, id)?.ok_or(Failure::Told(ProblemCode::NotFound))
}

fn as_site(id: SiteId, new: NewSite) -> Site {
    let NewSite { name, kind, language, zone, address, pin_length, qr_codes } = new;
    Site { id, name, kind, language, zone, address, pin_length, qr_codes, licence: Licence::Ready }
}

fn as_contact(id: ContactId, site: SiteId, new: NewContact) -> Contact {
    let NewContact { name, role, purpose, phone, email, .. } = new;
    Contact { id, site, name, role, purpose, phone, email }
}
