//! Whom an intercom rings, and its codes: one line a button, one line a switch.

use std::sync::Arc;

use axum::extract::State;
use maud::html;
use vestibule_model::SwitchKind;
use vestibule_model::api::{
    Apartment, Button, CallSettings, Device, DeviceId, IntercomMake, IntercomSwitch, ProblemCode, RingMember,
    RingOrder,
};

use crate::app::App;
use crate::db::table::{apartment, device};
use crate::handler::calls;
use crate::http::{Failure, Id};
use crate::page::form::Sent;
use crate::page::layout::{Answer, choice, page};
use crate::page::session::Visit;
use crate::page::site::{then, words};

/// Between the parts of a line, and between members.
const PART: char = ';';
const MEMBER: char = ',';
/// Before what a group rings one after the other.
const IN_ORDER: &str = "in order";

/// What can ring in a site: names in lines, and what they mean.
struct Names {
    devices: Vec<Device>,
    apartments: Vec<Apartment>,
}

pub(super) async fn one(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let (found, names) = names(&app, &visit, DeviceId(id)).await?;
    let axum::Json(settings) = calls::settings(State(app), visit.signed, Id(id)).await?;
    let make = if settings.make == IntercomMake::TwoN { "2n" } else { "any" };
    let makes =
        [("any".to_owned(), "any".to_owned()), ("2n".to_owned(), "2N: exactly one *, at the end".to_owned())];
    let buttons: Vec<_> = settings.buttons.iter().map(|button| names.line(button)).collect();
    let switches: Vec<_> = settings.switches.iter().map(switch_line).collect();
    let content = html! {
        form.fields method="post" action={ "/admin/devices/" (id) "/calls" } {
            (visit.hidden())
            label {
                "Buttons, one a line: number; name; whom it rings"
                textarea name="buttons" rows="8" cols="60" aria-describedby="about-buttons" { (buttons.join("\n")) }
            }
            p.hint id="about-buttons" {
                "Apartments as floor/number, devices by their names, with commas between: " code { "1; Flat 12; 1/12" }
                ". To ring one after the other, a fourth part: " code { "2; Office; 0/1, Reception; in order" } "."
            }
            label {
                "Switches, one a line: name; door, gate or light; code"
                textarea name="switches" rows="4" cols="60" { (switches.join("\n")) }
            }
            (choice("make", "Rules of the codes", &makes, make))
            button { "Save" }
        }
        p { a href={ "/admin/devices/" (id) } { "Back to the device" } }
    };
    Ok(page(&visit, &format!("Calls of {}", found.name), &content))
}

pub(super) async fn set(State(app): State<Arc<App>>, Id(id): Id, sent: Sent) -> Answer {
    let (_, names) = names(&app, &sent.visit, DeviceId(id)).await?;
    let buttons = lines(&sent.fields.text("buttons"), "buttons", |line| names.button(line))?;
    let switches = lines(&sent.fields.text("switches"), "switches", switch)?;
    let make = sent.fields.value("make")?;
    let asked = sent.write(CallSettings { make, buttons, switches });
    let done = calls::set_settings(State(app), sent.visit.signed, Id(id), asked).await;
    then(done, &format!("/admin/devices/{id}/calls"))
}

async fn names(app: &Arc<App>, visit: &Visit, id: DeviceId) -> Result<(Device, Names), Failure> {
    app.read_as(visit.signed, move |_, db, viewer, _| {
        let found = device::visible(db, viewer, Some(id))?.pop();
        let found = found.ok_or(Failure::Told(ProblemCode::NotFound))?;
        let mut names = Names {
            devices: device::visible(db, viewer, None)?,
            apartments: apartment::visible(db, viewer, None)?,
        };
        names.devices.retain(|device| device.site == found.site);
        names.apartments.retain(|apartment| apartment.site == found.site);
        Ok((found, names))
    })
    .await
}

/// Each line that has anything on it; the failure says which line it was.
fn lines<T>(text: &str, field: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Failure> {
    let all = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    all.map(|(at, line)| read(line).ok_or_else(|| Failure::value(format!("{field}, line {}", at + 1))))
        .collect()
}

impl Names {
    fn line(&self, button: &Button) -> String {
        let member = |member: &RingMember| match member {
            RingMember::Apartment(id) => {
                let found = self.apartments.iter().find(|home| home.id == *id);
                found.map(|home| format!("{}/{}", home.floor, home.number))
            }
            RingMember::Device(id) => {
                self.devices.iter().find(|device| device.id == *id).map(|device| device.name.clone())
            }
        };
        let members: Vec<_> = button.members.iter().filter_map(member).collect();
        let order = if button.order == RingOrder::InOrder { format!("; {IN_ORDER}") } else { String::new() };
        format!("{}; {}; {}{order}", button.number, button.name, members.join(", "))
    }

    fn button(&self, line: &str) -> Option<Button> {
        let mut parts = line.split(PART).map(str::trim);
        let (number, name, members) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let order = match parts.next() {
            None | Some("") => RingOrder::AtOnce,
            Some(word) if word.eq_ignore_ascii_case(IN_ORDER) => RingOrder::InOrder,
            Some(_) => return None,
        };
        let members = members.split(MEMBER).map(str::trim).filter(|member| !member.is_empty());
        let members = members.map(|member| self.member(member)).collect::<Option<_>>()?;
        parts.next().is_none().then(|| Button { number, name: name.to_owned(), order, members })
    }

    fn member(&self, text: &str) -> Option<RingMember> {
        if let Some(device) = self.devices.iter().find(|device| device.name == text) {
            return Some(RingMember::Device(device.id));
        }
        let (floor, number) = text.split_once('/')?;
        let floor: i16 = floor.trim().parse().ok()?;
        let at = |home: &&Apartment| home.floor == floor && home.number == number.trim();
        self.apartments.iter().find(at).map(|home| RingMember::Apartment(home.id))
    }
}

fn switch_line(switch: &IntercomSwitch) -> String {
    let kind = words(&[switch.kind]).pop().map(|(_, says)| says).unwrap_or_default();
    format!("{}; {kind}; {}", switch.name, switch.code.reveal())
}

fn switch(line: &str) -> Option<IntercomSwitch> {
    let mut parts = line.split(PART).map(str::trim);
    let name = parts.next()?.to_owned();
    let kind = match parts.next()? {
        "door" => SwitchKind::Door,
        "gate" => SwitchKind::Gate,
        "light" => SwitchKind::Light,
        _ => return None,
    };
    let code = match parts.next() {
        None | Some("") => Default::default(),
        Some(code) => code.parse().ok()?,
    };
    parts.next().is_none().then_some(IntercomSwitch { name, kind, code })
}
