use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::{Parser, ValueEnum};
use vestibule_model::{DtmfMode, Secret, SipAccount, SipAddress, SipTransport, SwitchKind};
use vestibule_sim::offer::Poverty;
use vestibule_sim::relay::SwitchSpec;
use vestibule_sim::{CallWhen, Setup};
use vestibule_sip::{Account, Config, DigestAlgorithm, RegistrarConfig};

/// An intercom in software.
///
/// Prints JSON lines on standard output. Takes the lines `call`, `cancel`, `hang_up` and `quit` on standard input.
#[derive(Debug, Parser)]
#[command(name = "vestibule-sim", version)]
pub(crate) struct Args {
    /// Where to listen, UDP and TCP.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// User part of the resident's address: who is called, and, without --proxy, who may register here.
    #[arg(long, default_value = "flat12")]
    user: String,

    /// Whom to call, where that is not --user at the domain.
    #[arg(long, value_name = "USER@HOST[:PORT]")]
    to: Option<SipAddress>,

    /// Environment variable with the password: the resident's, or with --proxy the intercom's own.
    #[arg(long, value_name = "NAME", default_value = "VESTIBULE_SIM_PASSWORD")]
    password_env: String,

    /// Name that the resident's phone shows.
    #[arg(long, default_value = "Main entrance")]
    name: String,

    /// User part of the intercom's own address.
    #[arg(long, default_value = "door")]
    address: String,

    /// Domain of both addresses; by default the IP address that is listened on, or the host of --proxy.
    #[arg(long)]
    domain: Option<String>,

    /// Register with this server and call through it, instead of being a registrar.
    #[arg(long, value_name = "HOST[:PORT]")]
    proxy: Option<String>,

    /// How to talk to the server of --proxy.
    #[arg(long, value_enum, default_value_t = Transport::Udp)]
    transport: Transport,

    /// Digest algorithm of the registrar's challenges.
    #[arg(long, value_enum, default_value_t = Algorithm::Md5)]
    algorithm: Algorithm,

    /// A door: name, kind (door, gate or light) and code. May be repeated; by default `Main door=door:00*`.
    #[arg(long = "switch", value_name = "NAME=KIND:CODE")]
    switches: Vec<Switch>,

    /// For how long a door stays open.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    open_for: Duration,

    /// Call as soon as the resident is registered, or with --proxy the intercom itself.
    #[arg(long, conflicts_with = "call_after")]
    call_on_register: bool,

    /// Call so long after the start.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    call_after: Option<Duration>,

    /// Show and hear before the answer, where the resident's side allows it by 183.
    #[arg(long)]
    early_media: bool,

    /// How digits may come: with `info` no telephone-events are offered.
    #[arg(long, value_enum, default_value_t = Dtmf::Rfc4733)]
    dtmf: Dtmf,

    /// Offer H.264 in this packetization mode only.
    #[arg(long, value_name = "0|1", value_parser = clap::value_parser!(u8).range(0..=1))]
    packetization_mode: Option<u8>,

    /// Hang up so long after the answer.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    hang_up_after: Option<Duration>,

