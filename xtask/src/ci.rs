//! Everything that a change must pass, in one run.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::workspace::each_part;
use crate::{arrows, test, ui, wasm, workspace};

type Check = fn(&test::Args) -> Result<()>;

const CHECKS: &[(&str, Check)] = &[
    ("ui", |_| ui::build(ui::Reader::Shell, true)),
    ("test", test::run),
    ("fmt", |_| workspace::run(workspace::cargo("fmt").args(["--all", "--check"]))),
    ("clippy", |_| clippy()),
    ("doc", |_| doc()),
    ("arrows", |_| arrows::prove()),
    ("wasm", |_| browser()),
];

/// Runs the checks in order and stops at the first that fails; says how long each took.
pub(crate) fn run(args: &test::Args) -> Result<()> {
    let mut took: Vec<(&str, Duration)> = Vec::new();
    let begun = Instant::now();
    for (name, check) in CHECKS {
        println!("\n== {name}");
        let started = Instant::now();
        check(args).with_context(|| format!("{name} failed after {:.1?}", started.elapsed()))?;
        took.push((name, started.elapsed()));
    }
    println!();
    for (name, time) in took {
        println!("{name:8} {:7.1} s", time.as_secs_f64());
    }
    println!("{:8} {:7.1} s", "all", begun.elapsed().as_secs_f64());
    Ok(())
}

fn clippy() -> Result<()> {
    each_part(|part| {
        let mut clippy = workspace::cargo("clippy");
        clippy.args(part).args(["--all-targets", "--", "-D", "warnings"]);
        clippy
    })
}

fn doc() -> Result<()> {
    each_part(|part| {
        let mut doc = workspace::cargo("doc");
        doc.args(part).arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings");
        doc
    })
}

/// The crates that run in a browser compile for one, each by itself: none leans on what another switched on.
fn browser() -> Result<()> {
    for package in ["vestibule-model", "vestibule-ipc", "vestibule-ui"] {
        workspace::run(wasm::cargo("check")?.args(["--profile", "wasm", "--package", package]))?;
    }
    Ok(())
}
