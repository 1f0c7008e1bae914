//! The exchange of a building: Kamailio beside the site server, as `deploy/kamailio` sets it up, and intercoms in
//! software that ring by it.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::building::{Building, answer};
use super::intercom::PATIENCE;
use super::session::program;
use crate::{Kamailio, KamailioOptions};

/// The variable that hands a simulator its password.
const PASSWORD_ENV: &str = "VESTIBULE_SIM_PASSWORD";

/// A door with an intercom, and what it opens there.
pub struct Door {
    /// Its name in the building.
    pub name: &'static str,
    /// The switch: its name, kind and code.
    pub switch: (&'static str, &'static str, &'static str),
}

/// An intercom in software that the building configures.
pub struct Bell {
    _program: Child,
    orders: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
}

impl Bell {
    /// Somebody presses its button.
    pub async fn press(&mut self) -> Result<()> {
        self.orders.write_all(b"call\n").await.context("the intercom has gone")
    }

    /// What it says next.
    pub async fn next(&mut self) -> Result<Value> {
        let line = self.events.next_line().await?.context("the intercom ended")?;
        serde_json::from_str(&line).with_context(|| format!("the intercom says {line}"))
    }
}

impl Building {
    /// Puts an exchange beside the server of a building that was set up for one.
    pub fn exchange(&self) -> Kamailio {
        let database = format!("sqlite:///{}", self.data.join("sip.db").display());
        Kamailio::of_building(&database, self.sip_port, KamailioOptions::default())
    }

    /// Has a new intercom ring everybody in Flat 12, and starts it with what the building gives it. It is registered when this
    /// returns.
    pub async fn bell(&mut self, door: &Door, folder: &Path) -> Result<Bell> {
        let said = self.ask(&["device", "add", "--name", door.name, "--kind", "intercom"], "").await?;
        let said_of = |what: &str| said.lines().find_map(|line| line.strip_prefix(what)).map(str::to_owned);
        let (id, token) =
            (said_of("device ").context("its number")?, said_of("token ").context("its token")?);
        let (name, kind, code) = door.switch;
        let settings = json!({
            "buttons": [{ "number": 1, "name": "Flat 12", "members": [{ "apartment": self.flat }] }],
            "switches": [{ "name": name, "kind": kind, "code": code }],
        });
        self.office(Method::PUT, &format!("devices/{id}/call-settings"), &settings).await?;
        let account = self.http.post(format!("{}/v1/configuration/account", self.url)).bearer_auth(&token);
        let account = answer(account.header("Idempotency-Key", format!("account-{id}"))).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("an account");
        let (user, domain) = (text(&account["profile"]["user"])?, text(&account["profile"]["domain"])?);
        let log = std::fs::File::create(folder.join(format!("intercom-{id}.log")))?;
        let mut program = Command::new(program("vestibule-sim")?)
            .args(["--listen", "127.0.0.1:0", "--name", door.name, "--address", &user, "--domain", &domain])
            .args(["--proxy", &format!("127.0.0.1:{}", self.sip_port), "--password-env", PASSWORD_ENV])
            .args(["--to", &format!("{user}-1@{domain}"), "--early-media"])
            .args(["--switch", &format!("{name}={kind}:{code}")])
            .env(PASSWORD_ENV, text(&account["password"])?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let orders = program.stdin.take().context("it takes orders")?;
        let events = BufReader::new(program.stdout.take().context("it talks")?).lines();
        let mut bell = Bell { _program: program, orders, events };
        let registered = tokio::time::timeout(PATIENCE, async {
            while bell.next().await?["event"] != "registered" {}
            anyhow::Ok(())
        });
        registered.await.with_context(|| format!("{} is not registered", door.name))??;
        Ok(bell)
    }
}
