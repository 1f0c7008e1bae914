use std::sync::Arc;

use axum::extract::State;
use jiff::tz::TimeZone;
use rusqlite::Transaction;
use vestibule_model::api::{Device, DoorCheck, DoorDecision, Utc};
use vestibule_model::{AccessMethod, AccessResult, Denial, Secret, Timestamp};

use crate::app::App;
use crate::codes::{find_pin, find_qr};
use crate::db::table::access::{self, NewAccess};
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::visitor::{self, Kept};
use crate::db::table::{access_group, card, person, site};
use crate::handler::group::card_mac;
use crate::http::{Door, Failure, Reply, Sent, Write, once};
use crate::schedule;

/// May this code open this door now?
///
/// The device's token says which door. Yes counts one use; either answer stands in the access log, if logging is on
/// for the device. Asking again with the same `Idempotency-Key` gives the first answer and counts nothing.
#[utoipa::path(post, path = "/v1/door-checks", tag = "doors", request_body = DoorCheck,
    responses((status = OK, body = DoorDecision)))]
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    Door(device): Door,
    write: Write<DoorCheck>,
) -> Result<Reply, Failure> {
    app.write(move |app, db, now| {
        let Write { value, key, digest } = write;
        let sent = Sent { owner: format!("device {}", device.id.0), key: &key, digest };
        once(app, db, now, &sent, || decide(app, db, now, &device, &value))
    })
    .await
}

fn decide(
    app: &App,
    db: &Transaction<'_>,
    now: Timestamp,
    device: &Device,
    asked: &DoorCheck,
) -> Result<Reply, Failure> {
    let (method, code) = match (&asked.pin, &asked.qr, &asked.card) {
        (Some(pin), None, None) => (AccessMethod::Pin, find_pin(&app.keys, device.site, pin)),
        (None, Some(qr), None) => (AccessMethod::Qr, find_qr(&app.keys, device.site, qr)),
        (None, None, Some(card)) => return decide_card(app, db, now, device, card),
        _ => return Err(Failure::value("pin")),
    };
    app.limits.checks.take(device.id, now)?;
    app.limits.wrong_codes.take(device.id, now)?;
    let found = visitor::by_code(db, device.site, code)?;
    if found.is_some() {
        app.limits.wrong_codes.give_back(&device.id);
    }
    let zone = site::one(db, device.site)?.map(|site| site.zone).unwrap_or_default();
    let zone = TimeZone::get(&zone).map_err(|error| Failure::Internal(error.into()))?;
    let result = may_open(found.as_ref(), device, &zone, now);
    if let Some(kept) = found.as_ref().filter(|_| result == AccessResult::Allowed) {
        visitor::count_use(db, kept.id)?;
        if kept.uses.is_some() {
            let (audience, item) = (Audience::Household(kept.apartment), Item::Visitor(kept.id));
            change::record(db, now, kept.site, audience, item)?;
        }
    }
    if device.logging {
        write_down(db, now, device, found.as_ref(), method, result)?;
    }
    Reply::ok(&DoorDecision { result, at: Utc(now) })
}

/// A card has no time and no uses: its holder has a right to the door, or has not.
fn decide_card(
    app: &App,
    db: &Transaction<'_>,
    now: Timestamp,
    device: &Device,
    uid: &Secret,
) -> Result<Reply, Failure> {
    app.limits.checks.take(device.id, now)?;
    app.limits.wrong_codes.take(device.id, now)?;
    let found =
        card_mac(&app.keys, device.site, uid).map(|mac| card::holder(db, device.site, mac)).transpose()?;
    let found = found.flatten();
    let result = match &found {
        None => AccessResult::Denied { why: Denial::Unknown },
        Some((user, _)) if access_group::has_right(db, *user, device.id)? => AccessResult::Allowed,
        Some(_) => AccessResult::Denied { why: Denial::NoRight },
    };
    if found.is_some() {
        app.limits.wrong_codes.give_back(&device.id);
    }
    if device.logging {
        let home = match &found {
            Some((user, _)) => person::homes(db, *user)?.first().copied(),
            None => None,
        };
        // At the door of an apartment it is the business of those who live behind it.
        let apartment = device.apartment.or(home);
        let person = found.as_ref().map_or("", |(_, name)| name.as_str());
        let method = AccessMethod::Card;
        record(db, now, device, &NewAccess { at: now, device, apartment, person, method, result })?;
    }
    Reply::ok(&DoorDecision { result, at: Utc(now) })
}

/// The rule. A door of the house is for all its visitors, that of an apartment for those who may enter there.
fn may_open(found: Option<&Kept>, device: &Device, zone: &TimeZone, now: Timestamp) -> AccessResult {
    let denied = |why| AccessResult::Denied { why };
    let Some(visitor) = found else { return denied(Denial::Unknown) };
    if visitor.revoked {
        return denied(Denial::Revoked);
    }
    if device.apartment.is_some_and(|of| of != visitor.apartment || !visitor.apartment_door) {
        return denied(Denial::NoRight);
    }
    let over = visitor.until.is_some_and(|until| now >= until);
    let early = visitor.from.is_some_and(|from| now < from);
    if over || early || !schedule::is_open(&visitor.schedule, zone, now) {
        return denied(Denial::OutsideTime);
    }
    if visitor.uses.is_some_and(|uses| uses.used >= uses.allowed) {
        return denied(Denial::UsedUp);
    }
    AccessResult::Allowed
}

fn write_down(
    db: &Transaction<'_>,
    now: Timestamp,
    device: &Device,
    found: Option<&Kept>,
    method: AccessMethod,
    result: AccessResult,
) -> Result<(), Failure> {
    // A code that nobody has, at the door of an apartment, is the business of those who live behind it.
    let apartment = found.map(|kept| kept.apartment).or(device.apartment);
    let person = found.map_or("", |kept| kept.name.as_str());
    record(db, now, device, &NewAccess { at: now, device, apartment, person, method, result })
}

fn record(db: &Transaction<'_>, now: Timestamp, device: &Device, new: &NewAccess<'_>) -> Result<(), Failure> {
    let id = access::add(db, new)?;
    let audience = new.apartment.map_or(Audience::Administrators, Audience::Apartment);
    Ok(change::record(db, now, device.site, audience, Item::Access(id))?)
}
