//! All tests: of the crates, against real peers, the fuzz corpora, the UI and the pages of the site server in a
//! browser, and the demo with nobody at the screen.

use anyhow::Result;

use crate::{browser, demo, peers, site, ui, workspace};

/// What may be left out.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Let the cases pass that need baresip, Kamailio or SIPp, where these are missing
    #[arg(long)]
    without_peers: bool,
}

/// Runs all tests. The shell embeds the UI when it is compiled, so the UI is built first.
pub(crate) fn run(args: &Args) -> Result<()> {
    ui::build(ui::Reader::Shell, true)?;
    workspace::programs()?;
    if !args.without_peers {
        peers::cryptography()?;
    }
    workspace::each_part(|part| {
        let mut tests = workspace::cargo("test");
        tests.args(part);
        if args.without_peers {
            tests.env("VESTIBULE_WITHOUT_PEERS", "1");
        }
        tests
    })?;
    browser::test()?;
    site::pages()?;
    if !args.without_peers {
        site::api()?;
    }
    demo::run(&demo::Args { check: true })
}
