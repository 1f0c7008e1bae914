//! The display: the person's own, or a virtual one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// Where the windows are drawn.
pub enum Display {
    /// The person's own, by its name.
    Real(String),
    /// One that nobody sees.
    Virtual {
        /// Its name.
        name: String,
        /// The program that holds it.
        server: Child,
    },
}

impl Display {
    /// As `DISPLAY` names it.
    pub fn name(&self) -> &str {
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

/// Takes the display of the session; a machine without one gets a virtual one.
pub fn open(folder: &Path) -> Result<Display> {
    match std::env::var("DISPLAY") {
        Ok(name) => Ok(Display::Real(name)),
        Err(_) => open_virtual(folder),
    }
}

/// Starts a virtual display.
pub fn open_virtual(folder: &Path) -> Result<Display> {
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
