use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, Config, Error, NoTls, Transaction};

use super::{Origin, Tables};
use crate::http::Failure;

/// How long a server may take to answer to a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// The same tables as in the file. `integer` throughout: that is what Kamailio takes a number for.
const CREATE: &str = "
CREATE TABLE IF NOT EXISTS version (table_name varchar(32) PRIMARY KEY, table_version integer NOT NULL);
INSERT INTO version VALUES ('subscriber', 7) ON CONFLICT (table_name) DO UPDATE SET table_version = 7;
CREATE TABLE IF NOT EXISTS subscriber (
    id bigint PRIMARY KEY,
    username text NOT NULL UNIQUE,
    domain text NOT NULL,
    password text NOT NULL DEFAULT '',
    ha1 text NOT NULL,
    ha1b text NOT NULL DEFAULT '',
    ha1_sha256 text NOT NULL
);
CREATE TABLE IF NOT EXISTS ring (
    caller text NOT NULL,
    target text NOT NULL,
    place integer NOT NULL,
    callee text NOT NULL,
    PRIMARY KEY (caller, target, place, callee)
);
CREATE TABLE IF NOT EXISTS directory (
    caller text NOT NULL,
    callee text NOT NULL,
    PRIMARY KEY (caller, callee)
);
CREATE TABLE IF NOT EXISTS origin (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL,
    telephony bigint NOT NULL,
    domain text NOT NULL
);
";

/// A PostgreSQL server on this machine. Nobody else writes there, so it is asked for its state once; changes are rare,
/// so each has a connection of its own.
pub(super) struct Server {
    config: Config,
    origin: Option<Origin>,
}

impl Server {
    /// Connects, and makes the tables that are missing.
    pub(super) fn open(connection: &str) -> Result<Self, Failure> {
        let mut config: Config = connection.parse()?;
        config.connect_timeout(CONNECT).application_name("vestibule-site");
        let origin = ask(&config, |client| {
            client.batch_execute(CREATE)?;
            let row = client.query_opt("SELECT epoch, telephony, domain FROM origin", &[])?;
            row.map(|row| {
                Ok(Origin { epoch: row.try_get(0)?, telephony: row.try_get(1)?, domain: row.try_get(2)? })
            })
            .transpose()
        })?;
        Ok(Self { config, origin })
    }

    /// Which state the tables are of.
    pub(super) fn origin(&self) -> Option<Origin> {
        self.origin.clone()
    }

    /// Puts these in place of what is there, in one transaction.
    pub(super) fn write(&mut self, tables: &Tables) -> Result<(), Failure> {
        ask(&self.config, |client| write(client.transaction()?, tables))?;
        self.origin = Some(tables.origin.clone());
        Ok(())
    }
}

fn write(mut server: Transaction<'_>, tables: &Tables) -> Result<(), Error> {
    server.batch_execute("DELETE FROM subscriber; DELETE FROM ring; DELETE FROM directory;")?;
    let Origin { epoch, telephony, domain } = &tables.origin;
    let insert = server.prepare(
        "INSERT INTO subscriber (id, username, domain, ha1, ha1_sha256) VALUES ($1, $2, $3, $4, $5)",
    )?;
    for account in &tables.accounts {
        let (md5, sha256) = (account.md5.as_str(), account.sha256.as_str());
        let row: [&(dyn ToSql + Sync); 5] = [&account.device, &account.user, domain, &md5, &sha256];
        server.execute(&insert, &row)?;
    }
    let insert = server.prepare("INSERT INTO ring VALUES ($1, $2, $3, $4)")?;
    for ring in &tables.rings {
        server.execute(&insert, &[&ring.caller, &ring.target, &ring.place, &ring.callee])?;
    }
    let insert = server.prepare("INSERT INTO directory VALUES ($1, $2)")?;
    for (caller, callee) in &tables.directory {
        server.execute(&insert, &[caller, callee])?;
    }
    let sql = "INSERT INTO origin VALUES (1, $1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET epoch = $1, telephony = $2, domain = $3";
    server.execute(sql, &[epoch, telephony, domain])?;
    server.commit()
}

/// Asks the server, on a thread of its own: the client waits in a runtime of its own, which none of ours may hold.
fn ask<T: Send>(
    config: &Config,
    work: impl FnOnce(&mut Client) -> Result<T, Error> + Send,
) -> Result<T, Failure> {
    let asked = std::thread::scope(|scope| scope.spawn(|| work(&mut config.connect(NoTls)?)).join());
    Ok(asked.map_err(|_| Failure::Internal("the client of PostgreSQL panicked".into()))??)
}
