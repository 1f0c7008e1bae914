use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};
use vestibule_model::api::ProblemCode;

use crate::http::Failure;
use crate::page::session::Visit;

/// Nothing but our own style sheet is loaded, nothing runs, and forms go to us alone.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Names and addresses, in the order of the menu.
const MENU: [(&str, &str); 11] = [
    ("Sites", "/admin/sites"),
    ("Apartments", "/admin/apartments"),
    ("Users", "/admin/users"),
    ("Devices", "/admin/devices"),
    ("Access groups", "/admin/groups"),
    ("Visitors", "/admin/visitors"),
    ("Access log", "/admin/log"),
    ("Licences", "/admin/licences"),
    ("Import", "/admin/import"),
    ("Contacts", "/admin/contacts"),
    ("Reports", "/admin/tickets"),
];

/// A page, drawn.
pub(super) struct Drawn(StatusCode, Markup);

/// What a page answers: itself, or where to go; or why not.
pub(super) type Answer = Result<Response, Refused>;

/// Why a page does not show what it was asked for.
pub(super) struct Refused(pub(super) Failure);

/// A page of somebody who is signed in.
pub(super) fn page(visit: &Visit, title: &str, content: &Markup) -> Response {
    let body = html! {
        a.skip href="#content" { "Skip to the content" }
        header {
            nav aria-label="Pages" {
                ul {
                    @for (name, path) in MENU {
                        li { a href=(path) aria-current=[(name == title).then_some("page")] { (name) } }
                    }
                    li {
                        form method="post" action="/admin/sign-out" {
                            (visit.hidden())
                            button { "Sign out" }
                        }
                    }
                }
            }
        }
        main #content { h1 { (title) } (content) }
    };
    Drawn(StatusCode::OK, shell(title, &body)).into_response()
}

/// A page of nobody in particular.
pub(super) fn bare(status: StatusCode, title: &str, content: &Markup) -> Response {
    Drawn(status, shell(title, &html! { main { h1 { (title) } (content) } })).into_response()
}

/// A field of one line.
pub(super) fn text(name: &str, label: &str, value: &str) -> Markup {
    html! { label { (label) input name=(name) value=(value) required; } }
}

/// A field of one line that may stay empty.
pub(super) fn optional(name: &str, label: &str, value: &str) -> Markup {
    html! { label { (label) input name=(name) value=(value); } }
}

/// One of several, each with its word and what it is called.
pub(super) fn choice(name: &str, label: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        label {
            (label)
            select name=(name) {
                @for (word, says) in options {
                    option value=(word) selected[word == chosen] { (says) }
                }
            }
        }
    }
}

/// Yes or no.
pub(super) fn tick(name: &str, value: &str, label: &str, on: bool) -> Markup {
    html! { label.choice { input type="checkbox" name=(name) value=(value) checked[on]; (label) } }
}

fn shell(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Vestibule" }
                link rel="stylesheet" href="/admin/style.css";
            }
            body { (body) }
        }
    }
}

impl IntoResponse for Drawn {
    fn into_response(self) -> Response {
        let mut response = (self.0, self.1.into_string()).into_response();
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        if matches!(self.0, Failure::Told(ProblemCode::TokenInvalid)) {
            return Redirect::to("/admin/sign-in").into_response();
        }
        let (status, title, field) = self.0.say();
        let content = html! {
            p.bad role="alert" { (title) "." @if let Some(field) = field { " It is about: " (field) "." } }
            p { "Nothing was changed. Go back in the browser to correct it, or begin at the " a href="/admin/sites" { "sites" } "." }
        };
        bare(status, "This was not done", &content)
    }
}
