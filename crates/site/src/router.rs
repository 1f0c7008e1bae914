use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, Required, ResponseBuilder};
use utoipa::{OpenApi as _, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use vestibule_model::api::{Problem, ProblemCode};

use crate::app::App;
use crate::handler::{
    access, account, call_record, calls, door, events, group, licence, link, manage, people, phone, place,
    presence, sync, ticket, totp, visitor,
};
use crate::http::Failure;
use crate::page;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Vestibule site server",
        description = "What residents' apps and doors say to the server of a building. Times are RFC 3339 in UTC. \
            Errors are problem documents (RFC 9457) with a stable `code`. Unknown fields are refused."
    ),
    components(schemas(Problem, ProblemCode))
)]
struct Document;

/// Paths that need no token: they give one, or say how to ask.
const OPEN: [&str; 4] = ["/v1/session", "/v1/session/refresh", "/v1/provisioning", "/v1/openapi.json"];
/// Paths that a device asks, with its own token.
const DEVICES: [&str; 5] =
    ["/v1/call-reports", "/v1/door-checks", "/v1/presence", "/v1/configuration", "/v1/configuration/account"];
/// Paths on which the same request twice is the same, with no key.
const NATURAL: [&str; 2] = ["/v1/presence", "/v1/phone/presence"];

/// All paths.
pub(crate) fn router(app: Arc<App>) -> Router {
    let (router, document) = parts();
    let document = serde_json::to_string(&document).unwrap_or_default();
    router
        .merge(page::router())
        .route("/v1/openapi.json", get(async || ([(header::CONTENT_TYPE, "application/json")], document)))
        .fallback(async || Failure::Told(ProblemCode::NotFound))
        .method_not_allowed_fallback(async || Failure::Told(ProblemCode::MethodNotAllowed))
        .layer(middleware::from_fn(log))
        .with_state(app)
}

/// The document that describes them, OpenAPI 3.1, as it is served.
pub fn openapi() -> OpenApi {
    parts().1
}

fn parts() -> (Router<Arc<App>>, OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(account::sign_in, account::sign_out))
        .routes(routes!(account::refresh))
        .routes(routes!(account::me))
        .routes(routes!(totp::begin))
        .routes(routes!(totp::confirm))
        .routes(routes!(totp::remove))
        .routes(routes!(link::create))
        .routes(routes!(link::claim))
        .routes(routes!(place::sites, manage::add_site))
        .routes(routes!(place::apartments, manage::add_apartment))
        .routes(routes!(place::apartment, manage::change_apartment, manage::delete_apartment))
        .routes(routes!(place::devices, manage::add_device))
        .routes(routes!(place::device, manage::change_device, manage::delete_device))
        .routes(routes!(place::contacts, manage::add_contact))
        .routes(routes!(place::users, people::add))
        .routes(routes!(place::user, people::change, people::delete))
        .routes(routes!(manage::change_site, manage::delete_site))
        .routes(routes!(manage::tickets))
        .routes(routes!(licence::one))
        .routes(routes!(licence::vouchers, licence::redeem))
        .routes(routes!(licence::set_use))
        .routes(routes!(manage::renew_token))
        .routes(routes!(manage::change_contact, manage::delete_contact))
        .routes(routes!(group::list, group::add))
        .routes(routes!(group::change, group::delete))
        .routes(routes!(group::cards, group::add_card))
        .routes(routes!(group::delete_card))
        .routes(routes!(visitor::list, visitor::create))
        .routes(routes!(visitor::one, visitor::change, visitor::delete))
        .routes(routes!(visitor::revoke))
        .routes(routes!(visitor::renew_pin))
        .routes(routes!(door::check))
        .routes(routes!(presence::door))
        .routes(routes!(phone::one, phone::create, phone::delete))
        .routes(routes!(phone::heartbeat))
        .routes(routes!(phone::configuration))
        .routes(routes!(phone::account))
        .routes(routes!(calls::settings, calls::set_settings))
        .routes(routes!(calls::directory, calls::set_directory))
        .routes(routes!(calls::template, calls::set_template))
        .routes(routes!(call_record::report))
        .routes(routes!(call_record::list))
        .routes(routes!(access::list))
        .routes(routes!(sync::snapshot))
        .routes(routes!(sync::changes))
        .routes(routes!(events::events))
        .routes(routes!(ticket::list, ticket::create))
        .split_for_parts();
    complete(&mut document);
    (router, document)
}

/// Adds what is the same for all operations: problems, tokens, and the headers of requests.
fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, says) in [("user", "An access token"), ("door", "The token of a device")] {
        let mut http = Http::new(HttpAuthScheme::Bearer);
        http.description = Some(says.to_owned());
        components.add_security_scheme(name, SecurityScheme::Http(http));
    }
    for (path, item) in &mut document.paths.paths {
        let methods = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Delete, &mut item.delete),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            let open = OPEN.contains(&path.as_str()) && !matches!(method, HttpMethod::Delete);
            complete_one(operation, path, &method, open);
        }
    }
}

fn complete_one(operation: &mut Operation, path: &str, method: &HttpMethod, open: bool) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let problem = ResponseBuilder::new()
        .description("A problem document; `code` says which")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.insert("default".to_owned(), problem.into());
    if open {
        return;
    }
    let device = DEVICES.contains(&path);
    let scheme = if device { "door" } else { "user" };
    operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(scheme, [])]);
    let mut header = |name: &str, says: &str, pattern: &str| {
        let text = utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some(pattern));
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(says))
            .schema(Some(text))
            .build();
        operation.parameters.get_or_insert_default().push(parameter.into());
    };
    if !device {
        header("Vestibule-Device", "What this device called itself at sign-in", "^[0-9A-Za-z-]{16,64}$");
    }
    if !matches!(method, HttpMethod::Get) && !NATURAL.contains(&path) {
        header(
            "Idempotency-Key",
            "1 to 128 visible characters; the same again gives the first answer again",
            "^[!-~]{1,128}$",
        );
    }
}

/// Answers hold what no cache may keep. The log has the pattern of the path: no id, no query, no secret.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    tracing::info!(
        %method,
        path = path.as_deref().unwrap_or("unknown"),
        status = response.status().as_u16(),
        took = ?begun.elapsed(),
        "served"
    );
    response
}
