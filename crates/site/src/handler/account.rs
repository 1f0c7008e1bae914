use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body as RawBody;
use axum::extract::State;
use axum::http::HeaderMap;
use rusqlite::{Connection, Transaction};
use vestibule_model::api::{ProblemCode, Refresh, Role, SignIn, Tokens, User, UserId, Utc};
use vestibule_model::{Secret, Timestamp};

use crate::app::App;
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::device;
use crate::db::table::person::{self, Credentials};
use crate::db::table::session::{self, Pair};
use crate::handler::{phone, totp};
use crate::http::{
    Body, Failure, NoBody, Peer, Reply, Sent, Signed, Write, device_digest, digest, given, keep, key, parse,
    read,
};
use crate::password;
use crate::token::{Digest, TokenKind};

/// Milliseconds that an access token is good for: 15 minutes.
const ACCESS: i64 = 15 * 60_000;
/// Milliseconds that a refresh token is good for: 90 days. Whoever opens the app once a season stays signed in.
const REFRESH: i64 = 90 * 86_400_000;

/// Sign in by e-mail and password
#[utoipa::path(post, path = "/v1/session", tag = "account", request_body = SignIn,
    responses((status = OK, body = Tokens)))]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    Body(asked): Body<SignIn>,
) -> Result<Json<Tokens>, Failure> {
    let device = device_digest(&asked.device)?;
    let tokens = verify(&app, peer, asked, move |db, user, now| begin(db, user, device, now)).await?;
    Ok(Json(tokens))
}

/// Looks at e-mail, password and second factor, and then does `then` in the transaction that found them right.
pub(crate) async fn verify<T: Send + 'static>(
    app: &Arc<App>,
    peer: IpAddr,
    asked: SignIn,
    then: impl FnOnce(&Transaction<'_>, UserId, Timestamp) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let account = Digest::of(&asked.email.trim().to_lowercase());
    let now = app.now();
    app.limits.peer.take(peer, now)?;
    app.limits.sign_in.take(account, now)?;
    let refused = || Failure::Told(ProblemCode::SignInRefused);

    let email = asked.email;
    let found = app.read(move |db| Ok(person::credentials(db, &email)?)).await?;
    let user = found.as_ref().map(|found| found.user);
    let may =
        found.as_ref().is_some_and(|found| found.role != Role::WithoutLogin && found.password.is_some());
    let hash = found.and_then(|found| found.password).unwrap_or_else(|| app.nobody.clone());
    let against = hash.clone();
    let right = app.hash(move || Ok(password::is_right(&asked.password, &against)?)).await?;
    let user = user.filter(|_| may && right).ok_or_else(refused)?;

    let totp = asked.totp;
    let done = app
        .write(move |app, db, now| {
            // The password may have been changed while it was checked.
            let found = person::credentials_of(db, user)?
                .filter(|found| found.password.as_deref() == Some(hash.as_str()))
                .ok_or_else(refused)?;
            second_factor(app, db, &found, totp.as_ref(), now)?;
            then(db, user, now)
        })
        .await?;
    app.limits.sign_in.give_back(&account);
    Ok(done)
}

/// Sign this device out
#[utoipa::path(delete, path = "/v1/session", tag = "account", responses((status = NO_CONTENT)))]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, move |step, NoBody {}| {
        session::end(step.db, step.viewer.session)?;
        if let Some(phone) = device::of_owner(step.db, step.viewer.user, signed.handle())? {
            phone::remove(step.db, &phone, step.now)?;
        }
        // Nobody sees it in the feed; the session's streams wake up and end.
        let (audience, item) = (Audience::User(step.viewer.user), Item::Session(step.viewer.session));
        change::record(step.db, step.now, step.viewer.site, audience, item)?;
        Ok(Reply::done())
    })
    .await
}

