use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use vestibule_model::Secret;

/// What a site sets in `site.toml`, in the directory of its data. All of it can be left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on, such as `127.0.0.1:8080`.
    pub listen: Option<String>,
    /// Where apps reach the server, such as `https://site.example`; it stands in provisioning links.
    pub public_url: Option<String>,
    /// Whether a reverse proxy stands before the server, and says in `X-Forwarded-For` where a request comes from.
    pub behind_proxy: bool,
    /// The file of keys, if it is not `keys` in the directory of the data.
    pub keys: Option<PathBuf>,
    /// Seconds in which the head of a request must be here, and then its body. A connection with nothing to say is
    /// closed after as long, so the proxy must give its own up before.
    pub patience: u16,
    /// The exchange beside the server; without one, no phone rings by it.
    pub sip: Option<Sip>,
    /// The mail server by which reports go to the facility management; without one, they are only shown.
    pub mail: Option<Mail>,
}

/// A mail server (RFC 5321).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Its name.
    pub server: String,
    /// Its port, if it is not the usual one.
    pub port: Option<u16>,
    /// How it is spoken to.
    #[serde(default)]
    pub tls: MailTls,
    /// As whom, where it asks.
    pub user: Option<String>,
    /// A file that holds the password in its first line.
    pub password_file: Option<PathBuf>,
    /// Who mails are from.
    pub from: String,
}

/// How a mail server is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// In clear first, then TLS, or not at all (RFC 3207).
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// In clear: for a server on this machine.
    None,
}

/// The exchange: Kamailio, see deploy/kamailio.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sip {
    /// Domain of all addresses, and realm of the digest.
    pub domain: String,
    /// Registrar and outbound proxy, as phones reach it: `host` or `host:port`, in order.
    pub servers: Vec<String>,
    /// The file that Kamailio reads, if it is not `sip.db` in the directory of the data.
    pub database: Option<PathBuf>,
    /// A PostgreSQL server of this machine that Kamailio reads instead, as libpq writes connections:
    /// `host=/run/postgresql dbname=vestibule_sip`.
    pub postgres: Option<Secret>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: None,
            public_url: None,
            behind_proxy: false,
            keys: None,
            patience: 75,
            sip: None,
            mail: None,
        }
    }
}

/// Why the configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} could not be read")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not TOML, or has a field that is not known.
    #[error("{path} is not understood")]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
}

/// The directory of a server's data: `site.db`, `site.toml`, and `keys` unless they are elsewhere.
#[derive(Clone, Debug)]
pub struct Data {
    pub(crate) dir: PathBuf,
    pub(crate) keys: PathBuf,
}

impl Config {
    /// Reads `site.toml`; the defaults where there is none.
    pub fn read(dir: &Path) -> Result<Self, ConfigError> {
        let path = dir.join("site.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| ConfigError::Toml { path, source: Box::new(error) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Io { path, source }),
        }
    }

    /// How long a head or a body may take to arrive.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.max(1).into())
    }
}

impl Data {
    /// In this directory, with the keys in this file or beside the database.
    pub fn new(dir: &Path, keys: Option<&Path>) -> Self {
        Self { dir: dir.to_owned(), keys: keys.map_or_else(|| dir.join("keys"), Path::to_owned) }
    }

    /// What the exchange reads.
    pub(crate) fn exchange(&self, sip: &Sip) -> PathBuf {
        sip.database.clone().unwrap_or_else(|| self.dir.join("sip.db"))
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.dir.join("site.db")
    }
}
