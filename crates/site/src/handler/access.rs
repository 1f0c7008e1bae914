use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use vestibule_model::api::{Access, Page};
use vestibule_model::{AccessId, AccessMethod};

use crate::app::App;
use crate::db::table::access::{self, Filter};
use crate::http::{Failure, Query, Signed};

/// Lines of a page where nobody says, and at most.
const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 500;

/// What of the log is asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// `next` of the part before.
    cursor: Option<i64>,
    /// At most so many, 50 if nothing is said, never more than 500.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295_u32)]
    limit: Option<u32>,
    /// Only this method.
    method: Option<AccessMethod>,
    /// Only what was denied.
    #[serde(default)]
    problems: bool,
    /// Part of a door's or a person's name, in any case.
    #[serde(default)]
    text: String,
}

impl Part {
    /// As a page asks for it.
    pub(crate) fn new(cursor: Option<i64>, text: String, problems: bool) -> Self {
        Self { cursor, limit: None, method: None, problems, text }
    }
}

/// The access log, newest first, 90 days back
#[utoipa::path(get, path = "/v1/access", tag = "doors", params(Part),
    responses((status = OK, body = Page<Access>)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    signed: Signed,
    Query(part): Query<Part>,
) -> Result<Json<Page<Access>>, Failure> {
    app.read_as(signed, move |_, db, viewer, now| {
        let limit = i64::from(part.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE));
        let filter = Filter {
            only: None,
            before: part.cursor.map(AccessId),
            text: &part.text,
            method: part.method,
            problems_only: part.problems,
            limit: limit + 1,
        };
        let mut items = access::visible(db, viewer, &filter, now)?;
        let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            items.pop();
        }
        let next = items.last().filter(|_| more).map(|last| last.id.0.to_string());
        Ok(Json(Page { items, next }))
    })
    .await
}
