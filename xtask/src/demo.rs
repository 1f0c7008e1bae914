//! The demo: builds what it needs and hands over to `vestibule-demo`.

use std::process::Command;

use anyhow::Result;

use crate::{ui, workspace};

/// Who looks at the screen.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Nobody: do what a resident would do, and check all of it
    #[arg(long)]
    pub(crate) check: bool,
}

/// An intercom in software rings the app, on a profile of its own below the target folder.
pub(crate) fn run(args: &Args) -> Result<()> {
    ui::build(ui::Reader::Shell, true)?;
    let mut demo = Command::new(workspace::programs()?.join("vestibule-demo"));
    demo.arg("--folder").arg(workspace::target_dir()?.join("demo"));
    if args.check {
        demo.arg("--check");
    }
    workspace::run(&mut demo)
}
