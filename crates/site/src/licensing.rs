//! What is paid for. How something stands is worked out of the tables and the clock whenever it is asked; what happens
//! by itself is that credit is used, and that the feed tells of what time has changed.
//!
//! A site without fees has everything, and is never asked for more. With fees, its trial comes first; afterwards each
//! paid device wants a licence, its own or one of an apartment that it belongs to. A voucher is credit, a month of one
//! unit each; a licence is a month that was used. Nothing that opens doors or rings asks for a licence.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use vestibule_model::api::{
    Credit, Device, DeviceId, Licence, LicenceUnit, Licensing, ProblemCode, Site, SiteId, Utc, Voucher,
    VoucherId,
};
use vestibule_model::{ApartmentId, Secret, Timestamp};
use zeroize::Zeroizing;

use crate::db::table::change::{self, Audience, Item};
use crate::db::table::licence::{self, Cover, Fees, Holder};
use crate::db::table::{device, voucher};
use crate::http::Failure;
use crate::token::Digest;
use crate::viewer::Viewer;

#[cfg(test)]
mod tests;

const DAY: i64 = 86_400_000;
/// The trial (mission C9), in milliseconds.
pub(crate) const TRIAL: i64 = 30 * DAY;
/// What was paid has ended, and nothing changes yet.
pub(crate) const GRACE: i64 = 3 * DAY;
/// A twelfth of a year of 365.25 days: twelve credits last a year, whenever they are used.
pub(crate) const MONTH: i64 = 2_629_800_000;
/// How long a voucher can be redeemed: three years.
const VALID: i64 = 36 * MONTH;
/// What one voucher may be for.
pub(crate) const UNITS: std::ops::RangeInclusive<u32> = 1..=10_000;
pub(crate) const YEARS: std::ops::RangeInclusive<u32> = 1..=10;
/// Crockford's base 32: no I, L, O or U, so that a code can be read from paper and over the phone.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols of a code: 80 bits, so that its digest gives nothing away.
const CODE: usize = 16;

/// What a site has to pay, and has left.
struct Terms {
    fees: Fees,
    apartments: i64,
    devices: i64,
}

impl Terms {
    fn read(db: &Connection, site: SiteId, now: Timestamp) -> rusqlite::Result<Self> {
        let fees = licence::fees(db, site)?;
        if !fees.on {
            return Ok(Self { fees, apartments: 0, devices: 0 });
        }
        let left = |unit| Ok::<_, rusqlite::Error>(credit(db, site, unit, now)?.0);
        Ok(Self { fees, apartments: left(LicenceUnit::Apartment)?, devices: left(LicenceUnit::Device)? })
    }

    /// When the trial ends, while it lasts.
    fn trial(&self, now: Timestamp) -> Option<Timestamp> {
        self.fees.trial_since.map(|since| Timestamp(since.0 + TRIAL)).filter(|until| now < *until)
    }

    /// How a device stands.
    fn of(&self, cover: &Cover, now: Timestamp) -> Licence {
        if !self.fees.on || cover.free {
            return Licence::Ready;
        }
        if cover.off {
            return Licence::Disabled;
        }
        if let Some(until) = self.trial(now) {
            return Licence::Trial { until: Utc(until) };
        }
        match cover.ends {
            Some(ends) if now < ends => Licence::Ready,
            Some(ends) if now.0 < ends.0 + GRACE => Licence::Grace { until: Utc(Timestamp(ends.0 + GRACE)) },
            _ if self.devices > 0 || cover.home && self.apartments > 0 => Licence::UnlicensedCreditAvailable,
            _ => Licence::UnlicensedToPurchase,
        }
    }

    /// How somebody stands who has no device yet: one would use credit at once.
    fn of_nobody(&self, now: Timestamp) -> Licence {
        match self.trial(now) {
            _ if !self.fees.on || self.devices > 0 || self.apartments > 0 => Licence::Ready,
            Some(until) => Licence::Trial { until: Utc(until) },
            None => Licence::UnlicensedToPurchase,
        }
    }

    fn waits(cover: &Cover, now: Timestamp) -> bool {
        !cover.free && !cover.off && cover.ends.is_none_or(|ends| ends <= now)
    }
}

