//! Devices and their tokens.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use vestibule_model::DeviceKind;
use vestibule_model::api::{
    ConfigurationMode, Connection, Device, DeviceId, Hardware, MadeDevice, NewDevice, ProblemCode,
};

use crate::app::App;
use crate::db::table::{apartment, device};
use crate::handler::manage;
use crate::http::{Failure, Id, NoBody};
use crate::licensing;
use crate::page::form::{Fields, Sent};
use crate::page::layout::{Answer, choice, optional, page, text, tick};
use crate::page::licence;
use crate::page::session::Visit;
use crate::page::site::{change_or_remove, choose, homes, name, shown_once, then, visible, word, words};

/// Kinds that an administrator adds; phones come by themselves.
const KINDS: [DeviceKind; 4] =
    [DeviceKind::Intercom, DeviceKind::AnsweringUnit, DeviceKind::AccessUnit, DeviceKind::ThirdPartySip];

pub(super) async fn list(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let (devices, apartments) = app
        .read_as(visit.signed, |_, db, viewer, _| {
            Ok((device::visible(db, viewer, None)?, apartment::visible(db, viewer, None)?))
        })
        .await?;
    let content = html! {
        div.scroll tabindex="0" role="region" aria-label="Devices" {
            table {
                thead { tr { th { "Name" } th { "Kind" } th { "Status" } th { "Site" } } }
                tbody {
                    @for device in &devices {
                        tr {
                            td { a href={ "/admin/devices/" (device.id.0) } { (device.name) } }
                            td { (word(&device.kind)) } td { (word(&device.status)) } td { (name(&sites, device.site)) }
                        }
                    }
                }
            }
        }
        h2 { "New device" }
        form.fields method="post" action="/admin/devices" {
            (visit.hidden())
            (choose(&sites))
            (choice("kind", "Kind", &words(&KINDS), ""))
            (fields(None, &homes(&sites, &apartments)))
            button { "Add the device" }
        }
    };
    Ok(page(&visit, "Devices", &content))
}

pub(super) async fn add(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_device(&sent.fields)?;
    let made = manage::add_device(State(app), sent.visit.signed, sent.write(new)).await?;
    Ok(shown_once(&sent.visit, "Token", &token(&made.read()?)))
}

pub(super) async fn one(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let sites = visible(&app, &visit).await?;
    let (found, apartments, pays) = app
        .read_as(visit.signed, move |_, db, viewer, now| {
            let mut found = device::visible(db, viewer, Some(DeviceId(id)))?;
            licensing::say_of_devices(db, &mut found, now)?;
            let found = found.pop().ok_or(Failure::Told(ProblemCode::NotFound))?;
            let mut apartments = apartment::visible(db, viewer, None)?;
            apartments.retain(|apartment| apartment.site == found.site);
            Ok((found, apartments, viewer.role.pays()))
        })
        .await?;
    let content = html! {
        p { (word(&found.kind)) ", " (word(&found.status)) }
        form.fields method="post" action={ "/admin/devices/" (id) } {
            (visit.hidden())
            input type="hidden" name="site" value=(found.site.0);
            input type="hidden" name="kind" value=(word(&found.kind).replace(' ', "_"));
            (fields(Some(&found), &homes(&sites, &apartments)))
            (change_or_remove())
        }
        @if found.kind == DeviceKind::Intercom {
            h2 { "Call settings" }
            p { a href={ "/admin/devices/" (id) "/calls" } { "Whom it rings, and its codes" } }
        }
        @if found.kind.is_paid() {
            h2 { "Licence" }
            p { (licence::says(found.licence)) }
            @if pays { (licence::switch(&visit, &found)) }
        }
        @if found.kind != DeviceKind::Phone {
            h2 { "Token" }
            p { "By its token the device asks whether a door may open, and for its SIP password. Another token makes the one before worthless." }
            form method="post" action={ "/admin/devices/" (id) "/token" } {
                (visit.hidden())
                button.danger { "Make another token" }
            }
        }
    };
    Ok(page(&visit, &found.name, &content))
}

pub(super) async fn change(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    if sent.pressed("remove") {
        return then(
            manage::delete_device(State(app), signed, id, sent.write(NoBody {})).await,
            "/admin/devices",
        );
    }
    let new = new_device(&sent.fields)?;
    then(manage::change_device(State(app), signed, id, sent.write(new)).await, "/admin/devices")
}

pub(super) async fn renew(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let made = manage::renew_token(State(app), sent.visit.signed, id, sent.write(NoBody {})).await?;
    Ok(shown_once(&sent.visit, "Token", &token(&made.read()?)))
}

fn token(made: &MadeDevice) -> Markup {
    html! {
        p { "The token of " (made.device.name) ":" }
        code.secret { (made.token.reveal()) }
        p { a href={ "/admin/devices/" (made.device.id.0) } { "On to the device" } }
    }
}

fn fields(device: Option<&Device>, homes: &[(String, String)]) -> Markup {
    let mut options = vec![(String::new(), "none: it serves the whole house".to_owned())];
    options.extend_from_slice(homes);
    let hardware = device.map(|device| device.hardware.clone()).unwrap_or_default();
    let mac = hardware.mac.map(String::from).unwrap_or_default();
    let mut modes = vec![(String::new(), "as for its kind".to_owned())];
    modes.extend(words(&[ConfigurationMode::Automatic, ConfigurationMode::Manual]));
    let mode = hardware.mode.as_ref().map(word).unwrap_or_default();
    let home = device.and_then(|device| device.apartment).map(|id| id.0.to_string()).unwrap_or_default();
    html! {
        (text("name", "Name", device.map_or("", |device| device.name.as_str())))
        (choice("apartment", "Apartment", &options, &home))
        (optional("serial", "Serial number", &hardware.serial))
        label {
            "Hardware address"
            input name="mac" value=(mac) placeholder="XX:XX:XX:XX:XX:XX" pattern="([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}";
        }
        (choice("connection", "Connection", &words(&[Connection::Cloud, Connection::Local]), &word(&hardware.connection)))
        (choice("mode", "Configuration", &modes, &mode))
        (tick("logging", "on", "What happens at it stands in the access log", device.is_none_or(|device| device.logging)))
    }
}

fn new_device(fields: &Fields) -> Result<NewDevice, Failure> {
    Ok(NewDevice {
        site: fields.value("site")?,
        name: fields.text("name"),
        kind: fields.value("kind")?,
        apartment: fields.maybe("apartment")?,
        logging: fields.ticked("logging"),
        hardware: Hardware {
            serial: fields.text("serial"),
            mac: fields.maybe("mac")?,
            connection: fields.maybe("connection")?.unwrap_or_default(),
            mode: fields.maybe("mode")?,
        },
    })
}
