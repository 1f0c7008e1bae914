use std::net::{IpAddr, SocketAddr};

use vestibule_model::{Secret, SipAccount};

/// What a user agent is told once, when it starts.
#[derive(Clone, Debug)]
pub struct Config {
    /// The account to register; `None` when there are only direct calls.
    ///
    /// Beside a `registrar` it is nothing but the identity for the From header of outgoing calls: a registrar
    /// does not register with itself.
    pub account: Option<Account>,
    /// Where to listen, UDP and TCP on the same port. Port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Addresses that may call past the registrar.
    pub direct_peers: Vec<IpAddr>,
    /// Makes this user agent a small registrar as well.
    pub registrar: Option<RegistrarConfig>,
    /// `urn:uuid:…`, the same at every start, for `+sip.instance` (RFC 5626 section 4.1).
    pub instance: String,
    /// What the User-Agent and Server headers say.
    pub user_agent: String,
}

/// An account with its password.
#[derive(Clone, Debug)]
pub struct Account {
    /// Everything but the password.
    pub settings: SipAccount,
    /// The password, or an empty one.
    pub password: Secret,
}

/// The small registrar of the simulator and the tests. It keeps its bindings in memory.
#[derive(Clone, Debug)]
pub struct RegistrarConfig {
    /// The realm of its challenges.
    pub realm: String,
    /// Users and their passwords.
    pub users: Vec<(String, Secret)>,
    /// The algorithm of its challenges.
    pub algorithm: DigestAlgorithm,
}

/// The hash of digest authentication (RFC 8760).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// What every old registrar speaks.
    #[default]
    Md5,
    /// SHA-256.
    Sha256,
}
