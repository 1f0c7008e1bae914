//! Call settings, phones and what they are configured by.

use rusqlite::Connection;
use vestibule_model::api::{
    ButtonTarget, CallSettings, Device, DeviceConfiguration, DeviceId, DirectoryEntry, IntercomMake,
    IntercomSwitch, Phone, PhoneIntercom, RingMember, SipProfile, SipSecret, SiteId, Template,
};
use vestibule_model::{DeviceKind, SwitchCode};

use crate::admin::is_text;
use crate::app::App;
use crate::config::Sip;
use crate::db::table::call_settings::{self, Switch};
use crate::db::table::{apartment, device, ring, sip_account, template};
use crate::exchange::{secret_place, target, user};
use crate::http::Failure;
use crate::keys::Keys;
use crate::token::TokenKind;

/// The highest number of a button.
const BUTTONS: u16 = 999;
/// Switches of an intercom, and members of a ring group, at most.
const SWITCHES: usize = 16;
const MEMBERS: usize = 50;
/// Minutes between two looks at the configuration.
const REFRESH: std::ops::RangeInclusive<u32> = 1..=99_999;

/// Gives a device an account with a new password.
pub(crate) fn new_account(
    db: &Connection,
    keys: &Keys,
    sip: &Sip,
    device: DeviceId,
) -> Result<SipSecret, Failure> {
    let password = TokenKind::Sip.generate()?;
    let sealed = keys.seal(secret_place(device).as_bytes(), password.reveal().as_bytes())?;
    sip_account::set(db, device, &sealed)?;
    Ok(SipSecret { device, profile: profile(sip, device), password })
}

/// The call settings of an intercom, with its codes.
pub(crate) fn call_settings(db: &Connection, keys: &Keys, device: DeviceId) -> Result<CallSettings, Failure> {
    Ok(CallSettings {
        make: call_settings::make(db, device)?,
        buttons: call_settings::buttons(db, device)?,
        switches: switches(db, keys, device)?,
    })
}

/// Sets the call settings of an intercom.
pub(crate) fn set_call_settings(
    db: &Connection,
    keys: &Keys,
    of: &Device,
    settings: &CallSettings,
) -> Result<(), Failure> {
    check(db, of, settings)?;
    let place = switch_place(of.id);
    let switches = settings.switches.iter().map(|switch| {
        let code = keys.seal(place.as_bytes(), switch.code.reveal().as_bytes())?;
        Ok(Switch { name: switch.name.clone(), kind: switch.kind, code })
    });
    let switches = switches.collect::<Result<Vec<_>, Failure>>()?;
    Ok(call_settings::set(db, of.id, settings.make, &settings.buttons, &switches)?)
}

/// What a resident's phone is configured by.
pub(crate) fn phone(app: &App, sip: &Sip, db: &Connection, phone: &Device) -> Result<Phone, Failure> {
    let mut intercoms = Vec::new();
    for id in ring::intercoms_of(db, phone.id)? {
        let Some(intercom) = device::one(db, id)? else { continue };
        let switches = switches(db, &app.keys, id)?;
        intercoms.push(PhoneIntercom { device: id, name: intercom.name, user: user(id), switches });
    }
    let mut directory = Vec::new();
    for id in ring::directory_of(db, phone.id)? {
        let Some(found) = device::one(db, id)? else { continue };
        directory.push(DirectoryEntry { device: id, name: found.name, kind: found.kind, user: user(id) });
    }
    Ok(Phone {
        device: phone.id,
        profile: profile(sip, phone.id),
        template: template_of(db, phone)?,
        intercoms,
        directory,
    })
}

