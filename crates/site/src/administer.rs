//! What administrators do, once: the commands, the handlers and the pages do it by these. Each is called within a
//! transaction, writes its line in the feed of changes, and says nothing of who may.

use jiff::tz::TimeZone;
use rusqlite::Connection;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Role, Site, SiteId, SiteKind, User, UserId,
};
use vestibule_model::{ApartmentId, Secret, Timestamp};

use crate::admin::{AdminError, Lives, is_email, is_text};
use crate::codes::PIN_LENGTH;
use crate::db::table::change::{self, Audience, Item};
use crate::db::table::{apartment, contact, device, person, session, site};
use crate::token::{Digest, TokenKind};

/// Paid devices that a residential apartment holds, at most (mission section 6).
const PAID: i64 = 4;

type Done<T = ()> = Result<T, AdminError>;

/// Adds a site; its id is ignored.
pub(crate) fn add_site(db: &Connection, new: &Site) -> Done<SiteId> {
    check_site(new)?;
    Ok(site::add(db, new)?)
}

/// Changes a site.
pub(crate) fn change_site(db: &Connection, now: Timestamp, to: &Site) -> Done {
    check_site(to)?;
    site::change(db, to)?;
    Ok(change::record(db, now, to.id, Audience::Site, Item::Site(to.id))?)
}

/// Removes a site that has nothing in it.
pub(crate) fn delete_site(db: &Connection, id: SiteId) -> Done {
    Ok(site::delete(db, id)?)
}

/// Adds an apartment; its id is ignored.
pub(crate) fn add_apartment(db: &Connection, now: Timestamp, new: &Apartment) -> Done<ApartmentId> {
    check_apartment(new)?;
    let id = apartment::add(db, new)?;
    change::record(db, now, new.site, Audience::Apartment(id), Item::Apartment(id))?;
    Ok(id)
}

/// Changes floor, number and name of an apartment.
pub(crate) fn change_apartment(db: &Connection, now: Timestamp, to: &Apartment) -> Done {
    check_apartment(to)?;
    apartment::change(db, to)?;
    Ok(change::record(db, now, to.site, Audience::Apartment(to.id), Item::Apartment(to.id))?)
}

/// Removes an apartment that has neither devices nor visitors.
pub(crate) fn delete_apartment(db: &Connection, now: Timestamp, gone: &Apartment) -> Done {
    for user in apartment::residents(db, gone.id)? {
        change::record(db, now, gone.site, Audience::User(user), Item::Rights(user))?;
    }
    apartment::delete(db, gone.id)?;
    Ok(change::record(db, now, gone.site, Audience::Administrators, Item::Apartment(gone.id))?)
}

/// Adds a device; its id is ignored. The token is shown this once.
pub(crate) fn add_device(db: &Connection, now: Timestamp, new: &Device) -> Done<(DeviceId, Secret)> {
    check_device(new)?;
    in_site(db, new.site, new.apartment)?;
    let token = TokenKind::Device.generate()?;
    let id = device::add(db, new, Some(Digest::of(token.reveal())))?;
    if new.kind.is_paid() {
        has_room(db, new.site, new.apartment.as_slice())?;
    }
    device_changed(db, now, &Device { id, ..new.clone() })?;
    Ok((id, token))
}

/// Changes name, apartment, logging and what is noted of a device.
pub(crate) fn change_device(db: &Connection, now: Timestamp, from: &Device, to: &Device) -> Done {
    check_device(to)?;
    in_site(db, to.site, to.apartment)?;
    device::change(db, to)?;
    if to.kind.is_paid() && from.apartment != to.apartment {
        has_room(db, to.site, to.apartment.as_slice())?;
    }
    // Those who saw it where it was are told too.
    device_changed(db, now, from)?;
    device_changed(db, now, to)
}

