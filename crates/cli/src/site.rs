//! The building on a terminal: sign-in and visitors.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};
use vestibule_app::Role;
use vestibule_ipc::{self as ipc, SignInWith, SignedIn};
use vestibule_model::{Delivery, Uses, Visitor, VisitorId};

use crate::profile::ProfileArguments;
use crate::report::Format;
use crate::setup;

/// Environment variable that holds the password of the account at the site server, or the link.
const SECRET: &str = "VESTIBULE_SITE_SECRET";

#[derive(Args)]
pub(crate) struct SignIn {
    /// Address of the site server. Without it a link is read.
    #[arg(long, requires = "email")]
    server: Option<String>,
    /// E-mail address of the account.
    #[arg(long, requires = "server")]
    email: Option<String>,
    /// Code of the second factor, where the account has one.
    #[arg(long)]
    code: Option<String>,
}

impl SignIn {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let secret = setup::secret(SECRET)?;
        let with = match (self.server, self.email) {
            (Some(server), Some(email)) => {
                SignInWith::Password { server, email, password: secret, code: self.code }
            }
            _ => SignInWith::Link { link: secret },
        };
        let app = profile.open(Role::Desk).await?;
        let signed_in = app.sign_in(ipc::SignIn { with }).await;
        let site = app.get_state(ipc::GetState {}).await?.site;
        app.shut_down().await;
        if signed_in? == SignedIn::CodeNeeded {
            bail!("the account has a second factor: give its code with --code");
        }
        if let Some(site) = site {
            println!("Signed in at {}.", site.name);
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Args)]
pub(crate) struct Visitors {
    /// Print JSON lines.
    #[arg(long)]
    json: bool,
}

impl Visitors {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        let visitors = app.list_visitors(ipc::ListVisitors {}).await?;
        let format = Format::of(self.json);
        for visitor in &visitors {
            format.line(visitor, || words(visitor))?;
        }
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Subcommand)]
pub(crate) enum VisitorVerb {
    /// Make a visitor. The PIN comes when the app that runs has reached the site server.
    Add(Add),
    /// Take the codes of a visitor back.
    Revoke {
        /// The number that `vestibule visitors` shows.
        visitor: i64,
    },
    /// Remove a visitor, whose codes stop working.
    Delete {
        /// The number that `vestibule visitors` shows.
        visitor: i64,
    },
}

#[derive(Args)]
pub(crate) struct Add {
    /// Name.
    #[arg(long)]
    name: String,
    /// Name of the apartment; may be left out when there is only one.
    #[arg(long)]
    apartment: Option<String>,
    /// How many times the codes work; any number when it is not given.
    #[arg(long)]
    uses: Option<u32>,
}

impl VisitorVerb {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        match self {
            Self::Add(add) => {
                let site = app.get_state(ipc::GetState {}).await?.site;
                let apartments = site.map(|site| site.apartments).unwrap_or_default();
                let wanted = |name: &str| add.apartment.as_deref().is_none_or(|wanted| wanted == name);
                let mut fitting = apartments.iter().filter(|apartment| wanted(&apartment.name));
                let (Some(apartment), None) = (fitting.next(), fitting.next()) else {
                    let names: Vec<&str> =
                        apartments.iter().map(|apartment| apartment.name.as_str()).collect();
                    bail!("name one of your apartments with --apartment: {}", names.join(", "));
                };
                let visitor = Visitor {
                    id: VisitorId(0),
                    name: add.name,
                    apartment: apartment.id,
                    from: None,
                    until: None,
                    schedule: Vec::new(),
                    uses: add.uses.map(|allowed| Uses { allowed, used: 0 }),
                    apartment_door: false,
                    codes: None,
                    revoked: false,
                    delivery: Delivery::Waiting,
                };
                let id = app.save_visitor(ipc::SaveVisitor { visitor }).await?;
                println!("{}", id.0);
            }
            Self::Revoke { visitor } => {
                app.revoke_visitor(ipc::RevokeVisitor { visitor: VisitorId(visitor) }).await?;
            }
            Self::Delete { visitor } => {
                app.delete_visitor(ipc::DeleteVisitor { visitor: VisitorId(visitor) }).await?;
            }
        }
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }
}

fn words(visitor: &Visitor) -> String {
    let codes = match (&visitor.codes, visitor.delivery) {
        (_, _) if visitor.revoked => "revoked".to_owned(),
        // Whoever asks for the list wants to tell a visitor what to type.
        (Some(codes), _) => format!("PIN {}", codes.pin.reveal()),
        (None, Delivery::Refused { why }) => format!("refused: {why:?}"),
        (None, _) => "waits for the site server".to_owned(),
    };
    format!("{}  {}  {codes}", visitor.id.0, visitor.name)
}