/// What a device of the house is configured by.
pub(crate) fn configuration(
    app: &App,
    sip: &Sip,
    db: &Connection,
    of: &Device,
) -> Result<DeviceConfiguration, Failure> {
    let buttons = call_settings::buttons(db, of.id)?.into_iter().map(|button| ButtonTarget {
        user: target(of.id, button.number),
        number: button.number,
        name: button.name,
    });
    let template = template_of(db, of)?;
    Ok(DeviceConfiguration {
        device: of.id,
        mode: template.mode,
        profile: profile(sip, of.id),
        template,
        buttons: buttons.collect(),
        switches: switches(db, &app.keys, of.id)?,
    })
}

/// Refuses a template that no device could follow.
pub(crate) fn check_template(template: &Template) -> Result<(), Failure> {
    let twice =
        |at: usize| template.codecs.iter().skip(at + 1).any(|codec| template.codecs.get(at) == Some(codec));
    if template.codecs.is_empty() || (0..template.codecs.len()).any(twice) {
        return Err(Failure::value("codecs"));
    }
    if REFRESH.contains(&template.refresh_minutes) { Ok(()) } else { Err(Failure::value("refresh_minutes")) }
}

/// What is the same for all of its kind, but for the mode, if the device has one of its own.
fn template_of(db: &Connection, of: &Device) -> rusqlite::Result<Template> {
    let template = template::of(db, of.site, of.kind)?;
    Ok(Template { mode: of.hardware.mode.unwrap_or(template.mode), ..template })
}

fn profile(sip: &Sip, device: DeviceId) -> SipProfile {
    SipProfile { user: user(device), domain: sip.domain.clone(), servers: sip.servers.clone() }
}

fn switches(db: &Connection, keys: &Keys, device: DeviceId) -> Result<Vec<IntercomSwitch>, Failure> {
    let place = switch_place(device);
    let opened = call_settings::switches(db, device)?.into_iter().map(|switch| {
        let code = keys.open_text(place.as_bytes(), &switch.code)?;
        let code: SwitchCode = code.reveal().parse().map_err(|error| Failure::Internal(Box::new(error)))?;
        Ok(IntercomSwitch { name: switch.name, kind: switch.kind, code })
    });
    opened.collect()
}

fn switch_place(device: DeviceId) -> String {
    format!("switch {}", device.0)
}

/// Refuses what an intercom cannot be set to, and names the field.
fn check(db: &Connection, of: &Device, settings: &CallSettings) -> Result<(), Failure> {
    if of.kind != DeviceKind::Intercom {
        return Err(Failure::value("device"));
    }
    for (at, button) in settings.buttons.iter().enumerate() {
        let wrong = |field: &str| Failure::value(format!("buttons[{at}].{field}"));
        let again = settings.buttons.iter().take(at).any(|other| other.number == button.number);
        if !(1..=BUTTONS).contains(&button.number) || again {
            return Err(wrong("number"));
        }
        if !is_text(&button.name, 100) {
            return Err(wrong("name"));
        }
        if button.members.len() > MEMBERS {
            return Err(wrong("members"));
        }
        for (place, member) in button.members.iter().enumerate() {
            if !in_site(db, of, *member)? {
                return Err(wrong(&format!("members[{place}]")));
            }
        }
    }
    if settings.switches.len() > SWITCHES {
        return Err(Failure::value("switches"));
    }
    for (at, switch) in settings.switches.iter().enumerate() {
        if !is_text(&switch.name, 100) {
            return Err(Failure::value(format!("switches[{at}].name")));
        }
        if settings.make == IntercomMake::TwoN && switch.code.clone().for_2n().is_err() {
            return Err(Failure::value(format!("switches[{at}].code")));
        }
    }
    Ok(())
}

/// Calls stay within a site, and an intercom does not ring itself.
fn in_site(db: &Connection, of: &Device, member: RingMember) -> Result<bool, Failure> {
    let site: Option<SiteId> = match member {
        RingMember::Device(id) => {
            device::one(db, id)?.filter(|found| found.id != of.id).map(|found| found.site)
        }
        RingMember::Apartment(id) => apartment::one(db, id)?.map(|found| found.site),
    };
    Ok(site == Some(of.site))
}