/// Gives a device another token; the one before is worth nothing.
pub(crate) fn renew_token(db: &Connection, of: DeviceId) -> Done<Secret> {
    let token = TokenKind::Device.generate()?;
    device::set_token(db, of, Digest::of(token.reveal()))?;
    Ok(token)
}

/// Removes a device. What happened at it stays in the access log.
pub(crate) fn delete_device(db: &Connection, now: Timestamp, gone: &Device) -> Done {
    // Who is told follows from what is there, so it comes first.
    device_changed(db, now, gone)?;
    Ok(device::delete(db, gone.id)?)
}

fn device_changed(db: &Connection, now: Timestamp, of: &Device) -> Done {
    for audience in device::audiences(db, of)? {
        change::record(db, now, of.site, audience, Item::Device(of.id))?;
    }
    if let Some(home) = of.apartment {
        // Whether visitors can be let through the apartment's own door follows from its devices.
        change::record(db, now, of.site, Audience::Apartment(home), Item::Apartment(home))?;
    }
    Ok(())
}

/// Adds a contact; its id is ignored.
pub(crate) fn add_contact(db: &Connection, now: Timestamp, new: &Contact) -> Done<ContactId> {
    check_contact(new)?;
    let id = contact::add(db, new)?;
    change::record(db, now, new.site, Audience::Site, Item::Contact(id))?;
    Ok(id)
}

/// Changes a contact.
pub(crate) fn change_contact(db: &Connection, now: Timestamp, to: &Contact) -> Done {
    check_contact(to)?;
    contact::change(db, to)?;
    Ok(change::record(db, now, to.site, Audience::Site, Item::Contact(to.id))?)
}

/// Removes a contact.
pub(crate) fn delete_contact(db: &Connection, now: Timestamp, of: SiteId, id: ContactId) -> Done {
    if !contact::delete(db, of, id)? {
        return Err(AdminError::NotFound("contact"));
    }
    Ok(change::record(db, now, of, Audience::Site, Item::Contact(id))?)
}

/// Adds a user (the id is ignored), with the hash of a password if there is one.
pub(crate) fn add_user(db: &Connection, new: &User, hash: Option<&str>) -> Done<UserId> {
    check_user(db, new)?;
    if hash.is_some() && new.role == Role::WithoutLogin {
        return Err(AdminError::Text("password"));
    }
    Ok(person::add(db, new, hash)?)
}

/// Changes a user. The app then reads everything anew.
pub(crate) fn change_user(db: &Connection, now: Timestamp, to: &User) -> Done {
    check_user(db, to)?;
    phones_changed(db, now, to.id)?;
    let before = person::homes(db, to.id)?;
    person::change(db, to)?;
    let mut homes = to.apartments.clone();
    homes.retain(|home| !before.contains(home));
    moved_with_phones(db, to.id, to.site, &homes)?;
    if to.role == Role::WithoutLogin {
        sign_out(db, now, to.id, to.site)?;
    }
    phones_changed(db, now, to.id)?;
    Ok(change::record(db, now, to.site, Audience::User(to.id), Item::Rights(to.id))?)
}

/// Removes a user, with phones and reports. What they did at doors stays in the access log.
pub(crate) fn delete_user(db: &Connection, now: Timestamp, gone: &User) -> Done {
    sign_out(db, now, gone.id, gone.site)?;
    Ok(person::delete(db, gone.id)?)
}

/// Gives a user another password, and signs all devices out.
pub(crate) fn set_password(db: &Connection, now: Timestamp, of: UserId, at: SiteId, hash: &str) -> Done {
    person::set_password(db, of, hash)?;
    sign_out(db, now, of, at)
}

/// A user moves into an apartment, or out of it. The app then reads everything anew.
pub(crate) fn set_resident(
    db: &Connection,
    now: Timestamp,
    (user, at): (UserId, SiteId),
    home: ApartmentId,
    lives: Lives,
) -> Done {
    in_site(db, at, Some(home))?;
    phones_changed(db, now, user)?;
    match lives {
        Lives::There => {
            person::move_in(db, user, home)?;
            moved_with_phones(db, user, at, &[home])?;
        }
        Lives::Elsewhere => person::move_out(db, user, home)?,
    }
    phones_changed(db, now, user)?;
    Ok(change::record(db, now, at, Audience::User(user), Item::Rights(user))?)
}

