//! A building behind the app: its site server with one flat, and a reader at the entrance.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::intercom::PATIENCE;
use super::session::program;
use crate::{Kamailio, free_port, http};

/// Who lives there.
pub const EMAIL: &str = "resident@site.example";
/// Who administers it.
pub const OFFICE: &str = "office@site.example";
/// Their password, at a server that lives as long as the demo and listens on loopback alone.
pub const PASSWORD: &str = "demo password 12";

/// A site server, which can be stopped and started again where it was.
pub struct Building {
    pub(super) data: PathBuf,
    pub(super) url: String,
    /// Where its exchange listens, if it has one.
    pub(super) sip_port: u16,
    /// The number of Flat 12.
    pub(super) flat: i64,
    resident: i64,
    pub(super) http: reqwest::Client,
    server: Option<Child>,
    /// By which the reader asks.
    reader: String,
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
        let mut building = Self::set_up(folder, free_port()).await?;
        let entrance = ["device", "add", "--name", "Main entrance", "--kind", "intercom"];
        let said = building.ask(&entrance, "").await?;
        let token = said.lines().find_map(|line| line.strip_prefix("token "));
        building.reader = token.context("the token of the entrance")?.to_owned();
        building.open().await?;
        Ok(building)
    }

    /// The same with an administrator, ready for an exchange, served on `port` of loopback.
    pub async fn with_exchange(folder: &Path, port: u16) -> Result<Self> {
        let mut building = Self::set_up(folder, port).await?;
        let office = ["user", "add", "--name", "Office", "--email", OFFICE, "--role", "site_administrator"];
        building.ask(&office, PASSWORD).await?;
        let sip = format!(
            "[sip]\ndomain = \"{}\"\nservers = [\"127.0.0.1:{}\"]\n",
            Kamailio::DOMAIN,
            building.sip_port
        );
        let config = format!("public_url = \"{}\"\n\n{sip}", building.url);
        std::fs::write(building.data.join("site.toml"), config)?;
        building.open().await?;
        Ok(building)
    }

    async fn set_up(folder: &Path, port: u16) -> Result<Self> {
        let mut building = Self {
            data: folder.join("site"),
            url: format!("http://127.0.0.1:{port}"),
            sip_port: free_port(),
            flat: 0,
            resident: 0,
            server: None,
            reader: String::new(),
            http: http(),
        };
        building
            .ask(&["init", "--site", "Sample house", "--zone", "Europe/Prague", "--qr-codes"], "")
            .await?;
        let flat = ["apartment", "add", "--floor", "1", "--number", "12", "--name", "Flat 12"];
        let said = building.ask(&flat, "").await?;
        let flat = said.lines().find_map(|line| line.strip_prefix("apartment "));
        building.flat = flat.context("the number of the flat")?.parse()?;
        let resident = ["user", "add", "--name", "Resident", "--email", EMAIL, "--apartment", "1/12"];
        let said = building.ask(&resident, PASSWORD).await?;
        let resident = said.lines().find_map(|line| line.strip_prefix("user "));
        building.resident = resident.context("the number of the resident")?.parse()?;
        let contact = ["contact", "add", "--name", "Office", "--purpose", "technical", "--phone", "555 0100"];
        building.ask(&contact, "").await?;
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
        let decision = answer(asked.header("Idempotency-Key", fresh_key()?).json(&shown)).await?;
        Ok(decision["result"] == "allowed")
    }

    /// A link that signs the resident's app in, once and for 15 minutes.
    pub async fn link(&self) -> Result<String> {
        let made = self.office(Method::POST, "provisioning-links", &json!({ "user": self.resident })).await?;
        made["link"].as_str().map(str::to_owned).context("a link")
    }

    /// Has the administrator change something.
    pub(super) async fn office(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        const DEVICE: &str = "the-desk-of-the-office";
        let sign_in = json!({ "email": OFFICE, "password": PASSWORD, "device": DEVICE });
        let tokens = answer(self.http.post(format!("{}/v1/session", self.url)).json(&sign_in)).await?;
        let token = tokens["access_token"].as_str().context("a token")?;
        let request = self.http.request(method, format!("{}/v1/{path}", self.url)).bearer_auth(token);
        let request = request.header("Vestibule-Device", DEVICE).header("Idempotency-Key", fresh_key()?);
        answer(request.json(body)).await
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
    pub(super) async fn ask(&self, arguments: &[&str], typed: &str) -> Result<String> {
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

/// A key that no request had before.
fn fresh_key() -> Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(format!("desk-{}", now.as_nanos()))
}

pub(super) async fn answer(request: reqwest::RequestBuilder) -> Result<Value> {
    let response = request.send().await.context("the site server")?;
    let (status, body) = (response.status(), response.text().await?);
    if !status.is_success() {
        bail!("the site server says {status}: {body}");
    }
    Ok(serde_json::from_str(&body)?)
}
