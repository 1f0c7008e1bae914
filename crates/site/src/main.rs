//! `vestibule-site`: sets a site up, and serves it.

mod setup;
mod sheets;
mod vouchers;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use tokio::net::TcpListener;
use tracing_subscriber::filter::EnvFilter;
use vestibule_site::{Clock, Config, Data, Server, backup};

/// The site server: residents' apps talk to it, and doors ask it.
///
/// It speaks plain HTTP and belongs behind a reverse proxy that speaks TLS.
#[derive(Parser)]
#[command(name = "vestibule-site", version)]
struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    verb: Verb,
}

/// Where the data is. `site.toml` there may say more: listen, public_url, behind_proxy, keys.
#[derive(Args)]
struct Place {
    /// Directory of the database, the keys and site.toml
    #[arg(long, global = true, env = "VESTIBULE_SITE_DATA", default_value = "site")]
    data: PathBuf,
    /// File of keys, if not `keys` in that directory
    #[arg(long, global = true, env = "VESTIBULE_SITE_KEYS")]
    keys: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Verb {
    /// Begin: directory, keys, database and a first site
    Init(setup::NewSite),
    /// Serve until SIGINT or SIGTERM
    Serve {
        /// Address and port; only a proxy on this machine reaches the one that is used if none is given
        #[arg(long, env = "VESTIBULE_SITE_LISTEN")]
        listen: Option<SocketAddr>,
        /// Where apps reach the server, such as https://site.example; it stands in provisioning links
        #[arg(long, env = "VESTIBULE_SITE_PUBLIC_URL")]
        public_url: Option<String>,
        /// Whether a reverse proxy writes into X-Forwarded-For where a request comes from
        #[arg(long, env = "VESTIBULE_SITE_BEHIND_PROXY")]
        behind_proxy: Option<bool>,
    },
    /// Copy the database, which may be in use, to a new file. The keys are not in it: keep them elsewhere
    Backup {
        /// The new file
        #[arg(long)]
        to: PathBuf,
    },
    /// Add a site, or change it
    #[command(subcommand)]
    Site(setup::SiteVerb),
    /// Add an apartment
    #[command(subcommand)]
    Apartment(setup::ApartmentVerb),
    /// Add a user, or change one. Passwords are read from standard input, or from a file
    #[command(subcommand)]
    User(setup::UserVerb),
    /// Add a device; its token is printed this once
    #[command(subcommand)]
    Device(setup::DeviceVerb),
    /// Import apartments and users from CSV, XLS or XLSX; without --confirm it is only shown what would be done
    Import(sheets::Import),
    /// Make vouchers for licences, or list them
    #[command(subcommand)]
    Voucher(vouchers::VoucherVerb),
    /// Add a contact
    #[command(subcommand)]
    Contact(setup::ContactVerb),
    /// Print the OpenAPI document
    Openapi,
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("VESTIBULE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestibule-site: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(Arguments { place, verb }: Arguments) -> Result<()> {
    let config = Config::read(&place.data)?;
    let data = Data::new(&place.data, place.keys.as_deref().or(config.keys.as_deref()));
    match verb {
        Verb::Init(new) => new.init(&data),
        Verb::Serve { listen, public_url, behind_proxy } => {
            let behind_proxy = behind_proxy.unwrap_or(config.behind_proxy);
            serve(
                &data,
                Config { public_url: public_url.or(config.public_url), behind_proxy, ..config },
                listen,
            )
        }
        Verb::Backup { to } => Ok(backup(&data.database(), &to)?),
        Verb::Site(verb) => verb.run(&data),
        Verb::Apartment(verb) => verb.run(&data),
        Verb::User(verb) => verb.run(&data),
        Verb::Device(verb) => verb.run(&data),
        Verb::Voucher(verb) => verb.run(&data),
        Verb::Contact(verb) => verb.run(&data),
        Verb::Import(import) => import.run(&data),
        Verb::Openapi => {
            println!("{}", serde_json::to_string_pretty(&vestibule_site::openapi())?);
            Ok(())
        }
    }
}

/// An argument or the environment goes before the file.
#[tokio::main]
async fn serve(data: &Data, mut config: Config, listen: Option<SocketAddr>) -> Result<()> {
    let address = match (listen, &config.listen) {
        (Some(address), _) => address,
        (None, Some(text)) => text.parse().with_context(|| format!("{text} is no address with a port"))?,
        (None, None) => SocketAddr::from(([127, 0, 0, 1], 8080)),
    };
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    config.public_url = config.public_url.or_else(|| Some(format!("http://{address}")));
    let server = Server::open(data, config, Clock::System)?;
    // Programs that asked for port 0 read it here.
    println!("listening on http://{address}");
    server.serve(listener, stopped()).await?;
    Ok(())
}

/// The end of the program is asked for.
async fn stopped() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal there is still the other one.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => (),
                _ = terminated.recv() => (),
            }
            return;
        }
    }
    interrupted.await;
}
