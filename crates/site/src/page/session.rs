use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use vestibule_model::api::{ProblemCode, SignIn};
use vestibule_model::{Secret, Timestamp};

use crate::app::App;
use crate::db::table::{page_session, person};
use crate::handler::account;
use crate::http::{Failure, Peer, Signed};
use crate::page::form::{Fields, Sent};
use crate::page::layout::{Answer, Refused, bare};
use crate::token::{Digest, TokenKind};

/// Milliseconds that somebody stays signed in: a working day.
const GOOD: i64 = 8 * 3_600_000;
const COOKIE: &str = "vestibule_admin";

/// Somebody who is signed in on the pages, and may be there.
pub(super) struct Visit {
    pub(super) signed: Signed,
    /// What every form of ours carries, and nobody else's can.
    csrf: String,
}

impl Visit {
    /// Who asks, by the cookie.
    pub(super) async fn of(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let refused = || Refused(Failure::Told(ProblemCode::TokenInvalid));
        let cookie = cookie(&parts.headers).ok_or_else(refused)?;
        let token = Digest::of(&cookie);
        let now = app.now();
        let found = app.read(move |db| Ok(page_session::viewer(db, token, now)?)).await?;
        let (viewer, until) = found.ok_or_else(refused)?;
        if !viewer.role.administers_site() {
            return Err(Failure::Told(ProblemCode::Forbidden).into());
        }
        let csrf = URL_SAFE_NO_PAD.encode(app.keys.mac("csrf", &token.0));
        Ok(Self { signed: Signed::by_cookie(token, until), csrf })
    }

    /// Whether a form came from one of our pages.
    pub(super) fn is_ours(&self, csrf: &str) -> bool {
        // Digests are compared, so that how long it takes says nothing.
        Digest::of(csrf) == Digest::of(&self.csrf)
    }

    /// What every form carries.
    pub(super) fn hidden(&self) -> Markup {
        html! {
            input type="hidden" name="csrf" value=(self.csrf);
            input type="hidden" name="once" value=(once());
        }
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        Self::of(parts, app).await
    }
}

/// Where somebody begins.
pub(super) async fn home(_: Visit) -> Redirect {
    Redirect::to("/admin/sites")
}

/// The form to sign in by.
pub(super) async fn form() -> Response {
    sign_in_page(StatusCode::OK, "", None)
}

/// Signs in.
pub(super) async fn sign_in(State(app): State<Arc<App>>, Peer(peer): Peer, request: Request) -> Answer {
    // There is no session yet that a token could belong to: the browser says itself whose form it was.
    let from_us = same_origin(request.headers());
    let secure = is_secure(&app);
    let fields = Fields::read(&app, request).await?;
    if !from_us {
        return Err(Failure::Told(ProblemCode::Forbidden).into());
    }
    let email = fields.text("email");
    match begin(&app, peer, &fields).await {
        Ok(token) => {
            let secure = if secure { "; Secure" } else { "" };
            let age = GOOD / 1_000;
            let cookie = format!(
                "{COOKIE}={}; Path=/admin; HttpOnly; SameSite=Strict; Max-Age={age}{secure}",
                token.reveal()
            );
            let mut response = Redirect::to("/admin/sites").into_response();
            let cookie = HeaderValue::try_from(cookie).map_err(|error| Failure::Internal(error.into()))?;
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(failure @ Failure::Internal(_)) => Err(failure.into()),
        Err(failure) => {
            let (status, title, _) = failure.say();
            Ok(sign_in_page(status, &email, Some(title)))
        }
    }
}

/// Signs out.
pub(super) async fn sign_out(State(app): State<Arc<App>>, sent: Sent) -> Answer {
    let cookie = sent.visit.signed.handle();
    app.write(move |_, db, _| Ok(page_session::end(db, cookie)?)).await?;
    let mut response = Redirect::to("/admin/sign-in").into_response();
    let gone =
        HeaderValue::from_static("vestibule_admin=; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=0");
    response.headers_mut().insert(header::SET_COOKIE, gone);
    Ok(response)
}

async fn begin(app: &Arc<App>, peer: IpAddr, fields: &Fields) -> Result<Secret, Failure> {
    app.limits.peer.take(peer, app.now())?;
    let totp = fields.text("totp");
    let asked = SignIn {
        email: fields.text("email"),
        // Spaces may belong to it.
        password: Secret::new(fields.all("password").next().unwrap_or_default()),
        totp: (!totp.is_empty()).then(|| Secret::new(totp)),
        device: Secret::default(),
    };
    account::verify(app, peer, asked, |db, user, now| {
        let found = person::credentials_of(db, user)?;
        if !found.is_some_and(|found| found.role.administers_site()) {
            return Err(Failure::Told(ProblemCode::Forbidden));
        }
        let token = TokenKind::Page.generate()?;
        page_session::begin(db, Digest::of(token.reveal()), user, Timestamp(now.0 + GOOD))?;
        Ok(token)
    })
    .await
}

fn sign_in_page(status: StatusCode, email: &str, refused: Option<&str>) -> Response {
    let content = html! {
        @if let Some(why) = refused { p.bad role="alert" { (why) "." } }
        form.fields method="post" action="/admin/sign-in" {
            label { "E-mail" input name="email" type="email" autocomplete="username" value=(email) required; }
            label { "Password" input name="password" type="password" autocomplete="current-password" required; }
            label {
                "Code of the authenticator, if you have one"
                input name="totp" inputmode="numeric" autocomplete="one-time-code";
            }
            button { "Sign in" }
        }
        p.hint { "These pages are for administrators of a site. Residents use the app." }
    };
    bare(status, "Sign in", &content)
}

/// Whether a browser sent this from a page of ours, or somebody typed it (Fetch Metadata). What sends neither header
/// is no browser, and has nobody's cookies.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("Sec-Fetch-Site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("Origin") else { return true };
    let host = text("Host").unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, from)| from == host)
}

/// Over plain HTTP on loopback, no browser would send a cookie back that is for TLS alone.
fn is_secure(app: &App) -> bool {
    let url = app.config.public_url.as_deref().unwrap_or_default();
    !(url.starts_with("http://127.0.0.1")
        || url.starts_with("http://[::1]")
        || url.starts_with("http://localhost"))
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

/// What tells a form from every other. If there are no random bytes, the form is refused when it comes back.
fn once() -> String {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => URL_SAFE_NO_PAD.encode(bytes),
        Err(_) => String::new(),
    }
}
