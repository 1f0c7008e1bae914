//! Sites, apartments and contacts.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Serialize;
use vestibule_model::api::{Apartment, Contact, NewApartment, NewContact, NewSite, Role, Site, SiteKind};
use vestibule_model::{ApartmentId, ContactPurpose, Language};

use crate::app::App;
use crate::db::table::{apartment, contact, site};
use crate::handler::manage;
use crate::http::{Failure, Id, NoBody, Reply};
use crate::page::form::{Fields, Sent};
use crate::page::layout::{Answer, choice, optional, page, text, tick};
use crate::page::session::Visit;
use vestibule_model::api::{ContactId, ProblemCode, SiteId};

/// A word of the model, as it stands on the wire.
pub(super) fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().replace('_', " ")
}

/// Options of a choice: words of the model.
pub(super) fn words<T: Serialize>(all: &[T]) -> Vec<(String, String)> {
    all.iter().map(|one| (word(one).replace(' ', "_"), word(one))).collect()
}

/// What a handler did, then another page.
pub(super) fn then(done: Result<Reply, Failure>, to: &str) -> Answer {
    done?;
    Ok(Redirect::to(to).into_response())
}

/// The sites that this administrator has.
pub(super) async fn visible(app: &Arc<App>, visit: &Visit) -> Result<Vec<Site>, Failure> {
    app.read_as(visit.signed, |_, db, viewer, _| Ok(site::visible(db, viewer)?)).await
}

/// A choice of sites.
pub(super) fn choose(sites: &[Site]) -> Markup {
    let options: Vec<_> = sites.iter().map(|site| (site.id.0.to_string(), site.name.clone())).collect();
    choice("site", "Site", &options, "")
}

/// The name of a site.
pub(super) fn name(sites: &[Site], id: SiteId) -> &str {
    sites.iter().find(|site| site.id == id).map_or("", |site| site.name.as_str())
}

/// All apartments that this administrator has, as a choice.
pub(super) fn homes(sites: &[Site], apartments: &[Apartment]) -> Vec<(String, String)> {
    let says = |home: &Apartment| {
        let site = if sites.len() > 1 { format!("{}: ", name(sites, home.site)) } else { String::new() };
        format!("{site}{}/{} {}", home.floor, home.number, home.name)
    };
    apartments.iter().map(|home| (home.id.0.to_string(), says(home))).collect()
}

pub(super) async fn sites(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let (role, sites) =
        app.read_as(visit.signed, |_, db, viewer, _| Ok((viewer.role, site::visible(db, viewer)?))).await?;
    let content = html! {
        ul { @for site in &sites { li { a href={ "/admin/sites/" (site.id.0) } { (site.name) } " " span.hint { (site.address) } } } }
        @if role == Role::CompanyAdministrator {
            h2 { "New site" }
            form.fields method="post" action="/admin/sites" {
                (visit.hidden())
                (site_fields(None))
                button { "Add the site" }
            }
        }
    };
    Ok(page(&visit, "Sites", &content))
}

pub(super) async fn add_site(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_site(&sent.fields)?;
    then(manage::add_site(State(app), sent.visit.signed, sent.write(new)).await, "/admin/sites")
}

pub(super) async fn site(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let found = visible(&app, &visit).await?.into_iter().find(|site| site.id == SiteId(id));
    let found = found.ok_or(Failure::Told(ProblemCode::NotFound))?;
    let content = html! {
        form.fields method="post" action={ "/admin/sites/" (id) } {
            (visit.hidden())
            (site_fields(Some(&found)))
            (change_or_remove())
        }
    };
    Ok(page(&visit, &found.name, &content))
}

pub(super) async fn change_site(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    if sent.pressed("remove") {
        return then(
            manage::delete_site(State(app), signed, id, sent.write(NoBody {})).await,
            "/admin/sites",
        );
    }
    let new = new_site(&sent.fields)?;
    then(manage::change_site(State(app), signed, id, sent.write(new)).await, "/admin/sites")
}