/// Says of devices how they stand.
pub(crate) fn say_of_devices(
    db: &Connection,
    devices: &mut [Device],
    now: Timestamp,
) -> rusqlite::Result<()> {
    let sites: HashSet<SiteId> = devices.iter().map(|device| device.site).collect();
    for site in sites {
        let terms = Terms::read(db, site, now)?;
        if !terms.fees.on {
            continue;
        }
        let here: Vec<DeviceId> =
            devices.iter().filter(|device| device.site == site).map(|device| device.id).collect();
        let covers = licence::covers(db, site, Some(&here))?;
        let states: HashMap<_, _> = covers.iter().map(|cover| (cover.device, terms.of(cover, now))).collect();
        for device in devices.iter_mut() {
            if let Some(state) = states.get(&device.id) {
                device.licence = *state;
            }
        }
    }
    Ok(())
}

/// Says of sites how they stand, as far as it concerns who asks: an administrator is told of the worst of all
/// devices, a resident of the best of the own phones, or else of the household's.
pub(crate) fn say_of_sites(
    db: &Connection,
    viewer: &Viewer,
    sites: &mut [Site],
    now: Timestamp,
) -> rusqlite::Result<()> {
    for site in sites {
        let terms = Terms::read(db, site.id, now)?;
        if !terms.fees.on {
            continue;
        }
        let administers = viewer.role.administers_site();
        let covers = if administers {
            licence::covers(db, site.id, None)?
        } else {
            licence::covers_of(db, site.id, viewer.user.0)?
        };
        let states = covers.iter().filter(|cover| !cover.free).map(|cover| terms.of(cover, now));
        let found = if administers {
            // What was switched off was switched off on purpose.
            states.filter(|state| *state != Licence::Disabled).max_by_key(worse)
        } else {
            states.min_by_key(worse)
        };
        site.licence = found.unwrap_or_else(|| terms.of_nobody(now));
    }
    Ok(())
}

fn worse(state: &Licence) -> u8 {
    match state {
        Licence::Ready | Licence::Unknown => 0,
        Licence::Trial { .. } => 1,
        Licence::Grace { .. } => 2,
        Licence::UnlicensedCreditAvailable => 3,
        Licence::UnlicensedToPurchase => 4,
        Licence::Disabled => 5,
    }
}

/// How a site stands with its licences.
pub(crate) fn licensing(db: &Connection, site: SiteId, now: Timestamp) -> rusqlite::Result<Licensing> {
    let fees = licence::fees(db, site)?;
    let of = |unit| {
        let (months, running) = credit(db, site, unit, now)?;
        Ok::<_, rusqlite::Error>(Credit { months: u32::try_from(months).unwrap_or(u32::MAX), running })
    };
    let covers = licence::covers(db, site, None)?;
    let waiting = covers.iter().filter(|cover| fees.on && Terms::waits(cover, now)).count();
    Ok(Licensing {
        fees: fees.on,
        trial_until: fees.trial_since.map(|since| Utc(Timestamp(since.0 + TRIAL))),
        apartments: of(LicenceUnit::Apartment)?,
        devices: of(LicenceUnit::Device)?,
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
    })
}

/// Makes a voucher, with the code that is shown this once.
pub(crate) fn make(
    db: &Connection,
    unit: LicenceUnit,
    units: u32,
    years: u32,
    now: Timestamp,
) -> Result<(Voucher, Secret), crate::admin::AdminError> {
    for (value, allowed, what) in [(units, UNITS, "units"), (years, YEARS, "years")] {
        if !allowed.contains(&value) {
            return Err(crate::admin::AdminError::Text(what));
        }
    }
    let mut bytes = Zeroizing::new([0; CODE]);
    getrandom::fill(bytes.as_mut_slice())?;
    let symbol = |byte: &u8| SYMBOLS.get(usize::from(byte % 32)).copied().unwrap_or(b'0');
    let code: Zeroizing<String> = Zeroizing::new(bytes.iter().map(symbol).map(char::from).collect());
    let until = Utc(Timestamp(now.0 + VALID));
    let mut made = Voucher { id: VoucherId(0), unit, units, years, made: Utc(now), until, redeemed: None };
    made.id = voucher::add(db, &made, Digest::of(&code))?;
    let mut shown = Zeroizing::new(String::with_capacity(CODE + CODE / 4));
    for (at, symbol) in code.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            shown.push('-');
        }
        shown.push(symbol);
    }
    Ok((made, Secret::new(shown.as_str())))
}

