//! Access groups, and the cards of a user.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use vestibule_model::api::{
    AccessGroup, AccessGroupId, Apartment, Device, NewAccessGroup, NewCard, ProblemCode, User, UserId,
};
use vestibule_model::{DeviceKind, Secret};

use crate::app::App;
use crate::db::table::{access_group, apartment, card, device, person};
use crate::handler::group as groups;
use crate::http::{Failure, Id, NoBody};
use crate::page::form::{Fields, Sent};
use crate::page::layout::{Answer, optional, page, text, tick};
use crate::page::session::Visit;
use crate::page::site::{change_or_remove, choose, homes, name, then, visible};

/// What a group can hold.
struct Parts {
    users: Vec<User>,
    apartments: Vec<Apartment>,
    devices: Vec<Device>,
}

pub(super) async fn list(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let found =
        app.read_as(visit.signed, |_, db, viewer, _| Ok(access_group::visible(db, viewer, None)?)).await?;
    let parts = parts(&app, &visit).await?;
    let content = html! {
        p { "Who has a right to which doors. The rights of all groups add up; the door of one's own apartment needs none." }
        ul {
            @for AccessGroup { id, group } in &found {
                li {
                    a href={ "/admin/groups/" (id.0) } { (group.name) } " "
                    span.hint { (name(&sites, group.site)) " " (group.description) }
                }
            }
        }
        h2 { "New group" }
        form.fields method="post" action="/admin/groups" {
            (visit.hidden())
            (choose(&sites))
            (fields(None, &homes(&sites, &parts.apartments), &parts))
            button { "Add the group" }
        }
    };
    Ok(page(&visit, "Access groups", &content))
}

pub(super) async fn add(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_group(&sent.fields)?;
    then(groups::add(State(app), sent.visit.signed, sent.write(new)).await, "/admin/groups")
}

pub(super) async fn one(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let sites = visible(&app, &visit).await?;
    let only = Some(AccessGroupId(id));
    let found =
        app.read_as(visit.signed, move |_, db, viewer, _| Ok(access_group::visible(db, viewer, only)?.pop()));
    let AccessGroup { group, .. } = found.await?.ok_or(Failure::Told(ProblemCode::NotFound))?;
    let mut parts = parts(&app, &visit).await?;
    parts.users.retain(|user| user.site == group.site);
    parts.apartments.retain(|apartment| apartment.site == group.site);
    parts.devices.retain(|device| device.site == group.site);
    let content = html! {
        form.fields method="post" action={ "/admin/groups/" (id) } {
            (visit.hidden())
            input type="hidden" name="site" value=(group.site.0);
            (fields(Some(&group), &homes(&sites, &parts.apartments), &parts))
            (change_or_remove())
        }
    };
    Ok(page(&visit, &group.name, &content))
}

pub(super) async fn change(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    if sent.pressed("remove") {
        return then(groups::delete(State(app), signed, id, sent.write(NoBody {})).await, "/admin/groups");
    }
    let new = new_group(&sent.fields)?;
    then(groups::change(State(app), signed, id, sent.write(new)).await, "/admin/groups")
}

/// The cards of a user, as a part of the user's page.
pub(super) async fn cards(app: &Arc<App>, visit: &Visit, user: UserId) -> Result<Markup, Failure> {
    let found = app.read_as(visit.signed, move |_, db, _, _| Ok(card::of(db, user)?)).await?;
    Ok(html! {
        h2 { "Cards" }
        @for card in &found {
            form method="post" action={ "/admin/users/" (user.0) "/cards" } {
                (visit.hidden())
                input type="hidden" name="card" value=(card.id.0);
                p { (card.label) " since " (card.since) " " button.danger { "Take back" } }
            }
        }
        form.fields method="post" action={ "/admin/users/" (user.0) "/cards" } {
            (visit.hidden())
            (text("uid", "What a reader reads, in hexadecimal digits", ""))
            (optional("label", "What it is told from others by", ""))
            button { "Give this card" }
        }
    })
}

pub(super) async fn change_cards(State(app): State<Arc<App>>, Id(id): Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    let to = format!("/admin/users/{id}");
    if let Some(card) = sent.fields.maybe("card")? {
        return then(groups::delete_card(State(app), signed, Id(card), sent.write(NoBody {})).await, &to);
    }
    let new = NewCard { uid: Secret::new(sent.fields.text("uid")), label: sent.fields.text("label") };
    then(groups::add_card(State(app), signed, Id(id), sent.write(new)).await, &to)
}

async fn parts(app: &Arc<App>, visit: &Visit) -> Result<Parts, Failure> {
    app.read_as(visit.signed, |_, db, viewer, _| {
        let mut devices = device::visible(db, viewer, None)?;
        devices.retain(|device| matches!(device.kind, DeviceKind::Intercom | DeviceKind::AccessUnit));
        let users = person::visible(db, viewer, None)?;
        Ok(Parts { users, apartments: apartment::visible(db, viewer, None)?, devices })
    })
    .await
}

fn fields(group: Option<&NewAccessGroup>, homes: &[(String, String)], parts: &Parts) -> Markup {
    let has =
        |id: &str| group.is_some_and(|group| group.apartments.iter().any(|home| home.0.to_string() == id));
    html! {
        (text("name", "Name", group.map_or("", |group| group.name.as_str())))
        (optional("description", "What it is for", group.map_or("", |group| group.description.as_str())))
        fieldset {
            legend { "Doors" }
            @for device in &parts.devices {
                (tick("devices", &device.id.0.to_string(), &device.name, group.is_some_and(|group| group.devices.contains(&device.id))))
            }
        }
        fieldset {
            legend { "Apartments: whoever lives there. A residential site wants one at least" }
            @for (id, says) in homes { (tick("apartments", id, says, has(id))) }
        }
        fieldset {
            legend { "Users by themselves" }
            @for user in &parts.users {
                (tick("users", &user.id.0.to_string(), &user.name, group.is_some_and(|group| group.users.contains(&user.id))))
            }
        }
    }
}

fn new_group(fields: &Fields) -> Result<NewAccessGroup, Failure> {
    Ok(NewAccessGroup {
        site: fields.value("site")?,
        name: fields.text("name"),
        description: fields.text("description"),
        users: fields.values("users")?,
        apartments: fields.values("apartments")?,
        devices: fields.values("devices")?,
    })
}
