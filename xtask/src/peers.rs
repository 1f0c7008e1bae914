//! Programs and libraries of Python that tests put our own against, in a folder of their own below the build output.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::workspace;

/// What asks the site server's API by its own document.
const SCHEMATHESIS: (&str, &str) = ("bin/schemathesis", "schemathesis>=4.32,<5");
/// Cryptography for the other side of mobile access.
const CRYPTOGRAPHY: (&str, &str) = ("bin/.cryptography", "cryptography>=48,<49");

/// The program that asks an API by its document.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    install(SCHEMATHESIS)
}

/// Lets `crates/access` find an interpreter that has what its peer needs.
pub(crate) fn cryptography() -> Result<()> {
    let mark = install(CRYPTOGRAPHY)?;
    Ok(std::fs::write(mark, CRYPTOGRAPHY.1)?)
}

/// Installs what is missing, and tells the file that shows that it is there.
fn install((file, wanted): (&str, &str)) -> Result<PathBuf> {
    let peers = workspace::target_dir()?.join("peers");
    let file = peers.join(file);
    if !file.exists() {
        workspace::run(Command::new("python3").args(["-m", "venv"]).arg(&peers))?;
        workspace::run(Command::new(peers.join("bin/pip")).args(["install", "--quiet", wanted]))?;
    }
    Ok(file)
}
