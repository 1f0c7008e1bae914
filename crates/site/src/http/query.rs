use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use vestibule_model::api::{Page, ProblemCode};

use crate::http::Failure;

/// Items of a part of a list where nobody says, and at most.
const PART: u32 = 100;
const LONGEST_PART: u32 = 500;

/// What stands after `?`. The structs that it is read into refuse fields that they do not know.
pub(crate) struct Query<T>(pub(crate) T);

/// The number in a path. What is no number is nowhere.
pub(crate) struct Id(pub(crate) i64);

/// Which part of a list is asked for. Lists are in the order of their ids.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// `next` of the part before.
    cursor: Option<i64>,
    /// At most so many, 100 if nothing is said, never more than 500.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295_u32)]
    limit: Option<u32>,
}

impl Part {
    /// The items come after this id.
    pub(crate) fn after(&self) -> i64 {
        self.cursor.unwrap_or(0)
    }

    /// So many at most.
    pub(crate) fn limit(&self) -> usize {
        let limit = self.limit.unwrap_or(PART).clamp(1, LONGEST_PART);
        usize::try_from(limit).unwrap_or(usize::MAX)
    }

    /// This part of a list, which may be whole or cut already, as long as one item follows if there is one.
    pub(crate) fn of<T>(&self, mut items: Vec<T>, id: impl Fn(&T) -> i64) -> Page<T> {
        items.retain(|item| id(item) > self.after());
        let more = items.len() > self.limit();
        items.truncate(self.limit());
        let next = items.last().filter(|_| more).map(|last| id(last).to_string());
        Page { items, next }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        query.map(|query| Self(query.0)).map_err(|_| Failure::Told(ProblemCode::QueryInvalid))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let nowhere = |_| Failure::Told(ProblemCode::NotFound);
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::Told(ProblemCode::NotFound))?;
        i64::from_str(&id).map(Self).map_err(nowhere)
    }
}
