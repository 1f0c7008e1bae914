//! Users, the links that sign their phones in, and whom they may call.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, PreEscaped, html};
use qrcodegen::{QrCode, QrCodeEcc};
use vestibule_model::api::{Apartment, Directory, Link, NewLink, NewUser, ProblemCode, Role, User, UserId};
use vestibule_model::{Language, Secret};

use crate::app::App;
use crate::db::table::{apartment, device, directory, person};
use crate::handler::{calls, link as links, people};
use crate::http::{Failure, Id, NoBody};
use crate::page::form::{Fields, Sent};
use crate::page::group;
use crate::page::layout::{Answer, choice, page, text, tick};
use crate::page::session::Visit;
use crate::page::site::{change_or_remove, choose, homes, name, shown_once, then, visible, word, words};

/// Roles, from the one that may do most.
const ROLES: [Role; 6] = [
    Role::CompanyAdministrator,
    Role::SiteAdministratorWithPayment,
    Role::SiteAdministrator,
    Role::ApartmentAdministrator,
    Role::SiteUser,
    Role::WithoutLogin,
];
/// Light modules around a QR code (ISO/IEC 18004 asks for 4).
const QUIET: i32 = 4;

pub(super) async fn list(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let (users, apartments) = app
        .read_as(visit.signed, |_, db, viewer, _| {
            Ok((person::visible(db, viewer, None)?, apartment::visible(db, viewer, None)?))
        })
        .await?;
    let content = html! {
        div.scroll tabindex="0" role="region" aria-label="Users" {
            table {
                thead { tr { th { "Name" } th { "E-mail" } th { "Role" } th { "Apartments" } th { "Site" } } }
                tbody {
                    @for user in &users {
                        tr {
                            td { a href={ "/admin/users/" (user.id.0) } { (user.name) } }
                            td { (user.email) }
                            td { (word(&user.role)) }
                            td { (lives(user, &apartments)) }
                            td { (name(&sites, user.site)) }
                        }
                    }
                }
            }
        }
        h2 { "New user" }
        form.fields method="post" action="/admin/users" {
            (visit.hidden())
            (choose(&sites))
            (fields(None, &homes(&sites, &apartments)))
            button { "Add the user" }
        }
    };
    Ok(page(&visit, "Users", &content))
}

pub(super) async fn add(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_user(&sent.fields)?;
    then(people::add(State(app), sent.visit.signed, sent.write(new)).await, "/admin/users")
}

pub(super) async fn one(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let sites = visible(&app, &visit).await?;
    let (user, apartments, devices, (given, comment)) = app
        .read_as(visit.signed, move |_, db, viewer, _| {
            let user = person::visible(db, viewer, Some(UserId(id)))?.pop();
            let user = user.ok_or(Failure::Told(ProblemCode::NotFound))?;
            let devices = device::visible(db, viewer, None)?;
            let given = (directory::of(db, UserId(id))?, person::comment(db, UserId(id))?);
            Ok((user, apartment::visible(db, viewer, None)?, devices, given))
        })
        .await?;
    let cards = group::cards(&app, &visit, user.id).await?;
    let apartments: Vec<Apartment> =
        apartments.into_iter().filter(|apartment| apartment.site == user.site).collect();
    let content = html! {
        @if !comment.is_empty() { p.hint { (comment) } }
        form.fields method="post" action={ "/admin/users/" (id) } {
            (visit.hidden())
            input type="hidden" name="site" value=(user.site.0);
            (fields(Some(&user), &homes(&sites, &apartments)))
            (change_or_remove())
        }
        h2 { "Sign a phone in" }
        p { "A link signs one device in, once, within 15 minutes." }
        form method="post" action={ "/admin/users/" (id) "/link" } { (visit.hidden()) button { "Make a link" } }
        (cards)
        h2 { "Directory" }
        p { "Whom this user's phones may call, beside the intercoms that ring there." }
        form.fields method="post" action={ "/admin/users/" (id) "/directory" } {
            (visit.hidden())
            @for device in devices.iter().filter(|device| device.site == user.site) {
                (tick("devices", &device.id.0.to_string(), &device.name, given.contains(&device.id)))
            }
            button { "Save the directory" }
        }
    };
    Ok(page(&visit, &user.name, &content))
}

pub(super) async fn change(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    if sent.pressed("remove") {
        return then(people::delete(State(app), signed, id, sent.write(NoBody {})).await, "/admin/users");
    }
    let new = new_user(&sent.fields)?;
    then(people::change(State(app), signed, id, sent.write(new)).await, "/admin/users")
}

pub(super) async fn link(State(app): State<Arc<App>>, Id(id): Id, sent: Sent) -> Answer {
    let asked = sent.write(NewLink { user: UserId(id) });
    let made: Link = links::create(State(app), sent.visit.signed, asked).await?.read()?;
    let content = html! {
        p { "Good until " (made.until) ", for one device." }
        (qr(made.link.reveal())?)
        code.secret { (made.link.reveal()) }
        p { a href={ "/admin/users/" (id) } { "Back to the user" } }
    };
    Ok(shown_once(&sent.visit, "Link", &content))
}

pub(super) async fn set_directory(State(app): State<Arc<App>>, Id(id): Id, sent: Sent) -> Answer {
    let devices = sent.fields.values("devices")?;
    let asked = sent.write(Directory { devices });
    let to = format!("/admin/users/{id}");
    then(calls::set_directory(State(app), sent.visit.signed, Id(id), asked).await, &to)
}

fn lives(user: &User, apartments: &[Apartment]) -> String {
    let of = apartments.iter().filter(|apartment| user.apartments.contains(&apartment.id));
    of.map(|apartment| apartment.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn fields(user: Option<&User>, homes: &[(String, String)]) -> Markup {
    let role = user.map_or(Role::SiteUser, |user| user.role);
    let language = user.map_or(Language::En, |user| user.language);
    let lives =
        |id: &str| user.is_some_and(|user| user.apartments.iter().any(|home| home.0.to_string() == id));
    let says = if user.is_some() {
        "Another password, if it is to change"
    } else {
        "Password; without one, sign in by a link"
    };
    html! {
        (text("name", "Name", user.map_or("", |user| user.name.as_str())))
        (text("email", "E-mail", user.map_or("", |user| user.email.as_str())))
        (choice("role", "Role", &words(&ROLES), &word(&role).replace(' ', "_")))
        (choice("language", "Language of mails", &words(&Language::ALL), &word(&language)))
        fieldset {
            legend { "Lives in" }
            @for (id, says) in homes { (tick("apartments", id, says, lives(id))) }
        }
        label { (says) input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="256"; }
    }
}

fn new_user(fields: &Fields) -> Result<NewUser, Failure> {
    // Spaces may belong to it.
    let password = fields.all("password").next().filter(|password| !password.is_empty());
    Ok(NewUser {
        site: fields.value("site")?,
        name: fields.text("name"),
        email: fields.text("email"),
        role: fields.value("role")?,
        language: fields.value("language")?,
        apartments: fields.values("apartments")?,
        password: password.map(Secret::new),
    })
}

/// A QR code as a picture that needs nothing to be loaded.
fn qr(text: &str) -> Result<Markup, Failure> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| Failure::Internal(Box::new(error)))?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    let side = size + 2 * QUIET;
    // Numbers alone: there is nothing in it to escape.
    let svg = format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"QR code of the link\" viewBox=\"0 0 {side} {side}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"{side}\" height=\"{side}\" fill=\"#ffffff\"/>\
         <path fill=\"#000000\" d=\"{path}\"/></svg>"
    );
    Ok(PreEscaped(svg))
}