pub(super) async fn apartments(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let found =
        app.read_as(visit.signed, |_, db, viewer, _| Ok(apartment::visible(db, viewer, None)?)).await?;
    let content = html! {
        div.scroll tabindex="0" role="region" aria-label="Apartments" {
            table {
                thead { tr { th { "Apartment" } th { "Floor" } th { "Number" } th { "Site" } } }
                tbody {
                    @for home in &found {
                        tr {
                            td { a href={ "/admin/apartments/" (home.id.0) } { (home.name) } }
                            td { (home.floor) } td { (home.number) } td { (name(&sites, home.site)) }
                        }
                    }
                }
            }
        }
        h2 { "New apartment" }
        form.fields method="post" action="/admin/apartments" {
            (visit.hidden())
            (choose(&sites))
            (apartment_fields(None))
            button { "Add the apartment" }
        }
    };
    Ok(page(&visit, "Apartments", &content))
}

pub(super) async fn add_apartment(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_apartment(&sent.fields)?;
    then(manage::add_apartment(State(app), sent.visit.signed, sent.write(new)).await, "/admin/apartments")
}

pub(super) async fn apartment(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let only = Some(ApartmentId(id));
    let found =
        app.read_as(visit.signed, move |_, db, viewer, _| Ok(apartment::visible(db, viewer, only)?.pop()));
    let found = found.await?.ok_or(Failure::Told(ProblemCode::NotFound))?;
    let content = html! {
        form.fields method="post" action={ "/admin/apartments/" (id) } {
            (visit.hidden())
            input type="hidden" name="site" value=(found.site.0);
            (apartment_fields(Some(&found)))
            (change_or_remove())
        }
        p.hint { "An apartment that has devices or visitors cannot be removed." }
    };
    Ok(page(&visit, &found.name, &content))
}

pub(super) async fn change_apartment(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    let to = "/admin/apartments";
    if sent.pressed("remove") {
        return then(manage::delete_apartment(State(app), signed, id, sent.write(NoBody {})).await, to);
    }
    let new = new_apartment(&sent.fields)?;
    then(manage::change_apartment(State(app), signed, id, sent.write(new)).await, to)
}

pub(super) async fn contacts(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let sites = visible(&app, &visit).await?;
    let found = app.read_as(visit.signed, |_, db, viewer, _| Ok(contact::visible(db, viewer, None)?)).await?;
    let content = html! {
        ul {
            @for contact in &found {
                li {
                    a href={ "/admin/contacts/" (contact.id.0) } { (contact.name) } " "
                    span.hint { (word(&contact.purpose)) " " (contact.phone) " " (contact.email) }
                }
            }
        }
        h2 { "New contact" }
        form.fields method="post" action="/admin/contacts" {
            (visit.hidden())
            (choose(&sites))
            (contact_fields(None))
            button { "Add the contact" }
        }
    };
    Ok(page(&visit, "Contacts", &content))
}

pub(super) async fn add_contact(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let new = new_contact(&sent.fields)?;
    then(manage::add_contact(State(app), sent.visit.signed, sent.write(new)).await, "/admin/contacts")
}

pub(super) async fn contact(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let only = Some(ContactId(id));
    let found =
        app.read_as(visit.signed, move |_, db, viewer, _| Ok(contact::visible(db, viewer, only)?.pop()));
    let found = found.await?.ok_or(Failure::Told(ProblemCode::NotFound))?;
    let content = html! {
        form.fields method="post" action={ "/admin/contacts/" (id) } {
            (visit.hidden())
            input type="hidden" name="site" value=(found.site.0);
            (contact_fields(Some(&found)))
            (change_or_remove())
        }
    };
    Ok(page(&visit, &found.name, &content))
}