/// Ends all sessions, and all phones ring no more.
fn sign_out(db: &Connection, now: Timestamp, user: UserId, at: SiteId) -> Done {
    phones_changed(db, now, user)?;
    for phone in device::all_of_owner(db, user)? {
        device::delete(db, phone.id)?;
    }
    session::end_all(db, user)?;
    // Nobody is told of it, but streams wake up and find that their session is over.
    Ok(change::record(db, now, at, Audience::User(user), Item::Session(0))?)
}

/// Who sees a phone follows from where its owner lives: told before a move and after it, all of them know.
fn phones_changed(db: &Connection, now: Timestamp, owner: UserId) -> Done {
    for phone in device::all_of_owner(db, owner)? {
        device_changed(db, now, &phone)?;
    }
    Ok(())
}

/// Refuses more paid devices in an apartment than it may hold.
pub(crate) fn has_room(db: &Connection, at: SiteId, homes: &[ApartmentId]) -> Done {
    if site::one(db, at)?.is_none_or(|site| site.kind != SiteKind::Residential) {
        return Ok(());
    }
    for home in homes {
        if apartment::paid_devices(db, *home)? > PAID {
            return Err(AdminError::DeviceLimit);
        }
    }
    Ok(())
}

/// Who brings no phone along is welcome everywhere.
fn moved_with_phones(db: &Connection, user: UserId, at: SiteId, homes: &[ApartmentId]) -> Done {
    if device::all_of_owner(db, user)?.is_empty() { Ok(()) } else { has_room(db, at, homes) }
}

fn in_site(db: &Connection, at: SiteId, home: Option<ApartmentId>) -> Done {
    let Some(home) = home else { return Ok(()) };
    let there = apartment::one(db, home)?.filter(|apartment| apartment.site == at);
    there.map(|_| ()).ok_or(AdminError::NotFound("apartment"))
}

/// Refuses a site that cannot be.
pub(crate) fn check_site(site: &Site) -> Done {
    check_text(&site.name, "name")?;
    if !site.address.is_empty() && !is_text(&site.address, 200) {
        return Err(AdminError::Text("address"));
    }
    if TimeZone::get(&site.zone).is_err() {
        return Err(AdminError::Zone(site.zone.clone()));
    }
    if PIN_LENGTH.contains(&site.pin_length) { Ok(()) } else { Err(AdminError::PinLength) }
}

fn check_apartment(apartment: &Apartment) -> Done {
    check_text(&apartment.number, "number")?;
    check_text(&apartment.name, "name")
}

fn check_device(device: &Device) -> Done {
    check_text(&device.name, "name")?;
    let serial = &device.hardware.serial;
    if serial.is_empty() || is_text(serial, 50) { Ok(()) } else { Err(AdminError::Text("hardware.serial")) }
}

fn check_contact(contact: &Contact) -> Done {
    check_text(&contact.name, "name")?;
    for (text, what) in [(&contact.role, "role"), (&contact.phone, "phone")] {
        if !text.is_empty() {
            check_text(text, what)?;
        }
    }
    if contact.email.is_empty() || is_email(&contact.email) { Ok(()) } else { Err(AdminError::Text("email")) }
}

fn check_user(db: &Connection, user: &User) -> Done {
    check_text(&user.name, "name")?;
    if !is_email(&user.email) {
        return Err(AdminError::Text("email"));
    }
    for home in &user.apartments {
        in_site(db, user.site, Some(*home))?;
    }
    Ok(())
}

fn check_text(text: &str, what: &'static str) -> Done {
    if is_text(text, 100) { Ok(()) } else { Err(AdminError::Text(what)) }
}
