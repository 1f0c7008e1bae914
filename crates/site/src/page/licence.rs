//! What is paid for: credit, vouchers, and devices that use none.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};
use vestibule_model::Secret;
use vestibule_model::api::{
    Credit, Device, Licence, LicenceUse, Licensing, ProblemCode, Redeem, SiteId, Voucher,
};

use crate::app::App;
use crate::db::table::{site, voucher};
use crate::handler::licence as handler;
use crate::http::{Failure, Id};
use crate::licensing;
use crate::page::form::Sent;
use crate::page::layout::{Answer, page, text};
use crate::page::session::Visit;
use crate::page::site::{then, visible, word};

pub(super) async fn list(State(app): State<Arc<App>>, visit: Visit) -> Answer {
    let found = app
        .read_as(visit.signed, |_, db, viewer, now| {
            let mut sites = site::visible(db, viewer)?;
            licensing::say_of_sites(db, viewer, &mut sites, now)?;
            Ok(sites)
        })
        .await?;
    let content = html! {
        ul {
            @for site in &found {
                li { a href={ "/admin/licences/" (site.id.0) } { (site.name) } " " span.hint { (says(site.licence)) } }
            }
        }
    };
    Ok(page(&visit, "Licences", &content))
}

pub(super) async fn one(State(app): State<Arc<App>>, visit: Visit, Id(id): Id) -> Answer {
    let found = visible(&app, &visit).await?.into_iter().find(|site| site.id == SiteId(id));
    let found = found.ok_or(Failure::Told(ProblemCode::NotFound))?;
    let (licensing, vouchers, pays) = app
        .read_as(visit.signed, move |_, db, viewer, now| {
            let vouchers = voucher::all(db, Some(found.id))?;
            Ok((licensing::licensing(db, found.id, now)?, vouchers, viewer.role.pays()))
        })
        .await?;
    let content = html! {
        (summary(&licensing))
        @if pays {
            h2 { "Redeem a voucher" }
            form.fields method="post" action={ "/admin/licences/" (id) } {
                (visit.hidden())
                (text("code", "What stands on the voucher", ""))
                button { "Redeem" }
            }
        } @else {
            p.hint { "Vouchers are redeemed by site administrators with payment." }
        }
        h2 { "Vouchers" }
        @if vouchers.is_empty() { p { "None was redeemed." } } @else { (table(&vouchers)) }
    };
    Ok(page(&visit, &format!("Licences of {}", found.name), &content))
}

pub(super) async fn redeem(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let to = format!("/admin/licences/{}", id.0);
    let asked = Redeem { code: Secret::new(sent.fields.text("code")) };
    then(handler::redeem(State(app), sent.visit.signed, id, sent.write(asked)).await, &to)
}

pub(super) async fn set_use(State(app): State<Arc<App>>, id: Id, sent: Sent) -> Answer {
    let to = format!("/admin/devices/{}", id.0);
    let asked = LicenceUse { on: sent.pressed("on") };
    then(handler::set_use(State(app), sent.visit.signed, id, sent.write(asked)).await, &to)
}

/// The button by which a device uses licences, or uses none.
pub(super) fn switch(visit: &Visit, device: &Device) -> Markup {
    let off = device.licence == Licence::Disabled;
    html! {
        form method="post" action={ "/admin/devices/" (device.id.0) "/licence" } {
            (visit.hidden())
            @if off {
                button name="do" value="on" { "Use licences" }
            } @else {
                button.danger name="do" value="off" { "Use no licence" }
            }
        }
    }
}

/// A state in words.
pub(super) fn says(state: Licence) -> String {
    match state {
        Licence::Ready | Licence::Unknown => "licensed".to_owned(),
        Licence::Trial { until } => format!("trial until {until}"),
        Licence::Grace { until } => format!("ended; days of grace until {until}"),
        Licence::Disabled => "disabled".to_owned(),
        Licence::UnlicensedCreditAvailable => "unlicensed, credit available".to_owned(),
        Licence::UnlicensedToPurchase => "unlicensed, to purchase".to_owned(),
    }
}

fn summary(Licensing { fees, trial_until, apartments, devices, waiting }: &Licensing) -> Markup {
    if !*fees {
        return html! { p { "Nothing is to be paid here: everything is licensed." } };
    }
    let row = |name: &str, Credit { months, running }: &Credit| {
        html! { tr { th scope="row" { (name) } td { (running) } td { (months) } } }
    };
    html! {
        @if let Some(until) = trial_until { p { "The trial is until " (until) "." } }
        div.scroll tabindex="0" role="region" aria-label="Credit" {
            table {
                thead { tr { th { "Licence" } th { "Running" } th { "Months left" } } }
                tbody { (row("Apartment", apartments)) (row("Device", devices)) }
            }
        }
        p { "Devices that wait for a licence: " (waiting) "." }
        p.hint { "An apartment's licence covers every phone and answering unit in it. Credit is used at once, a month at a time; when a month is over and no credit is left, nothing changes for 3 days." }
    }
}

fn table(vouchers: &[Voucher]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Vouchers" {
            table {
                thead { tr { th { "For" } th { "Years" } th { "Redeemed (UTC)" } } }
                tbody {
                    @for voucher in vouchers {
                        tr {
                            td { (amount(voucher)) } td { (voucher.years) }
                            td { @if let Some(redeemed) = voucher.redeemed { (redeemed.at) } }
                        }
                    }
                }
            }
        }
    }
}

fn amount(Voucher { units, unit, .. }: &Voucher) -> String {
    let many = if *units == 1 { "" } else { "s" };
    format!("{units} {}{many}", word(unit))
}
