use reqwest::Method;
use vestibule_model::VisitorId;
use vestibule_model::api::{Ticket, Visitor};

use crate::answer;
use crate::client::{Caller, Client};
use crate::error::CloudError;

/// Something that a user does at the site. Its bytes and its key are the caller's, so that a second try is the same
/// request as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Makes a visitor; the body is a [`vestibule_model::api::NewVisitor`].
    CreateVisitor,
    /// Changes a visitor; the body is a [`vestibule_model::api::VisitorChange`].
    ChangeVisitor(VisitorId),
    /// Gives a visitor another PIN; no body.
    RenewPin(VisitorId),
    /// Takes a visitor's codes back; no body.
    RevokeVisitor(VisitorId),
    /// Removes a visitor; no body.
    DeleteVisitor(VisitorId),
    /// Reports a problem; the body is a [`vestibule_model::api::NewTicket`].
    CreateTicket,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// The visitor, as it was after that.
    Visitor(Box<Visitor>),
    /// The report, with its number.
    Ticket(Box<Ticket>),
    /// It is gone.
    Gone,
}

impl Client {
    pub(crate) async fn send(
        &self,
        caller: &Caller,
        what: Write,
        body: &str,
        key: &str,
    ) -> Result<Written, CloudError> {
        let id = match what {
            Write::CreateVisitor | Write::CreateTicket => String::new(),
            Write::ChangeVisitor(id)
            | Write::RenewPin(id)
            | Write::RevokeVisitor(id)
            | Write::DeleteVisitor(id) => id.0.to_string(),
        };
        let (method, path): (Method, &[&str]) = match what {
            Write::CreateVisitor => (Method::POST, &["visitors"]),
            Write::ChangeVisitor(_) => (Method::PUT, &["visitors", &id]),
            Write::RenewPin(_) => (Method::POST, &["visitors", &id, "pin"]),
            Write::RevokeVisitor(_) => (Method::POST, &["visitors", &id, "revoke"]),
            Write::DeleteVisitor(_) => (Method::DELETE, &["visitors", &id]),
            Write::CreateTicket => (Method::POST, &["tickets"]),
        };
        let response = self.write(caller, method, path, body, key).send().await?;
        match what {
            Write::DeleteVisitor(_) => answer::done(response).await.map(|()| Written::Gone),
            Write::CreateTicket => answer::json(response).await.map(|it| Written::Ticket(Box::new(it))),
            _ => answer::json(response).await.map(|it| Written::Visitor(Box::new(it))),
        }
    }
}