    /// Write what is heard to this WAV file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// End when standard input ends.
    #[arg(long)]
    pub(crate) until_eof: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Transport {
    Udp,
    Tcp,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Algorithm {
    Md5,
    Sha256,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Dtmf {
    Rfc4733,
    Info,
}

#[derive(Clone, Debug)]
struct Switch(SwitchSpec);

impl FromStr for Switch {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rest) =
            text.rsplit_once('=').ok_or_else(|| anyhow!("a switch is written as NAME=KIND:CODE"))?;
        let (kind, code) =
            rest.split_once(':').ok_or_else(|| anyhow!("a switch is written as NAME=KIND:CODE"))?;
        let kind = match kind {
            "door" => SwitchKind::Door,
            "gate" => SwitchKind::Gate,
            "light" => SwitchKind::Light,
            other => bail!("{other:?} is no kind of switch: door, gate or light"),
        };
        if name.is_empty() {
            bail!("a switch needs a name");
        }
        Ok(Self(SwitchSpec { name: name.to_owned(), kind, code: code.parse()? }))
    }
}

fn seconds(text: &str) -> Result<Duration, anyhow::Error> {
    Ok(Duration::try_from_secs_f32(text.parse()?)?)
}

impl Args {
    /// Puts the setup together; the password comes from the environment, where `ps` does not show it.
    pub(crate) fn setup(self) -> Result<Setup, anyhow::Error> {
        let password = std::env::var(&self.password_env).map(Secret::new).with_context(|| {
            format!("the environment variable {} has to hold the password", self.password_env)
        })?;
        let host_of =
            |proxy: &String| proxy.rsplit_once(':').map_or(proxy.as_str(), |(host, _)| host).to_owned();
        let domain = self.domain.or_else(|| self.proxy.as_ref().map(host_of));
        let domain = domain.unwrap_or_else(|| self.listen.ip().to_string());
        let callee = match self.to {
            Some(callee) => callee,
            None => {
                format!("{}@{domain}", self.user).parse().context("--user and --domain make no address")?
            }
        };
        let registrar = self.proxy.is_none().then(|| RegistrarConfig {
            realm: domain.clone(),
            users: vec![(self.user, password.clone())],
            algorithm: match self.algorithm {
                Algorithm::Md5 => DigestAlgorithm::Md5,
                Algorithm::Sha256 => DigestAlgorithm::Sha256,
            },
        });
        let settings = SipAccount {
            user: self.address,
            domain,
            servers: self.proxy.into_iter().collect(),
            auth_user: None,
            display_name: Some(self.name),
            transport: match self.transport {
                Transport::Udp => SipTransport::Udp,
                Transport::Tcp => SipTransport::Tcp,
            },
            dtmf: DtmfMode::default(),
            codecs: SipAccount::default_codecs(),
            expires: SipAccount::default_expires(),
        };
        let call_when = match (self.call_on_register, self.call_after) {
            (true, _) => CallWhen::Registered,
            (false, Some(delay)) => CallWhen::After(delay),
            (false, None) => CallWhen::Ordered,
        };
        let mut switches: Vec<SwitchSpec> = self.switches.into_iter().map(|switch| switch.0).collect();
        if switches.is_empty() {
            let code = vestibule_model::SwitchCode::default();
            switches.push(SwitchSpec { name: "Main door".to_owned(), kind: SwitchKind::Door, code });
        }
        let account = Some(Account { settings, password });
        Ok(Setup {
            sip: Config {
                account,
                listen: self.listen,
                direct_peers: Vec::new(),
                registrar,
                instance: INSTANCE.to_owned(),
                user_agent: concat!("vestibule-sim/", env!("CARGO_PKG_VERSION")).to_owned(),
            },
            callee,
            switches,
            hold: self.open_for,
            poverty: Poverty {
                no_telephone_event: self.dtmf == Dtmf::Info,
                packetization_mode: self.packetization_mode,
            },
            early_media: self.early_media,
            call_when,
            hang_up_after: self.hang_up_after,
            record: self.record,
        })
    }
}

/// The simulator is always the same device: it has nothing to remember another identity in.
const INSTANCE: &str = "urn:uuid:5b0a4c1e-54d3-4d0c-9a53-7a2f6f1a9d10";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn reads_switches() {
        let switch = "Main door=door:00*".parse::<Switch>().unwrap().0;
        assert_eq!(
            (switch.name.as_str(), switch.kind, switch.code.reveal()),
            ("Main door", SwitchKind::Door, "00*")
        );
        for bad in ["", "Main door", "Main door=door", "=door:1", "Main door=window:1", "Main door=door:1a"] {
            assert!(bad.parse::<Switch>().is_err(), "{bad}");
        }
    }
}
