//! Users, for those who administer them: all of a site, or those of the own apartments.

use std::sync::Arc;

use axum::extract::State;
use rusqlite::Connection;
use vestibule_model::api::{NewUser, ProblemCode, Role, SiteKind, User, UserId};

use crate::administer;
use crate::app::{App, Step};
use crate::db::table::{person, site};
use crate::handler::manage::{site_to_change, stays};
use crate::http::{Failure, Id, NoBody, Reply, Signed, Write};
use crate::password;
use crate::viewer::Viewer;

/// Make a user
///
/// An apartment administrator makes users of the own apartments, and no others.
#[utoipa::path(post, path = "/v1/users", tag = "administration", request_body = NewUser,
    responses((status = CREATED, body = User)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewUser>,
) -> Result<Reply, Failure> {
    let hash = hash(&app, signed, &write.value).await?;
    app.write_once(signed, write, move |step, new| {
        let user = as_user(UserId(0), new);
        may_have(step, &user)?;
        let id = administer::add_user(step.db, &user, hash.as_deref())?;
        Reply::created(&now(step, id)?)
    })
    .await
}

/// Change a user; the app of that user then reads everything anew
#[utoipa::path(put, path = "/v1/users/{id}", tag = "administration", params(("id" = i64, Path)),
    request_body = NewUser, responses((status = OK, body = User)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NewUser>,
) -> Result<Reply, Failure> {
    let hash = hash(&app, signed, &write.value).await?;
    app.write_once(signed, write, move |step, new| {
        let from = below(step.db, &step.viewer, UserId(id))?;
        stays(from.site, new.site)?;
        let to = as_user(from.id, new);
        may_have(step, &to)?;
        administer::change_user(step.db, step.now, &to)?;
        if let Some(hash) = &hash {
            if to.role == Role::WithoutLogin {
                return Err(Failure::value("password"));
            }
            administer::set_password(step.db, step.now, to.id, to.site, hash)?;
        }
        Reply::ok(&now(step, to.id)?)
    })
    .await
}

/// Remove a user, with phones and reports; what they did at doors stays in the access log
#[utoipa::path(delete, path = "/v1/users/{id}", tag = "administration", params(("id" = i64, Path)),
    responses((status = NO_CONTENT)))]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    signed: Signed,
    Id(id): Id,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        let gone = below(step.db, &step.viewer, UserId(id))?;
        administer::delete_user(step.db, step.now, &gone)?;
        Ok(Reply::done())
    })
    .await
}

/// Hashes before the transaction, which it would hold up; only for those who may administer somebody.
async fn hash(app: &Arc<App>, signed: Signed, new: &NewUser) -> Result<Option<String>, Failure> {
    let Some(password) = new.password.clone() else { return Ok(None) };
    app.read_as(signed, |app, _, viewer, now| {
        if !viewer.is_above(Role::WithoutLogin) {
            return Err(Failure::Told(ProblemCode::Forbidden));
        }
        Ok(app.limits.links.take(viewer.user, now)?)
    })
    .await?;
    app.hash(move || Ok(Some(password::hash(&password)?))).await
}

/// A user whom the viewer may change, with all apartments. Whoever is of the same rank or above is refused; who also
/// lives elsewhere is not an apartment administrator's to change.
fn below(db: &Connection, viewer: &Viewer, id: UserId) -> Result<User, Failure> {
    let found = person::visible(db, viewer, Some(id))?.pop();
    let found = found.filter(|_| viewer.is_above(Role::WithoutLogin));
    let mut user = found.ok_or(Failure::Told(ProblemCode::NotFound))?;
    user.apartments = person::homes(db, id)?;
    let theirs = viewer.role.administers_site() || all_own(db, viewer, &user)?;
    if viewer.is_above(user.role) && theirs { Ok(user) } else { Err(Failure::Told(ProblemCode::Forbidden)) }
}

/// Refuses a role that the viewer cannot give, and apartments that are not the viewer's.
fn may_have(step: &Step<'_>, user: &User) -> Result<(), Failure> {
    let Step { db, viewer, .. } = step;
    if viewer.role.administers_site() {
        site_to_change(step, user.site)?;
    } else if viewer.role != Role::ApartmentAdministrator || viewer.site != user.site {
        return Err(Failure::Told(ProblemCode::Forbidden));
    } else if user.apartments.is_empty() || !all_own(db, viewer, user)? {
        return Err(Failure::Field(ProblemCode::Forbidden, "apartments".to_owned()));
    }
    let residential = site::one(db, user.site)?.is_some_and(|site| site.kind == SiteKind::Residential);
    if user.role == Role::ApartmentAdministrator && !residential {
        return Err(Failure::value("role"));
    }
    if viewer.is_above(user.role) {
        Ok(())
    } else {
        Err(Failure::Field(ProblemCode::Forbidden, "role".to_owned()))
    }
}

fn all_own(db: &Connection, viewer: &Viewer, user: &User) -> Result<bool, Failure> {
    for home in &user.apartments {
        if !viewer.lives_in(db, *home)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn now(step: &Step<'_>, id: UserId) -> Result<User, Failure> {
    let found = person::visible(step.db, &step.viewer, Some(id))?.pop();
    found.ok_or(Failure::Told(ProblemCode::NotFound))
}

fn as_user(id: UserId, new: NewUser) -> User {
    let NewUser { site, name, email, role, language, apartments, .. } = new;
    User { id, site, name, email, role, language, apartments }
}
