//! The UI in headless Chromium, against the made-up building: its tests, and a picture of every page.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

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

fn drive(script: &str, arguments: &[PathBuf]) -> Result<()> {
    ui::build(ui::Reader::Browser, true)?;
    let base = serve::beside(ui::Reader::Browser.dist()?)?;
    let tests = workspace::root().join("tests/ui");
    workspace::run(
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&tests),
    )?;
    workspace::run(Command::new("node").arg(tests.join(script)).arg(base).args(arguments))
}