pub(super) async fn change_contact(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let signed = sent.visit.signed;
    let to = "/admin/contacts";
    if sent.pressed("remove") {
        return then(manage::delete_contact(State(app), signed, id, sent.write(NoBody {})).await, to);
    }
    let new = new_contact(&sent.fields)?;
    then(manage::change_contact(State(app), signed, id, sent.write(new)).await, to)
}

/// The two buttons below what is there already.
pub(super) fn change_or_remove() -> Markup {
    html! {
        button name="do" value="change" { "Save" }
        button.danger name="do" value="remove" { "Remove" }
    }
}

fn site_fields(site: Option<&Site>) -> Markup {
    let kind = site.map_or(SiteKind::Residential, |site| site.kind);
    let language = site.map_or(Language::En, |site| site.language);
    let zone = site.map_or("Europe/Prague", |site| site.zone.as_str());
    html! {
        (text("name", "Name", site.map_or("", |site| site.name.as_str())))
        (choice("kind", "Kind", &words(&[SiteKind::Residential, SiteKind::Commercial]), &word(&kind)))
        (choice("language", "Language of mails", &words(&Language::ALL), &word(&language)))
        (text("zone", "Time zone, such as Europe/Prague", zone))
        (optional("address", "Address", site.map_or("", |site| site.address.as_str())))
        label {
            "Digits of a visitor's PIN"
            input name="pin_length" type="number" min="4" max="12" value=(site.map_or(5, |site| site.pin_length)) required;
        }
        (tick("qr_codes", "on", "New visitors get a QR code as well", site.is_some_and(|site| site.qr_codes)))
    }
}

fn new_site(fields: &Fields) -> Result<NewSite, Failure> {
    Ok(NewSite {
        name: fields.text("name"),
        kind: fields.value("kind")?,
        language: fields.value("language")?,
        zone: fields.text("zone"),
        address: fields.text("address"),
        pin_length: fields.value("pin_length")?,
        qr_codes: fields.ticked("qr_codes"),
    })
}

fn apartment_fields(home: Option<&Apartment>) -> Markup {
    html! {
        label {
            "Floor"
            input name="floor" type="number" value=(home.map_or(0, |home| home.floor)) required;
        }
        (text("number", "Number on the door", home.map_or("", |home| home.number.as_str())))
        (text("name", "Name on the bell", home.map_or("", |home| home.name.as_str())))
    }
}

fn new_apartment(fields: &Fields) -> Result<NewApartment, Failure> {
    let (number, name) = (fields.text("number"), fields.text("name"));
    Ok(NewApartment { site: fields.value("site")?, floor: fields.value("floor")?, number, name })
}

fn contact_fields(contact: Option<&Contact>) -> Markup {
    let purposes = words(&[ContactPurpose::Technical, ContactPurpose::Billing, ContactPurpose::Operations]);
    let purpose = contact.map_or(ContactPurpose::Technical, |contact| contact.purpose);
    html! {
        (text("name", "Name of a person or an office", contact.map_or("", |contact| contact.name.as_str())))
        (optional("role", "What they do", contact.map_or("", |contact| contact.role.as_str())))
        (choice("purpose", "What they are there for", &purposes, &word(&purpose)))
        (optional("phone", "Phone", contact.map_or("", |contact| contact.phone.as_str())))
        (optional("email", "E-mail", contact.map_or("", |contact| contact.email.as_str())))
    }
}

fn new_contact(fields: &Fields) -> Result<NewContact, Failure> {
    Ok(NewContact {
        site: fields.value("site")?,
        name: fields.text("name"),
        role: fields.text("role"),
        purpose: fields.value("purpose")?,
        phone: fields.text("phone"),
        email: fields.text("email"),
    })
}

/// For what shows a secret: nothing of it stays in the browser's cache, as of any other page.
pub(super) fn shown_once(visit: &Visit, title: &str, content: &Markup) -> Response {
    let content = html! {
        p { strong { "This is shown once." } " When this page is left, it cannot be had again; another one can be made." }
        (content)
    };
    page(visit, title, &content)
}
