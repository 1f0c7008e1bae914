//! The pages for administrators, under `/admin`: HTML that the server draws, with no script.
//!
//! A page is a client of the handlers: it asks them as the app does, for whoever the cookie says, and shows what they
//! answer. So no rule stands here.

mod calls;
mod device;
mod form;
mod group;
mod import;
mod layout;
mod licence;
mod log;
mod session;
mod site;
mod user;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::routing::{get, post};

use crate::app::App;

/// Bytes of a file and the form around it, at most; how long the file itself may be, the import says.
const UPLOAD: usize = 17 << 20;

/// All pages.
pub(crate) fn router() -> Router<Arc<App>> {
    let css = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    Router::new()
        .route("/admin", get(session::home))
        .route("/admin/", get(session::home))
        .route("/admin/style.css", get(move || async move { (css, include_str!("style.css")) }))
        .route("/admin/sign-in", get(session::form).post(session::sign_in))
        .route("/admin/sign-out", post(session::sign_out))
        .route("/admin/sites", get(site::sites).post(site::add_site))
        .route("/admin/sites/{id}", get(site::site).post(site::change_site))
        .route("/admin/apartments", get(site::apartments).post(site::add_apartment))
        .route("/admin/apartments/{id}", get(site::apartment).post(site::change_apartment))
        .route("/admin/contacts", get(site::contacts).post(site::add_contact))
        .route("/admin/contacts/{id}", get(site::contact).post(site::change_contact))
        .route("/admin/groups", get(group::list).post(group::add))
        .route("/admin/groups/{id}", get(group::one).post(group::change))
        .route("/admin/users/{id}/cards", post(group::change_cards))
        .route("/admin/users", get(user::list).post(user::add))
        .route("/admin/users/{id}", get(user::one).post(user::change))
        .route("/admin/users/{id}/link", post(user::link))
        .route("/admin/users/{id}/directory", post(user::set_directory))
        .route("/admin/devices", get(device::list).post(device::add))
        .route("/admin/devices/{id}", get(device::one).post(device::change))
        .route("/admin/devices/{id}/token", post(device::renew))
        .route("/admin/devices/{id}/calls", get(calls::one).post(calls::set))
        .route("/admin/licences", get(licence::list))
        .route("/admin/licences/{id}", get(licence::one).post(licence::redeem))
        .route("/admin/devices/{id}/licence", post(licence::set_use))
        .route("/admin/import", get(import::form).post(import::preview).layer(DefaultBodyLimit::max(UPLOAD)))
        .route("/admin/import/confirm", post(import::confirm))
        .route("/admin/visitors", get(log::visitors))
        .route("/admin/log", get(log::log))
        .route("/admin/tickets", get(log::tickets))
}
