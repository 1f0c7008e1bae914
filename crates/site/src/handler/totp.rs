use std::sync::Arc;

use axum::extract::State;
use rusqlite::Connection;
use vestibule_model::api::{ProblemCode, RecoveryCodes, TotpCode, TotpSecret, UserId};
use vestibule_model::{Secret, Timestamp};
use zeroize::Zeroizing;

use crate::app::{App, Step};
use crate::db::table::person::Credentials;
use crate::db::table::{person, recovery, site};
use crate::http::{Failure, NoBody, Reply, Signed, Write};
use crate::token::Digest;
use crate::totp::{SECRET, address, base32, step_of};

/// Recovery codes that a user is given.
const RECOVERY: usize = 10;
/// Random bytes of a recovery code: 16 letters.
const RECOVERY_BYTES: usize = 10;

/// Begin with an authenticator: it counts once its first code came back
#[utoipa::path(post, path = "/v1/totp", tag = "account", responses((status = CREATED, body = TotpSecret)))]
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<NoBody>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, NoBody {}| {
        let Step { app, db, viewer, .. } = step;
        let found = credentials(db, viewer.user)?;
        // Whoever holds a token that was stolen must not put another authenticator in the place of the user's.
        if found.totp_step.is_some() {
            return Err(Failure::Told(ProblemCode::Forbidden));
        }
        let mut secret = Zeroizing::new([0; SECRET]);
        getrandom::fill(secret.as_mut_slice())?;
        let sealed = app.keys.seal(place(viewer.user).as_bytes(), secret.as_slice())?;
        person::set_totp(db, viewer.user, Some(&sealed))?;
        let me = person::visible(db, viewer, Some(viewer.user))?.pop();
        let me = me.ok_or(Failure::Told(ProblemCode::NotFound))?;
        let site = site::one(db, viewer.site)?.ok_or(Failure::Told(ProblemCode::NotFound))?;
        Reply::created(&TotpSecret { otpauth: address(secret.as_slice(), &site.name, &me.email) })
    })
    .await
}

/// Confirm the authenticator by a code of it, and get recovery codes
#[utoipa::path(post, path = "/v1/totp/confirm", tag = "account", request_body = TotpCode,
    responses((status = OK, body = RecoveryCodes)))]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<TotpCode>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, asked| {
        let Step { app, db, viewer, now } = step;
        app.limits.sign_in.take(account(viewer.user), *now)?;
        let found = credentials(db, viewer.user)?;
        if found.totp_step.is_some() || !accepts(app, db, &found, &asked.code, *now)? {
            return Err(Failure::value("code"));
        }
        let codes = (0..RECOVERY).map(|_| recovery_code()).collect::<Result<Vec<_>, _>>()?;
        let macs: Vec<_> = codes.iter().map(|code| mac(app, viewer.user, code)).collect();
        recovery::replace(db, viewer.user, &macs)?;
        Reply::ok(&RecoveryCodes { codes })
    })
    .await
}

/// Do without the authenticator, by a code of it or a recovery code
#[utoipa::path(post, path = "/v1/totp/remove", tag = "account", request_body = TotpCode,
    responses((status = NO_CONTENT)))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    signed: Signed,
    write: Write<TotpCode>,
) -> Result<Reply, Failure> {
    app.write_once(signed, write, |step, asked| {
        let Step { app, db, viewer, now } = step;
        app.limits.sign_in.take(account(viewer.user), *now)?;
        let found = credentials(db, viewer.user)?;
        if found.totp_step.is_none() || !accepts(app, db, &found, &asked.code, *now)? {
            return Err(Failure::value("code"));
        }
        person::set_totp(db, viewer.user, None)?;
        recovery::replace(db, viewer.user, &[])?;
        Ok(Reply::done())
    })
    .await
}

/// Whether this is a code of the authenticator, or a recovery code; either is then used up.
pub(crate) fn accepts(
    app: &App,
    db: &Connection,
    found: &Credentials,
    code: &Secret,
    now: Timestamp,
) -> Result<bool, Failure> {
    let Some(sealed) = &found.totp else { return Ok(false) };
    let secret = app.keys.open(place(found.user).as_bytes(), sealed)?;
    if let Some(step) = step_of(&secret, code.reveal(), now, found.totp_step) {
        person::set_totp_step(db, found.user, step)?;
        return Ok(true);
    }
    // While the authenticator is not confirmed there are no recovery codes.
    Ok(recovery::take(db, found.user, mac(app, found.user, code))?)
}

fn credentials(db: &Connection, user: UserId) -> Result<Credentials, Failure> {
    person::credentials_of(db, user)?.ok_or(Failure::Told(ProblemCode::NotFound))
}

/// Codes are counted apart from passwords, by the user.
fn account(user: UserId) -> Digest {
    Digest::of(&format!("totp {}", user.0))
}

fn place(user: UserId) -> String {
    format!("totp {}", user.0)
}

fn mac(app: &App, user: UserId, code: &Secret) -> [u8; 32] {
    // People write them with or without hyphens, in any case.
    let plain: String = code.reveal().chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = Zeroizing::new(plain.to_ascii_uppercase());
    app.keys.mac(&format!("recovery {}", user.0), plain.as_bytes())
}

/// Four groups of four letters.
fn recovery_code() -> Result<Secret, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; RECOVERY_BYTES]);
    getrandom::fill(bytes.as_mut_slice())?;
    let letters: Vec<char> = base32(bytes.as_slice()).chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    Ok(Secret::new(groups.join("-")))
}
