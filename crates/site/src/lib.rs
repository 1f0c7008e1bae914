//! The site server: what a building hosts itself, and residents' apps talk to.
//!
//! One HTTP API, `/v1`, whose types are those of [`vestibule_model::api`]; its OpenAPI document is made of the
//! handlers and served at `/v1/openapi.json`. The server speaks plain HTTP, and belongs behind a reverse proxy that
//! speaks TLS: it listens on loopback unless it is told otherwise.
//!
//! [`Admin`] is for the commands that set a site up, [`Server`] for what runs afterwards.

mod admin;
mod administer;
mod app;
mod clock;
mod codes;
mod config;
mod db;
mod exchange;
mod handler;
mod http;
mod import;
mod keys;
mod licensing;
mod limit;
mod listen;
mod mail;
mod page;
mod password;
mod private;
mod router;
mod schedule;
mod server;
mod telephony;
mod token;
mod totp;
mod viewer;

pub use admin::{Admin, AdminError, Fees, Lives};
pub use clock::Clock;
pub use config::{Config, ConfigError, Data, Mail, MailTls, Sip};
pub use db::{BackupError, OpenError, backup};
pub use import::{Preview, RowError, Sheet, SheetError};
pub use keys::{Keys, KeysError};
pub use mail::MailError;
pub use password::PasswordError;
pub use router::openapi;
pub use server::{Server, ServerError};
