//! A site server with a sample house, for what is driven from outside: the pages in a browser, and the API by its own
//! document.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{peers, workspace};

/// Everybody's password, in a house that is gone when the test is.
const PASSWORD: &str = "correct horse battery";
const OFFICE: &str = "office@site.example";
const DEVICE: &str = "device-of-the-office";

/// A server that runs. It ends with the test, and its data with it.
struct Running {
    child: Child,
    base: String,
    folder: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Audits the administrators' pages in headless Chromium.
pub(crate) fn pages() -> Result<()> {
    let house = Running::start()?;
    let script = workspace::root().join("tests/ui/admin.mjs");
    workspace::run(Command::new("node").arg(script).arg(&house.base).args([OFFICE, PASSWORD]))
}

/// Asks the API everything that its own document allows, and much that it does not, by schemathesis.
///
/// Two of its checks are left out. A value that the schema allows may be refused by a rule of the house, with 422, so
/// `positive_data_acceptance` would find fault with every rule. And sessions end under way, since signing out is asked too.
pub(crate) fn api() -> Result<()> {
    let program = peers::schemathesis()?;
    let house = Running::start()?;
    let token = house.sign_in()?;
    let mut run = Command::new(program);
    run.current_dir(workspace::target_dir()?).arg("run").arg(format!("{}/v1/openapi.json", house.base));
    run.args(["--url", &house.base, "--header", &format!("Authorization: Bearer {token}")]);
    run.args(["--header", &format!("Vestibule-Device: {DEVICE}"), "--phases", "examples,coverage,fuzzing"]);
    run.args([
        "--exclude-checks",
        "positive_data_acceptance",
        "--max-examples",
        "20",
        "--request-timeout",
        "10",
    ]);
    // The one never ends, the other ends what the rest is asked with.
    run.args(["--exclude-path", "/v1/events", "--exclude-path", "/v1/session", "--seed", "1"]);
    workspace::run(&mut run)
}

impl Running {
    /// An access token of the company's administrator, by curl: nothing else here speaks HTTP.
    fn sign_in(&self) -> Result<String> {
        let asked = format!(r#"{{"email":"{OFFICE}","password":"{PASSWORD}","device":"{DEVICE}"}}"#);
        let output = Command::new("curl")
            .args(["--silent", "--fail", "--data", &asked])
            .arg(format!("{}/v1/session", self.base))
            .output()
            .context("curl is missing: run ./dev setup")?;
        let answer = String::from_utf8(output.stdout)?;
        let token = answer.split("\"access_token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        Ok(token.context("nobody can sign in")?.to_owned())
    }

    fn start() -> Result<Self> {
        let target = workspace::target_dir()?;
        let program = target.join("debug/vestibule-site");
        let folder = target.join("tmp/site-of-xtask");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let set_up = |words: &[&str]| command(&program, &folder, words);
        set_up(&["init", "--site", "Sample house", "--zone", "Europe/Prague", "--qr-codes"])?;
        set_up(&["apartment", "add", "--floor", "1", "--number", "12", "--name", "Flat 12"])?;
        set_up(&["user", "add", "--name", "Office", "--email", OFFICE, "--role", "company_administrator"])?;
        let resident = ["--name", "Resident", "--email", "resident@site.example", "--apartment", "1/12"];
        set_up(&[&["user", "add"], &resident[..]].concat())?;
        set_up(&["device", "add", "--name", "Main entrance", "--kind", "intercom"])?;
        set_up(&["contact", "add", "--name", "Office", "--purpose", "technical", "--phone", "555 0100"])?;
        let mut serve = Command::new(&program);
        serve.arg("--data").arg(&folder).args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child =
            serve.env("VESTIBULE_LOG", "warn").spawn().context("the site server does not start")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("it has an output")?).read_line(&mut line)?;
        let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        Ok(Self { child, base, folder })
    }
}

/// Runs a command that sets the house up; those that ask for a password are given it.
fn command(program: &Path, folder: &Path, words: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    command.arg("--data").arg(folder).args(words).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("{} is not built", program.display()))?;
    if let Some(mut input) = child.stdin.take() {
        // One that asks for none may have gone already.
        let _ = input.write_all(PASSWORD.as_bytes());
    }
    let status = child.wait()?;
    ensure!(status.success(), "vestibule-site {words:?}: {status}");
    Ok(())
}
