//! `vestibule doctor`: what works on this machine, what does not, and what to do about it.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use vestibule_app::{App, KeychainError, Role, audio, picture};
use vestibule_ipc::{Event, GetState};

use vestibule_model::{Registration, RegistrationFailure};

use crate::profile::ProfileArguments;
use crate::report::Format;

/// How long the registrar may take. SIP gives up on a request after 32 s (RFC 3261 timer F); a person does before.
const PATIENCE: Duration = Duration::from_secs(10);
/// Under which the keychain is tried. Nothing is ever kept there.
const PROBE: &str = "doctor-probe";

#[derive(Args)]
pub(crate) struct Doctor {
    /// Print JSON lines.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Finding {
    what: &'static str,
    ok: bool,
    /// What was found.
    found: String,
    /// What to do, when it is not as it should be.
    advice: Option<&'static str>,
}

impl Finding {
    fn good(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, ok: true, found: found.into(), advice: None }
    }

    fn bad(what: &'static str, found: impl Into<String>, advice: &'static str) -> Self {
        Self { what, ok: false, found: found.into(), advice: Some(advice) }
    }
}

impl Doctor {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let format = Format::of(self.json);
        let mut healthy = true;
        let mut report = |finding: Finding| {
            healthy &= finding.ok;
            format.line(&finding, || {
                let mark = if finding.ok { "ok     " } else { "problem" };
                let advice = finding.advice.map(|advice| format!(" {advice}")).unwrap_or_default();
                format!("{mark}  {}: {}{advice}", finding.what, finding.found)
            })
        };
        report(keychain(profile)?)?;
        report(ports())?;
        report(codecs())?;
        for finding in sound() {
            report(finding)?;
        }
        match profile.open(Role::Check).await {
            Ok(app) => {
                report(Finding::good("cache", "open"))?;
                report(account(&app).await?)?;
                app.shut_down().await;
            }
            Err(error) => report(Finding::bad("cache", error.to_string(), "See the line above."))?,
        }
        Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn keychain(profile: &ProfileArguments) -> anyhow::Result<Finding> {
    let keychain = profile.keychain()?;
    Ok(match keychain.get(PROBE) {
        Ok(_) if profile.key_files => Finding::good("keychain", "files that only this user can read"),
        Ok(_) => Finding::good("keychain", "unlocked"),
        Err(KeychainError::Locked) => {
            Finding::bad("keychain", "locked.", "Sign in to the desktop, or unlock the keychain.")
        }
        Err(error) => Finding::bad(
            "keychain",
            format!("{error}."),
            "Start a keychain such as gnome-keyring, or use --key-files.",
        ),
    })
}

fn ports() -> Finding {
    let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    match UdpSocket::bind(any).and_then(|_| std::net::TcpListener::bind(any)) {
        Ok(_) => Finding::good("ports", "UDP and TCP can be opened"),
        Err(error) => Finding::bad("ports", format!("{error}."), "Allow this program to open ports."),
    }
}

fn codecs() -> Finding {
    match picture::Decoder::new() {
        Ok(_) => Finding::good("codecs", "H.264, PCMA, PCMU"),
        Err(error) => Finding::bad("codecs", format!("{error}."), "Install Vestibule anew."),
    }
}

fn sound() -> [Finding; 2] {
    let names = audio::list();
    let finding = |what, names: Vec<String>, advice| match names.len() {
        0 => Finding::bad(what, "none found.", advice),
        _ => Finding::good(what, names.join(", ")),
    };
    [
        finding("microphone", names.inputs, "Connect one: the visitor hears only silence."),
        finding("loudspeaker", names.outputs, "Connect one: nothing of the visitor is heard."),
    ]
}

async fn account(app: &App) -> anyhow::Result<Finding> {
    let mut events = app.subscribe();
    let state = app.get_state(GetState {}).await?;
    let Some(account) = state.settings.account else {
        return Ok(Finding::bad("server", "no account is set up.", "Use `vestibule account`."));
    };
    let mut registration = state.registration;
    let settled = tokio::time::timeout(PATIENCE, async {
        while matches!(registration, Registration::Registering) {
            if let Event::Registration(now) = events.recv().await? {
                registration = now;
            }
        }
        anyhow::Ok(registration)
    })
    .await;
    let who = format!("{}@{}", account.user, account.domain);
    Ok(match settled {
        Ok(Ok(Registration::Registered { .. })) => Finding::good("server", format!("{who} is registered")),
        Ok(Ok(Registration::Failed { why, .. })) => {
            let (found, advice) = advice(&why);
            Finding::bad("server", format!("{who}: {found}"), advice)
        }
        Ok(Ok(other)) => Finding::bad("server", format!("{who}: {other:?}."), "Set the account up anew."),
        Ok(Err(error)) => Finding::bad("server", format!("{error}."), "Try again."),
        Err(_) => Finding::bad(
            "server",
            format!("{who}: no answer in {} s.", PATIENCE.as_secs()),
            "Check server name, transport and network.",
        ),
    })
}

fn advice(why: &RegistrationFailure) -> (String, &'static str) {
    match why {
        RegistrationFailure::WrongPassword => {
            ("the server refuses user or password.".to_owned(), "Ask the site for a new password.")
        }
        RegistrationFailure::Refused { status } => {
            (format!("the server answers {status}."), "Ask the site whether this device is set up.")
        }
        RegistrationFailure::Unreachable => {
            ("no server answers.".to_owned(), "Check server name, transport and network.")
        }
        RegistrationFailure::NoSuchServer => {
            ("the server's name cannot be looked up.".to_owned(), "Check the domain and the network.")
        }
    }
}
