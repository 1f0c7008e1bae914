//! The display: the person's own, or a virtual one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

pub(crate) enum Display {
    Real(String),
    Virtual { name: String, server: Child },
}

impl Display {
    /// As `DISPLAY` names it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Real(name) | Self::Virtual { name, .. } => name,
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Self::Virtual { server, .. } = self {
            // It is the last program of the session; if it has gone already, so much the better.
            let _gone = server.kill().and_then(|()| server.wait());
        }
    }
}

/// Takes the display of the session; a check, or a machine without one, gets a virtual one.
pub(crate) fn open(folder: &Path, check: bool) -> Result<Display> {
    match std::env::var("DISPLAY") {
        Ok(name) if !check => Ok(Display::Real(name)),
        _ => start_virtual(folder),
    }
}

fn start_virtual(folder: &Path) -> Result<Display> {
    let log = std::fs::File::create(folder.join("display.log"))?;
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .context("Xvfb is missing: run ./dev setup")?;
    let mut number = String::new();
    BufReader::new(server.stdout.take().context("it tells its number")?).read_line(&mut number)?;
    Ok(Display::Virtual { name: format!(":{}", number.trim()), server })
}
