//! Programs that a test starts, and ends with itself.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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

/// A program of this workspace, which cargo builds beside the tests.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let debug = test.parent().and_then(Path::parent).expect("tests lie in deps, beside the programs");
    let path = debug.join(name);
    assert!(path.exists(), "{name} is not built: run ./dev test");
    path
}

/// A loopback port that is free for UDP and TCP now.
pub fn free_port() -> u16 {
    let both = |_| -> io::Result<u16> {
        let tcp = TcpListener::bind("127.0.0.1:0")?;
        let address: SocketAddr = tcp.local_addr()?;
        UdpSocket::bind(address)?;
        Ok(address.port())
    };
    (0..50).find_map(|attempt| both(attempt).ok()).expect("a port is free")
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
