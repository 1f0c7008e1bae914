//! The UI in headless Chromium, against the made-up building: its tests, and a picture of every page.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use crate::{serve, ui, workspace};

/// Audits every page and walks the paths of residents (`tests/ui`).
pub(crate) fn test() -> Result<()> {
    drive("run.mjs", &[])
}

/// Writes a picture of every page to `shots` below the target folder.
pub(crate) fn shots() -> Result<()> {
    let folder = workspace::target_dir()?.join("shots");
    drive("shots.mjs", std::slice::from_ref(&folder))?;
    println!("{}", folder.display());
    Ok(())
}

/// Measures it, and gives what was found as JSON.
pub(crate) fn measure() -> Result<String> {
    let output = ready("measure.mjs")?.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "measure.mjs: {}", output.status);
    let said = String::from_utf8(output.stdout)?;
    Ok(said.lines().last().unwrap_or_default().to_owned())
}

fn drive(script: &str, arguments: &[PathBuf]) -> Result<()> {
    workspace::run(ready(script)?.args(arguments))
}

/// A script, with everything that it needs.
fn ready(script: &str) -> Result<Command> {
    ui::build(ui::Reader::Browser, true)?;
    let base = serve::beside(ui::Reader::Browser.dist()?)?;
    let tests = workspace::root().join("tests/ui");
    workspace::run(
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&tests),
    )?;
    let mut node = Command::new("node");
    node.arg(tests.join(script)).arg(base);
    Ok(node)
}
