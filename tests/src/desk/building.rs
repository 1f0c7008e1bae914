//! A building behind the app: its site server with one flat, and a reader at the entrance.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::intercom::PATIENCE;
use super::session::program;
use crate::{free_port, http};

/// Who lives there.
pub const EMAIL: &str = "resident@site.example";
/// Their password, at a server that lives as long as the demo and listens on loopback alone.
pub const PASSWORD: &str = "demo password 12";

/// A site server, which can be stopped and started again where it was.
pub struct Building {
    data: PathBuf,
    url: String,
    server: Option<Child>,
    /// By which the reader asks.
    reader: String,
    http: reqwest::Client,
}

/// What is shown to the reader.
pub enum Code<'a> {
    /// Digits that are typed.
    Pin(&'a str),
    /// The text of a QR code.
    Qr(&'a str),
}

impl Building {
    /// Sets a site up below `folder`, with Flat 12 and somebody who lives there, and serves it.
    pub async fn start(folder: &Path) -> Result<Self> {
        let data = folder.join("site");
        let mut building = Self {
            data,
            url: format!("http://127.0.0.1:{}", free_port()),
            server: None,
            reader: String::new(),
            http: http(),
        };
        building
            .ask(&["init", "--site", "Sample house", "--zone", "Europe/Prague", "--qr-codes"], "")
            .await?;
        building
            .ask(&["apartment", "add", "--floor", "1", "--number", "12", "--name", "Flat 12"], "")
            .await?;
        let resident = ["user", "add", "--name", "Resident", "--email", EMAIL, "--apartment", "1/12"];
        building.ask(&resident, PASSWORD).await?;
        let contact = ["contact", "add", "--name", "Office", "--purpose", "technical", "--phone", "555 0100"];
        building.ask(&contact, "").await?;
        let entrance = ["device", "add", "--name", "Main entrance", "--kind", "intercom"];
        let said = building.ask(&entrance, "").await?;
        let token = said.lines().find_map(|line| line.strip_prefix("token "));
        building.reader = token.context("the token of the entrance")?.to_owned();
        building.open().await?;
        Ok(building)
    }

    /// Where the server is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts the server.
    pub async fn open(&mut self) -> Result<()> {
        let log = std::fs::File::options().create(true).append(true).open(self.data.with_extension("log"))?;
        let listen = self.url.trim_start_matches("http://");
        let mut server = self
            .program()?
            .args(["serve", "--listen", listen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let said = server.stdout.take().context("it talks")?;
        let listening = tokio::time::timeout(PATIENCE, BufReader::new(said).lines().next_line()).await;
        ensure!(matches!(listening, Ok(Ok(Some(_)))), "the site server does not listen");
        self.server = Some(server);
        Ok(())
    }

    /// Stops the server, without warning.
    pub async fn close(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill().await?;
        }
        Ok(())
    }

    /// Whether the entrance opens for a code.
    pub async fn opens_for(&self, code: Code<'_>) -> Result<bool> {
        let shown = match code {
            Code::Pin(digits) => json!({ "pin": digits }),
            Code::Qr(text) => json!({ "qr": text }),
        };
        let asked = self.http.post(format!("{}/v1/door-checks", self.url)).bearer_auth(&self.reader);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let key = format!("reader-{}", now.as_nanos());
        let decision = answer(asked.header("Idempotency-Key", key).json(&shown)).await?;
        Ok(decision["result"] == "allowed")
    }

    /// The visitors that the server knows, by their names.
    pub async fn visitors(&self) -> Result<Vec<String>> {
        const DEVICE: &str = "the-demo-looks-itself";
        let sign_in = json!({ "email": EMAIL, "password": PASSWORD, "device": DEVICE });
        let tokens = answer(self.http.post(format!("{}/v1/session", self.url)).json(&sign_in)).await?;
        let token = tokens["access_token"].as_str().context("a token")?;
        let list = self.http.get(format!("{}/v1/visitors", self.url)).bearer_auth(token);
        let list = answer(list.header("Vestibule-Device", DEVICE)).await?;
        let visitors = list["items"].as_array().context("a list")?;
        Ok(visitors.iter().filter_map(|visitor| visitor["name"].as_str().map(str::to_owned)).collect())
    }

    fn program(&self) -> Result<Command> {
        let mut command = Command::new(program("vestibule-site")?);
        command.arg("--data").arg(&self.data).kill_on_drop(true);
        Ok(command)
    }

    /// Has the program do something beside the server; `typed` is what it reads. Gives what it prints.
    async fn ask(&self, arguments: &[&str], typed: &str) -> Result<String> {
        let mut program = self
            .program()?
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut stdin = program.stdin.take().context("it reads")?;
        stdin.write_all(typed.as_bytes()).await?;
        drop(stdin);
        let output = program.wait_with_output().await?;
        let problem = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "vestibule-site {}: {problem}", arguments.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value> {
    let response = request.send().await.context("the site server")?;
    let (status, body) = (response.status(), response.text().await?);
    if !status.is_success() {
        bail!("the site server says {status}: {body}");
    }
    Ok(serde_json::from_str(&body)?)
}
