//! The intercom in software, and what it says of itself.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::session::program;

/// The flat's user at the intercom's registrar.
pub const USER: &str = "flat12";
/// Its password, in a registrar that lives as long as the demo and listens on loopback alone.
pub const PASSWORD: &str = "demo";

/// How long anything of the demo may take before it counts as failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A running simulator.
pub struct Intercom {
    _program: Child,
    orders: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Intercom {
    /// Starts it, with a registrar of its own, below `folder`.
    pub async fn start(folder: &Path) -> Result<Self> {
        let log = std::fs::File::create(folder.join("intercom.log"))?;
        let mut program = Command::new(program("vestibule-sim")?)
            .args(["--listen", "127.0.0.1:0", "--user", USER, "--password-env", "VESTIBULE_SIM_PASSWORD"])
            .args(["--name", "Main entrance", "--address", "door", "--early-media"])
            .args(["--switch", "Main door=door:00*", "--switch", "Courtyard gate=gate:11*"])
            .args(["--switch", "Stair light=light:22*"])
            .env("VESTIBULE_SIM_PASSWORD", PASSWORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let orders = program.stdin.take().context("it takes orders")?;
        let events = BufReader::new(program.stdout.take().context("it talks")?).lines();
        let mut intercom = Self { _program: program, orders, events, address: String::new() };
        let listening = intercom.until("listening").await?;
        intercom.address = listening["sip"].as_str().context("it says where it listens")?.to_owned();
        Ok(intercom)
    }

    /// `host:port` of its registrar.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Gives it an order: `call`, `cancel`, `hang_up`, `quit`.
    pub async fn order(&mut self, order: &str) -> Result<()> {
        self.orders.write_all(format!("{order}\n").as_bytes()).await.context("the intercom has gone")
    }

    /// What it says next.
    pub async fn next(&mut self) -> Result<Value> {
        let line = self.events.next_line().await?.context("the intercom ended")?;
        serde_json::from_str(&line).with_context(|| format!("the intercom says {line}"))
    }

    /// Waits until it tells of `event`.
    pub async fn until(&mut self, event: &str) -> Result<Value> {
        self.until_that(event, |said| said["event"] == event).await
    }

    /// Waits until it says what `wanted` wants.
    pub async fn until_that(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let said = self.next().await?;
                if wanted(&said) {
                    return anyhow::Ok(said);
                }
            }
        });
        match waited.await {
            Ok(said) => said,
            Err(_) => bail!("the intercom never told of {what}"),
        }
    }
}
