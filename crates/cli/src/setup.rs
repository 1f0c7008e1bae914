//! Account and intercoms, as a script sets them up.

use std::io::Read;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use vestibule_ipc::{GetState, SaveAccount, SaveIntercom};
use vestibule_model::{
    DoorSwitch, DtmfMode, Intercom, IntercomId, Secret, SipAccount, SipAddress, SipTransport, SwitchCode,
    SwitchId, SwitchKind,
};

use vestibule_app::Role;

use crate::profile::ProfileArguments;
use crate::report::Format;

/// Environment variable that holds the password of the account.
const PASSWORD: &str = "VESTIBULE_PASSWORD";

#[derive(Args)]
pub(crate) struct Account {
    /// User part of the SIP address. Without it the account is shown.
    #[arg(long)]
    user: Option<String>,
    /// Domain of the SIP address.
    #[arg(long)]
    domain: Option<String>,
    /// Server, `host` or `host:port`; may be given more than once. Without it the domain's SRV records decide.
    #[arg(long)]
    server: Vec<String>,
    /// How signalling travels.
    #[arg(long, value_enum, default_value = "udp")]
    transport: Transport,
    /// How codes are sent.
    #[arg(long, value_enum, default_value = "rfc4733")]
    dtmf: Dtmf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Transport {
    Udp,
    Tcp,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dtmf {
    Rfc4733,
    Info,
    Both,
    Auto,
}

impl Account {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        if let Some(user) = self.user {
            let account = SipAccount {
                user,
                domain: self.domain.context("--domain is needed")?,
                servers: self.server,
                auth_user: None,
                display_name: None,
                transport: match self.transport {
                    Transport::Udp => SipTransport::Udp,
                    Transport::Tcp => SipTransport::Tcp,
                },
                dtmf: match self.dtmf {
                    Dtmf::Rfc4733 => DtmfMode::Rfc4733,
                    Dtmf::Info => DtmfMode::Info,
                    Dtmf::Both => DtmfMode::Both,
                    Dtmf::Auto => DtmfMode::Auto,
                },
                codecs: SipAccount::default_codecs(),
                expires: SipAccount::default_expires(),
            };
            app.save_account(SaveAccount { account, password: Some(secret(PASSWORD)?) }).await?;
        }
        let account = app.get_state(GetState {}).await?.settings.account;
        Format::of(self.json).line(&account, || match &account {
            Some(account) => format!("{}@{}", account.user, account.domain),
            None => "No account is set up.".to_owned(),
        })?;
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// A password or a link on the command line could be read by every process of the machine.
pub(crate) fn secret(variable: &str) -> anyhow::Result<Secret> {
    if let Ok(secret) = std::env::var(variable) {
        return Ok(Secret::new(secret));
    }
    let mut secret = String::new();
    std::io::stdin().read_to_string(&mut secret).context("the secret is read from standard input")?;
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("give the secret in {variable} or on standard input");
    }
    Ok(Secret::new(secret))
}

#[derive(Args)]
pub(crate) struct Intercoms {
    /// Name of a new intercom. Without it the intercoms are listed.
    #[arg(long, requires = "address")]
    name: Option<String>,
    /// Its SIP address.
    #[arg(long)]
    address: Option<SipAddress>,
    /// It may also call from its own IP address, past the registrar.
    #[arg(long)]
    direct: bool,
    /// A switch, `Main door=door:00*`; the kinds are door, gate and light.
    #[arg(long)]
    switch: Vec<SwitchArgument>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone)]
struct SwitchArgument(DoorSwitch);

impl FromStr for SwitchArgument {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rest) = text.split_once('=').context("a switch looks like 'Main door=door:00*'")?;
        let (kind, code) = rest.split_once(':').context("a switch looks like 'Main door=door:00*'")?;
        let kind = match kind {
            "door" => SwitchKind::Door,
            "gate" => SwitchKind::Gate,
            "light" => SwitchKind::Light,
            other => bail!("{other} is no kind of switch; door, gate and light are"),
        };
        let code: SwitchCode = code.parse()?;
        Ok(Self(DoorSwitch { id: SwitchId(0), name: name.to_owned(), kind, code }))
    }
}

impl Intercoms {
    pub(crate) async fn run(self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Desk).await?;
        if let (Some(name), Some(address)) = (self.name, self.address) {
            let switches = self.switch.into_iter().map(|switch| switch.0).collect();
            let intercom =
                Intercom { id: IntercomId(0), name, address, direct: self.direct, device: None, switches };
            app.save_intercom(SaveIntercom { intercom }).await?;
        }
        let format = Format::of(self.json);
        for intercom in app.get_state(GetState {}).await?.intercoms {
            format.line(&intercom, || {
                let switches: Vec<&str> =
                    intercom.switches.iter().map(|switch| switch.name.as_str()).collect();
                format!("{} <{}> {}", intercom.name, intercom.address, switches.join(", "))
            })?;
        }
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }
}