/// Get the next pair of tokens for the refresh token
///
/// A refresh token is good once. Used again, it ends the session with all its tokens, unless it comes with the
/// `Idempotency-Key` that it came with first: then the answer was lost, and is given again.
#[utoipa::path(post, path = "/v1/session/refresh", tag = "account", request_body = Refresh,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to ask again")),
    responses((status = OK, body = Tokens)))]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Reply, Failure> {
    app.limits.peer.take(peer, app.now())?;
    let key = key(&headers)?;
    let body = read(&app, body).await?;
    let asked: Refresh = parse(&body)?;
    let digest = digest("POST", "/v1/session/refresh", &body);
    app.write(move |app, db, now| match rotate(app, db, now, &asked, key.as_deref(), digest) {
        // This refusal ends the session, which must be written, so it is no failure of the transaction.
        Err(refused @ Failure::Told(ProblemCode::RefreshRefused)) => Ok(Err(refused)),
        other => other.map(Ok),
    })
    .await?
}

/// Who is signed in
#[utoipa::path(get, path = "/v1/me", tag = "account", responses((status = OK, body = User)))]
pub(crate) async fn me(State(app): State<Arc<App>>, signed: Signed) -> Result<Json<User>, Failure> {
    let me = app
        .read_as(signed, |_, db, viewer, _| {
            let mut found = person::visible(db, viewer, Some(viewer.user))?;
            found.pop().ok_or(Failure::Told(ProblemCode::NotFound))
        })
        .await?;
    Ok(Json(me))
}

fn rotate(
    app: &App,
    db: &Transaction<'_>,
    now: Timestamp,
    asked: &Refresh,
    key: Option<&str>,
    digest: [u8; 32],
) -> Result<Reply, Failure> {
    let refused = || Failure::Told(ProblemCode::RefreshRefused);
    let (token, device) = (Digest::of(asked.refresh_token.reveal()), Digest::of(asked.device.reveal()));
    let found = session::find_refresh(db, token)?.ok_or_else(refused)?;
    let sent = key.map(|key| Sent { owner: format!("session {}", found.session), key, digest });
    if let Some(sent) = sent.as_ref().filter(|_| found.used) {
        match given(&app.keys, db, sent) {
            Ok(Some(reply)) => return Ok(reply),
            Err(failure @ Failure::Internal(_)) => return Err(failure),
            // Another key, or the same with another request: somebody else.
            Ok(None) | Err(_) => (),
        }
    }
    if found.used || found.device != device || now >= found.until {
        session::end(db, found.session)?;
        change::record(db, now, found.site, Audience::User(found.user), Item::Session(found.session))?;
        return Err(refused());
    }
    let (tokens, pair) = pair(now)?;
    session::rotate(db, found.session, token, &pair)?;
    let reply = Reply::ok(&tokens)?;
    if let Some(sent) = &sent {
        keep(&app.keys, db, now, sent, &reply)?;
    }
    Ok(reply)
}

/// Begins a session for a user on a device, which ends what that device had.
pub(crate) fn begin(
    db: &Connection,
    user: UserId,
    device: Digest,
    now: Timestamp,
) -> Result<Tokens, Failure> {
    let (tokens, pair) = pair(now)?;
    session::begin(db, user, device, &pair)?;
    Ok(tokens)
}

fn pair(now: Timestamp) -> Result<(Tokens, Pair), Failure> {
    let tokens = Tokens {
        access_token: TokenKind::Access.generate()?,
        access_until: Utc(Timestamp(now.0 + ACCESS)),
        refresh_token: TokenKind::Refresh.generate()?,
        refresh_until: Utc(Timestamp(now.0 + REFRESH)),
    };
    let pair = Pair {
        access: Digest::of(tokens.access_token.reveal()),
        access_until: tokens.access_until.0,
        refresh: Digest::of(tokens.refresh_token.reveal()),
        refresh_until: tokens.refresh_until.0,
    };
    Ok((tokens, pair))
}

/// Asks for the second factor, if the user has one.
fn second_factor(
    app: &App,
    db: &Connection,
    found: &Credentials,
    code: Option<&Secret>,
    now: Timestamp,
) -> Result<(), Failure> {
    if found.totp_step.is_none() {
        return Ok(());
    }
    let code = code.ok_or(Failure::Told(ProblemCode::TotpRequired))?;
    if totp::accepts(app, db, found, code, now)? {
        Ok(())
    } else {
        Err(Failure::Told(ProblemCode::SignInRefused))
    }
}
