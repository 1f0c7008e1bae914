use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use vestibule_model::api::ProblemCode;

use crate::http::Failure;

/// What stands after `?`. The structs that it is read into refuse fields that they do not know.
pub(crate) struct Query<T>(pub(crate) T);

/// The number in a path. What is no number is nowhere.
pub(crate) struct Id(pub(crate) i64);

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
