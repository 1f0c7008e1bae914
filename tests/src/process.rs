//! Programs that a test starts, and ends with itself.

use std::future::Future;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use crate::PATIENCE;

/// A program that is killed when the test is done with it.
pub(crate) struct Program {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Program {
    /// Starts it with its output in `<folder>/<name>.log`.
    pub(crate) fn start(command: &mut Command, folder: &Path) -> Program {
        let name = command.get_program().to_string_lossy().rsplit('/').next().unwrap_or_default().to_owned();
        let path = folder.join(format!("{name}.log"));
        let log = std::fs::File::create(&path).expect("a log can be written");
        let both = log.try_clone().expect("the log can be written twice");
        let child = command.stdin(Stdio::null()).stdout(log).stderr(both).process_group(0).spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} is missing: run ./dev setup ({error})"));
        Program { child, name, log: path }
    }

    /// The end of what it printed.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let lines: Vec<String> =
            String::from_utf8_lossy(&log).lines().rev().take(40).map(str::to_owned).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn assert_running(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("{} ended by itself ({status}):\n{}", self.name, self.log());
        }
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        // The group: a program such as Kamailio has children that would go on without it.
        let group = format!("-{}", self.child.id());
        let killed =
            Command::new("kill").args(["-KILL", "--", &group]).status().and_then(|_| self.child.wait());
        killed.unwrap_or_else(|error| panic!("{} cannot be ended: {error}", self.name));
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.kill();
        }
    }
}

/// Where [`free_port`] begins: above the ports that Linux and baresip give out by themselves, which would take one
/// between now and the program that it is for.
const FIRST_PORT: u16 = 61_000;
/// They lie apart, for baresip takes the one after its own as well, for TLS.
const APART: u16 = 2;
const PORTS: u16 = 4_500 / APART;

/// A loopback port that is free for UDP and TCP, and not given to anybody else of this process.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = (std::process::id() % u32::from(PORTS)) as u16;
    let both = |_| {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST_PORT + (begin + step % PORTS) % PORTS * APART;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        (TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok()).then_some(port)
    };
    (0..PORTS).find_map(both).expect("a port is free")
}

/// Waits until `check` says yes, asking it again whenever `changed` resolves.
pub async fn wait_until<F: Future<Output = bool>>(what: &str, mut check: impl FnMut() -> F) {
    let asked = async {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(20));
        while !check().await {
            pause.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}

/// A client for a site server on loopback.
pub fn http() -> reqwest::Client {
    // With the app beside it the client speaks TLS too, and wants to know by what: the app may have chosen before.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client without a proxy")
}
