//! PostgreSQL, as the exchange of a building may read it.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::{Program, free_port};
use crate::wait_until;

/// A server with a database that the site server owns, and Kamailio may read.
pub struct Postgres {
    _program: Program,
    _folder: TempDir,
    port: u16,
}

impl Postgres {
    const DATABASE: &str = "vestibule_sip";

    /// Starts it on loopback, with nobody's password asked for.
    pub async fn start() -> Postgres {
        let folder = tempfile::tempdir().expect("a folder can be made");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        run(tool("initdb").args(["-A", "trust", "-U", "postgres", "--no-sync", "-D"]).arg(&data));
        let port = free_port();
        let mut server = tool("postgres");
        server.arg("-D").arg(&data).arg("-k").arg(folder.path()).args(["-p", &port.to_string(), "-F"]);
        server.args(["-c", "listen_addresses=127.0.0.1"]);
        let mut program = Program::start(&mut server, folder.path());
        wait_until("PostgreSQL answers", || {
            program.assert_running();
            let asked = tool("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).status();
            std::future::ready(asked.is_ok_and(|status| status.success()))
        })
        .await;
        let postgres = Postgres { _program: program, _folder: folder, port };
        postgres.tell("postgres", "CREATE ROLE vestibule LOGIN");
        postgres.tell("postgres", "CREATE ROLE kamailio LOGIN");
        postgres.tell("postgres", &format!("CREATE DATABASE {} OWNER vestibule", Self::DATABASE));
        let grant = "ALTER DEFAULT PRIVILEGES FOR ROLE vestibule GRANT SELECT ON TABLES TO kamailio";
        postgres.tell(Self::DATABASE, grant);
        postgres
    }

    /// The connection of the site server.
    pub fn connection(&self) -> String {
        format!("host=127.0.0.1 port={} user=vestibule dbname={}", self.port, Self::DATABASE)
    }

    /// What Kamailio is told.
    pub fn url(&self) -> String {
        format!("postgres://kamailio:none@127.0.0.1:{}/{}", self.port, Self::DATABASE)
    }

    fn tell(&self, database: &str, sql: &str) {
        let port = self.port.to_string();
        let mut psql = tool("psql");
        run(psql.args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-d", database, "-c", sql]));
    }
}

/// A program of PostgreSQL. Its server is no program for root.
fn tool(name: &str) -> Command {
    let path = folder().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
    command
}

/// Where Debian puts the programs of its version.
fn folder() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is missing: run ./dev setup");
    let version = versions.filter_map(Result::ok).map(|entry| entry.path()).max();
    version.expect("PostgreSQL is missing: run ./dev setup").join("bin")
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&Path::new("/proc/self").metadata().expect("this process")) == 0
}

fn run(command: &mut Command) {
    let done = command.output().expect("PostgreSQL is missing: run ./dev setup");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
