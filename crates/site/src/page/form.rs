use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use vestibule_model::api::ProblemCode;

use crate::app::App;
use crate::http::{Failure, Write, digest};
use crate::page::layout::Refused;
use crate::page::session::Visit;

/// What a form holds: names and values, as they came.
pub(super) struct Fields(Vec<(String, String)>);

/// A form of somebody who is signed in, from one of our own pages.
pub(super) struct Sent {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
    path: String,
}

impl Fields {
    /// Reads a form, in the time that any body has.
    pub(super) async fn read(app: &Arc<App>, request: Request) -> Result<Self, Failure> {
        let read = Form::<Vec<(String, String)>>::from_request(request, app);
        let read = tokio::time::timeout(app.config.patience(), read).await;
        let read = read.map_err(|_| Failure::Told(ProblemCode::TooSlow))?;
        read.map(|Form(fields)| Self(fields)).map_err(|_| Failure::Told(ProblemCode::BodyInvalid))
    }

    /// A field; empty if it is not there.
    pub(super) fn text(&self, name: &str) -> String {
        self.all(name).next().unwrap_or_default().trim().to_owned()
    }

    /// Every value of a field.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// A field that is a number, a word of the model, or an id.
    pub(super) fn value<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        read(&self.text(name)).ok_or_else(|| Failure::value(name))
    }

    /// The same, where nothing may be said.
    pub(super) fn maybe<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        if self.text(name).is_empty() { Ok(None) } else { self.value(name).map(Some) }
    }

    /// The same, of every value of a field.
    pub(super) fn values<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, Failure> {
        self.all(name).map(|text| read(text).ok_or_else(|| Failure::value(name))).collect()
    }
}

/// Numbers are numbers, everything else is a word.
fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let as_number = || serde_json::from_str(text).ok();
    serde_json::from_value(text.into()).ok().or_else(as_number)
}

impl Sent {
    /// As a request that the handlers take. A form that is sent twice does its work once.
    pub(super) fn write<T>(&self, value: T) -> Write<T> {
        let all: String = self.fields.0.iter().map(|(name, value)| format!("{name}\0{value}\0")).collect();
        Write { value, key: self.fields.text("once"), digest: digest("POST", &self.path, all.as_bytes()) }
    }

    /// Which of the buttons of the form was pressed.
    pub(super) fn pressed(&self, button: &str) -> bool {
        self.fields.text("do") == button
    }
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::of(&mut parts, app).await?;
        let path = parts.uri.path().to_owned();
        let fields = Fields::read(app, Request::from_parts(parts, body)).await?;
        if !visit.is_ours(&fields.text("csrf")) || fields.text("once").is_empty() {
            return Err(Failure::Told(ProblemCode::Forbidden).into());
        }
        Ok(Self { visit, fields, path })
    }
}
