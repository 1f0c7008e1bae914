//! Who has a right to which doors, and by which card. For administrators alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use vestibule_model::Secret;
use vestibule_model::api::{
    AccessGroup, AccessGroupId, Card, CardId, NewAccessGroup, NewCard, Page, ProblemCode, SiteId, SiteKind,
    UserId,
};

use crate::admin::{AdminError, is_text};
use crate::app::{App, Step};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::{access_group, apartment, card, device, person, site};
use crate::handler::calls::administered_user;
use crate::handler::manage::{site_to_change, stays};
use crate::http::{Failure, Id, NoBody, Part, Query, Reply, Signed, Write};
use crate::keys::Keys;
use crate::viewer::Viewer;

/// Hexadecimal digits of what a reader reads: two bytes to sixteen.
const UID: std::ops::RangeInclusive<usize> = 4..=32;

/// The access groups
#[utoipa::path(get, path = "/v1/access-groups", tag = "rights", params(Part),
    responses((status = OK, body = Page<AccessGroup>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<AccessGroup>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(part.of(access_group::visible(db, viewer, None)?, |group| group.id.0)))
    })
    .await
}

/// Make an access group
#[utoipa::path(post, path = "/v1/access-groups", tag = "rights", request_body = NewAccessGroup,
    responses((status = CREATED, body = AccessGroup)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewAccessGroup>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, new| {
        site_to_change(step, new.site)?;
        check(step.db, &new)?;
        let id = access_group::add(step.db, &new).map_err(AdminError::from)?;
        told(step, new.site)?;
        Reply::created(&find(step.db, &step.viewer, id)?)
    })
    .await
}

/// Change an access group
#[utoipa::path(put, path = "/v1/access-groups/{id}", tag = "rights", params(("id" = i64, Path)),
    request_body = NewAccessGroup, responses((status = OK, body = AccessGroup)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewAccessGroup>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let from = find(step.db, &step.viewer, AccessGroupId(id))?;
        stays(from.group.site, new.site)?;
        check(step.db, &new)?;
        access_group::change(step.db, from.id, &new).map_err(AdminError::from)?;
        told(step, new.site)?;
        Reply::ok(&find(step.db, &step.viewer, from.id)?)
    })
    .await
}

/// Remove an access group, and with it the rights that it gave
#[utoipa::path(delete, path = "/v1/access-groups/{id}", tag = "rights", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let gone = find(step.db, &step.viewer, AccessGroupId(id))?;
        access_group::delete(step.db, gone.id)?;
        told(step, gone.group.site)?;
        Ok(Reply::done())
    })
    .await
}

/// The cards of a user
#[utoipa::path(get, path = "/v1/users/{id}/cards", tag = "rights", params(("id" = i64, Path)),
    responses((status = OK, body = Vec<Card>)))]
pub(crate) async fn cards(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Vec<Card>>, Failure> {
    app.read_as(signed, move |_, db, viewer, _| {
        Ok(Json(card::of(db, administered_user(db, viewer, UserId(id))?.id)?))
    })
    .await
}

/// Give a user a card
#[utoipa::path(post, path = "/v1/users/{id}/cards", tag = "rights", params(("id" = i64, Path)),
    request_body = NewCard, responses((status = CREATED, body = Card)))]
pub(crate) async fn add_card(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewCard>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, new| {
        let Step { app, db, viewer, now } = step;
        let user = administered_user(db, viewer, UserId(id))?;
        if !new.label.is_empty() && !is_text(&new.label, 100) {
            return Err(Failure::value("label"));
        }
        let uid = card_mac(&app.keys, user.site, &new.uid).ok_or(Failure::value("uid"))?;
        let id = card::add(db, (user.id, user.site), uid, &new.label, *now).map_err(AdminError::from)?;
        told(step, user.site)?;
        Reply::created(&card::one(db, id)?.ok_or(Failure::Told(ProblemCode::NotFound))?)
    })
    .await
}

/// Take a card back
#[utoipa::path(delete, path = "/v1/cards/{id}", tag = "rights", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete_card(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let found = card::one(step.db, CardId(id))?.ok_or(Failure::Told(ProblemCode::NotFound))?;
        let user = administered_user(step.db, &step.viewer, found.user)?;
        card::delete(step.db, found.id)?;
        told(step, user.site)?;
        Ok(Reply::done())
    })
    .await
}

/// What a card is looked for by, in whatever case its digits are; `None` for what no reader reads.
pub(crate) fn card_mac(keys: &Keys, site: SiteId, uid: &Secret) -> Option<[u8; 32]> {
    let text = uid.reveal();
    let fits = UID.contains(&text.len())
        && text.len().is_multiple_of(2)
        && text.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| keys.mac(&format!("card {}", site.0), text.to_ascii_lowercase().as_bytes()))
}

fn find(db: &Connection, viewer: &Viewer, id: AccessGroupId) -> Result<AccessGroup, Failure> {
    access_group::visible(db, viewer, Some(id))?.pop().ok_or(Failure::Told(ProblemCode::NotFound))
}

/// Those who administer the site look again.
fn told(step: &Step<'_>, at: SiteId) -> Result<(), Failure> {
    Ok(change::record(step.db, step.now, at, Audience::Administrators, Item::Site(at))?)
}

/// All of it is of one site; a residential group holds an apartment.
fn check(db: &Connection, group: &NewAccessGroup) -> Result<(), Failure> {
    if !is_text(&group.name, 100) {
        return Err(Failure::value("name"));
    }
    if !group.description.is_empty() && !is_text(&group.description, 500) {
        return Err(Failure::value("description"));
    }
    for id in &group.users {
        if person::credentials_of(db, *id)?.is_none_or(|found| found.site != group.site) {
            return Err(Failure::value("users"));
        }
    }
    for id in &group.apartments {
        if apartment::one(db, *id)?.is_none_or(|found| found.site != group.site) {
            return Err(Failure::value("apartments"));
        }
    }
    for id in &group.devices {
        if device::one(db, *id)?.is_none_or(|found| found.site != group.site) {
            return Err(Failure::value("devices"));
        }
    }
    let residential = site::one(db, group.site)?.is_some_and(|site| site.kind == SiteKind::Residential);
    if residential && group.apartments.is_empty() { Err(Failure::value("apartments")) } else { Ok(()) }
}
