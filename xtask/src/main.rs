//! Chores of the repository. `./dev` calls them after it has looked for what they need.

mod arrows;
mod bench;
mod browser;
mod building;
mod ci;
mod demo;
mod fuzz;
mod peers;
mod pseudo;
mod serve;
mod site;
mod test;
mod ui;
mod wasm;
mod workspace;

use std::process::Command;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Prove the arrows between the crates
    Arrows,
    /// Measure, beside a peer, and write docs/benchmarks.md
    Bench,
    /// A building on loopback: site server, exchange, intercoms in software
    Building(building::Args),
    /// Run everything that a change must pass
    Ci(test::Args),
    /// Let an intercom in software ring the app
    Demo(demo::Args),
    /// Look for input that a parser cannot take
    Fuzz(fuzz::Args),
    /// Start the app on your own profile
    Run,
    /// Serve the UI alone, on a fake backend, to a browser on this machine
    Serve(serve::Args),
    /// Take a picture of every page of the UI
    Shots,
    /// Run all tests
    Test(test::Args),
    /// Build the UI
    Ui {
        /// Quicker to build, bigger to load
        #[arg(long)]
        dev: bool,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Arrows => arrows::prove(),
        Chore::Bench => bench::run(),
        Chore::Building(args) => building::run(&args),
        Chore::Ci(args) => ci::run(&args),
        Chore::Demo(args) => demo::run(&args),
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Run => run(),
        Chore::Serve(args) => serve::run(&args),
        Chore::Shots => browser::shots(),
        Chore::Test(args) => test::run(&args),
        Chore::Ui { dev } => ui::build(ui::Reader::Shell, !dev),
    }
}

/// The app, as a debug build, on the user's own profile.
fn run() -> Result<()> {
    ui::build(ui::Reader::Shell, true)?;
    workspace::run(&mut Command::new(workspace::programs()?.join("vestibule-app")))
}
