//! A building to sign in at: builds what it needs and hands over to `vestibule-building`.

use std::process::Command;

use anyhow::Result;

use crate::workspace;

/// Where it is served.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port of the site server on loopback
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// Site server, exchange and intercoms in software, below the target folder, until the input ends.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut building = Command::new(workspace::programs()?.join("vestibule-building"));
    building.arg("--folder").arg(workspace::target_dir()?.join("building"));
    building.args(["--port", &args.port.to_string()]);
    workspace::run(&mut building)
}
