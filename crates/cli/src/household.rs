//! The household on a terminal, for who administers it.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use vestibule_app::{App, Role};
use vestibule_ipc as ipc;
use vestibule_model::{ApartmentId, Member, MemberId, MemberRole};

use crate::profile::ProfileArguments;
use crate::report::Format;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Household {
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    verb: Option<HouseholdVerb>,
}

#[derive(Subcommand)]
pub(crate) enum HouseholdVerb {
    /// Add somebody, at the site server itself.
    Add(Add),
    /// Change somebody; what is not given stays.
    Change(Change),
    /// Remove somebody, with their phones.
    Remove {
        /// The number that `vestibule household` shows.
        member: i64,
    },
    /// Print a link that signs one phone of somebody in, once, within 15 minutes.
    Link {
        /// The number that `vestibule household` shows.
        member: i64,
    },
}

#[derive(Args)]
pub(crate) struct Add {
    /// Name.
    #[arg(long)]
    name: String,
    /// E-mail address, one of a kind on the server.
    #[arg(long)]
    email: String,
    /// Name of an apartment they live in, once for each; all of yours when it is not given.
    #[arg(long)]
    apartment: Vec<String>,
    /// They have rights at doors and cannot sign in.
    #[arg(long)]
    without_login: bool,
}

#[derive(Args)]
pub(crate) struct Change {
    /// The number that `vestibule household` shows.
    member: i64,
    /// Another name.
    #[arg(long)]
    name: Option<String>,
    /// Another e-mail address.
    #[arg(long)]
    email: Option<String>,
}

impl Household {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        let done = match self.verb {
            None => list(&app, Format::of(self.json)).await,
            Some(verb) => verb.run(&app).await,
        };
        app.shut_down().await;
        done.map(|()| ExitCode::SUCCESS)
    }
}

impl HouseholdVerb {
    async fn run(self, app: &App) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => {
                let member = Member {
                    id: MemberId(0),
                    name: add.name,
                    email: add.email,
                    role: if add.without_login { MemberRole::WithoutLogin } else { MemberRole::Resident },
                    apartments: apartments(app, &add.apartment).await?,
                    is_self: false,
                    may_change: true,
                };
                println!("{}", app.save_member(ipc::SaveMember { member }).await?.0);
            }
            Self::Change(change) => {
                let members = app.list_household(ipc::ListHousehold {}).await?;
                let known = members.into_iter().find(|member| member.id.0 == change.member);
                let known = known.context("nobody of the household has this number")?;
                let member = Member {
                    name: change.name.unwrap_or(known.name),
                    email: change.email.unwrap_or(known.email),
                    ..known
                };
                app.save_member(ipc::SaveMember { member }).await?;
            }
            Self::Remove { member } => {
                app.remove_member(ipc::RemoveMember { member: MemberId(member) }).await?;
            }
            Self::Link { member } => {
                let made = app.make_sign_in_link(ipc::MakeSignInLink { member: MemberId(member) }).await?;
                // Whoever asks for it wants to hand it over.
                println!("{}", made.link.reveal());
            }
        }
        Ok(())
    }
}

async fn list(app: &App, format: Format) -> anyhow::Result<()> {
    for member in app.list_household(ipc::ListHousehold {}).await? {
        format.line(&member, || words(&member))?;
    }
    Ok(())
}

/// The apartments of these names, or all that the resident has.
async fn apartments(app: &App, names: &[String]) -> anyhow::Result<Vec<ApartmentId>> {
    let site = app.get_state(ipc::GetState {}).await?.site;
    let own = site.map(|site| site.apartments).unwrap_or_default();
    if let Some(unknown) = names.iter().find(|name| !own.iter().any(|home| home.name == **name)) {
        bail!("none of your apartments is named {unknown}");
    }
    let wanted = own.iter().filter(|home| names.is_empty() || names.contains(&home.name));
    Ok(wanted.map(|home| home.id).collect())
}

fn words(member: &Member) -> String {
    let role = match member.role {
        MemberRole::BuildingAdministrator => "administers the building",
        MemberRole::Administrator => "administers the household",
        MemberRole::Resident => "with the app",
        MemberRole::WithoutLogin => "doors only",
    };
    format!("{}  {}  {}  {role}", member.id.0, member.name, member.email)
}
