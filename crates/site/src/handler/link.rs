use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use vestibule_model::api::{Claim, Link, NewLink, ProblemCode, Role, Tokens, User, Utc};
use vestibule_model::{Secret, Timestamp};

use crate::app::{App, Step};
use crate::db::table::{link, person};
use crate::handler::account;
use crate::http::{Body, Failure, Peer, Reply, Signed, Write, device_digest};
use crate::token::{Digest, TokenKind};
use crate::totp::escape;
use crate::viewer::Viewer;

/// Milliseconds that a link is good for: 15 minutes.
const GOOD: i64 = 15 * 60_000;

/// Make a link that signs one device in, once
#[utoipa::path(post, path = "/v1/provisioning-links", tag = "account", request_body = NewLink,
    responses((status = CREATED, body = Link)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NewLink>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, asked| {
        let Step { app, db, viewer, now } = step;
        let user = person::visible(db, viewer, Some(asked.user))?.pop();
        let user = user.ok_or(Failure::Told(ProblemCode::NotFound))?;
        if !may_sign_in(viewer, &user) {
            return Err(Failure::Told(ProblemCode::Forbidden));
        }
        app.limits.links.take(viewer.user, *now)?;
        let token = TokenKind::Link.generate()?;
        let until = Timestamp(now.0 + GOOD);
        link::add(db, Digest::of(token.reveal()), user.id, until)?;
        let server = app.config.public_url.as_deref().unwrap_or_default();
        let link = format!("vestibule://provision?server={}&token={}", escape(server), token.reveal());
        Reply::created(&Link { link: Secret::new(link), until: Utc(until) })
    })
    .await
}

/// Sign this device in by a link
#[utoipa::path(post, path = "/v1/provisioning", tag = "account", request_body = Claim,
    responses((status = OK, body = Tokens)))]
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    Body(asked): Body<Claim>,
) -> Result<Json<Tokens>, Failure> {
    let device = device_digest(&asked.device)?;
    app.limits.peer.take(peer, app.now())?;
    let token = Digest::of(asked.token.reveal());
    let tokens = app
        .write(move |_, db, now| {
            let user = link::take(db, token, now)?.ok_or(Failure::Told(ProblemCode::LinkInvalid))?;
            account::begin(db, user, device, now)
        })
        .await?;
    Ok(Json(tokens))
}

/// A link makes a session of another user, so nobody gets one for somebody who may do more than they.
fn may_sign_in(viewer: &Viewer, user: &User) -> bool {
    user.role != Role::WithoutLogin && (user.id == viewer.user || viewer.is_above(user.role))
}