/// Redeems a voucher for a site, once.
pub(crate) fn redeem(
    db: &Connection,
    site: SiteId,
    code: &Secret,
    now: Timestamp,
) -> Result<Voucher, Failure> {
    let redeemed = voucher::redeem(db, digest(code), site, now)?;
    let redeemed = redeemed.ok_or(Failure::Told(ProblemCode::VoucherInvalid))?;
    change::record(db, now, site, Audience::Administrators, Item::Site(site))?;
    Ok(redeemed)
}

/// Of a code as somebody typed it: what looks like a digit is one (Crockford).
fn digest(code: &Secret) -> Digest {
    let typed = code.reveal().chars().filter(|symbol| !matches!(symbol, '-' | ' '));
    let read = |symbol: char| match symbol.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    Digest::of(&Zeroizing::new(typed.map(read).collect::<String>()))
}

/// Sees to licences if something changed who needs one.
pub(crate) fn follow(db: &Connection, now: Timestamp) -> Result<(), Failure> {
    if licence::is_due(db)? { settle(db, now) } else { Ok(()) }
}

/// Uses credit for what waits, at once, and tells of what stands otherwise than was told.
pub(crate) fn settle(db: &Connection, now: Timestamp) -> Result<(), Failure> {
    for site in licence::concerned(db)? {
        let mut terms = Terms::read(db, site, now)?;
        if terms.fees.on && terms.trial(now).is_none() {
            assign(db, site, &mut terms, now)?;
        }
        tell(db, site, &terms, now)?;
    }
    if licence::is_due(db)? {
        licence::set_done(db)?;
    }
    Ok(())
}

/// An apartment's licence covers more than one device, so it comes first.
fn assign(db: &Connection, site: SiteId, terms: &mut Terms, now: Timestamp) -> rusqlite::Result<()> {
    let mut served: HashSet<ApartmentId> = HashSet::new();
    for cover in licence::covers(db, site, None)?.iter().filter(|cover| Terms::waits(cover, now)) {
        let homes = licence::homes(db, cover.device)?;
        if homes.iter().any(|home| served.contains(home)) {
            continue;
        }
        // What ended within the days of grace goes on from there: they are paid like all others.
        let begins = cover.ends.filter(|ends| now.0 < ends.0 + GRACE).unwrap_or(now);
        let serve = |holder, left: &mut i64| {
            if licence::take_free(db, site, holder, now)? {
                return Ok::<_, rusqlite::Error>(true);
            }
            if *left < 1 {
                return Ok(false);
            }
            *left -= 1;
            licence::add(db, site, holder, begins, Timestamp(begins.0 + MONTH))?;
            Ok(true)
        };
        if let Some(home) = homes.first()
            && serve(Holder::Apartment(*home), &mut terms.apartments)?
        {
            served.insert(*home);
            continue;
        }
        serve(Holder::Device(cover.device), &mut terms.devices)?;
    }
    Ok(())
}

fn tell(db: &Connection, site: SiteId, terms: &Terms, now: Timestamp) -> Result<(), Failure> {
    let state = word(terms.of_nobody(now))?;
    if licence::told_of_site(db, site)? != state {
        licence::tell_site(db, site, state.as_deref())?;
        change::record(db, now, site, Audience::Site, Item::Site(site))?;
    }
    let told: HashMap<_, _> = licence::told_of_devices(db, site)?.into_iter().collect();
    for cover in licence::covers(db, site, None)? {
        let state = word(terms.of(&cover, now))?;
        if told.get(&cover.device).is_some_and(|told| *told == state) {
            continue;
        }
        licence::tell_device(db, cover.device, state.as_deref())?;
        let Some(found) = device::one(db, cover.device)? else { continue };
        for audience in device::audiences(db, &found)? {
            change::record(db, now, site, audience, Item::Device(found.id))?;
            change::record(db, now, site, audience, Item::Site(site))?;
        }
    }
    Ok(())
}

/// What is remembered of what was told; nothing for "ready".
fn word(state: Licence) -> Result<Option<String>, Failure> {
    if state == Licence::Ready { Ok(None) } else { Ok(Some(serde_json::to_string(&state)?)) }
}

/// Months that are left of one unit, and licences that run.
fn credit(db: &Connection, site: SiteId, unit: LicenceUnit, now: Timestamp) -> rusqlite::Result<(i64, u32)> {
    let (used, running) = licence::used(db, site, unit, now)?;
    Ok((voucher::months(db, site, unit)? - used, running))
}
