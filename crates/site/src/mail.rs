//! Reports by mail, to the facility management. A mail is written in the transaction that writes the report, and sent
//! afterwards, as often as it takes: a mail server that is down loses nothing.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use thiserror::Error;
use vestibule_model::{Language, Timestamp};
use zeroize::Zeroizing;

use crate::app::App;
use crate::config::{Mail as Settings, MailTls};
use crate::db::table::mail::{self, Mail};
use crate::http::Failure;

/// Mails of one turn, and how long one may take.
const TURN: i64 = 20;
const PATIENCE: Duration = Duration::from_secs(30);
/// Milliseconds until the second try; it doubles up to the longest wait.
const FIRST_WAIT: i64 = 60_000;
const LONGEST_WAIT: i64 = 6 * 3_600_000;
/// Tries of one mail, which take about a week. The report itself stays on the server.
const TRIES: u32 = 36;

/// What sends.
pub(crate) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Ours, for the ids of messages.
    host: String,
}

/// Why mail cannot be set up.
#[derive(Debug, Error)]
pub enum MailError {
    /// The sender is no address.
    #[error("{0} is no mail address")]
    From(String),
    /// The file with the password cannot be read.
    #[error("the file with the password of the mail server could not be read")]
    Password(#[source] io::Error),
    /// The name of the server cannot be used with TLS.
    #[error("the mail server cannot be used")]
    Server(#[source] lettre::transport::smtp::Error),
}

impl Mailer {
    /// From the settings. Nothing is connected yet.
    pub(crate) fn new(settings: &Settings) -> Result<Self, MailError> {
        let from: Mailbox = settings.from.parse().map_err(|_| MailError::From(settings.from.clone()))?;
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match settings.tls {
            MailTls::Starttls => Smtp::starttls_relay(&settings.server).map_err(MailError::Server)?,
            MailTls::Tls => Smtp::relay(&settings.server).map_err(MailError::Server)?,
            MailTls::None => Smtp::builder_dangerous(&settings.server),
        };
        let mut builder = builder.timeout(Some(PATIENCE));
        if let Some(port) = settings.port {
            builder = builder.port(port);
        }
        if let (Some(user), Some(file)) = (&settings.user, &settings.password_file) {
            let text = Zeroizing::new(fs::read_to_string(file).map_err(MailError::Password)?);
            let password = text.lines().next().unwrap_or_default();
            builder = builder.credentials(Credentials::new(user.clone(), password.to_owned()));
        }
        let host = from.email.domain().to_owned();
        Ok(Self { transport: builder.build(), from, host })
    }

    /// Sends one. `Ok(false)`: it never can be.
    async fn send(&self, mail: &Mail) -> Result<bool, lettre::transport::smtp::Error> {
        let Some(message) = self.message(mail) else { return Ok(false) };
        match self.transport.send(message).await {
            Ok(_) => Ok(true),
            // The server says that it will never take it.
            Err(error) if error.is_permanent() => {
                tracing::warn!(mail = mail.id, "the mail server refused a mail for good");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn message(&self, mail: &Mail) -> Option<Message> {
        let number = format!("{}-{:06}", mail.site.0, mail.number);
        let diagnostics =
            if mail.diagnostics.is_empty() { String::new() } else { format!("\n\n--\n{}", mail.diagnostics) };
        Message::builder()
            .from(self.from.clone())
            .to(mail.recipient.trim().parse().ok()?)
            .reply_to(mail.email.trim().parse().ok()?)
            // The same mail sent twice, after an answer that was lost, is known as the same.
            .message_id(Some(format!("<report-{number}-{}@{}>", mail.id, self.host)))
            .subject(format!("{}: {} {number}", mail.house, report(mail.language)))
            .header(ContentType::TEXT_PLAIN)
            .body(format!("{}{diagnostics}\n", mail.description))
            .ok()
    }
}

/// Sends what is due.
pub(crate) async fn send_due(app: &Arc<App>) -> Result<(), Failure> {
    let Some(mailer) = &app.mailer else { return Ok(()) };
    let now = app.now();
    for mail in app.read(move |db| Ok(mail::due(db, now, TURN)?)).await? {
        let id = mail.id;
        match mailer.send(&mail).await {
            Ok(_) => app.write(move |_, db, _| Ok(mail::done(db, id)?)).await?,
            Err(_) if mail.attempts + 1 >= TRIES => {
                tracing::error!(mail = id, "a mail could not be sent in a week, and is given up");
                app.write(move |_, db, _| Ok(mail::done(db, id)?)).await?;
            }
            Err(error) => {
                // What the mail server says may hold addresses: its kind is enough.
                tracing::warn!(mail = id, timeout = error.is_timeout(), "a mail could not be sent yet");
                let due = Timestamp(app.now().0 + wait(mail.attempts));
                app.write(move |_, db, _| Ok(mail::again(db, id, due)?)).await?;
            }
        }
    }
    Ok(())
}

/// How long after the first, second and later failures it is tried again.
fn wait(attempts: u32) -> i64 {
    FIRST_WAIT.saturating_mul(1_i64.checked_shl(attempts).unwrap_or(i64::MAX)).min(LONGEST_WAIT)
}

/// What a report is called.
fn report(language: Language) -> &'static str {
    match language {
        Language::Ar => "بلاغ",
        Language::Cs => "hlášení",
        Language::De => "Meldung",
        Language::En => "report",
        Language::Es => "informe",
        Language::Fr => "signalement",
        Language::It => "segnalazione",
        Language::Nl => "melding",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_and_never_too_long() {
        let waits: Vec<_> = (0..12).map(wait).collect();
        assert_eq!(waits[..3], [60_000, 120_000, 240_000]);
        assert!(waits.is_sorted() && waits[11] == LONGEST_WAIT);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
