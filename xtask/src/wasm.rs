//! Which compiler builds for the browser: rustup's where it has the target, else Debian's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The browser's target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler for its browsers; its package `rust-web-src` holds the standard library as source.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// `cargo <subcommand> --target wasm32-unknown-unknown`, with what the compiler found here needs on top.
///
/// It has a target folder of its own, [`target_dir`], so that the UI and the core can be built at the same
/// time, and two compilers do not take turns in one.
pub(crate) fn cargo(subcommand: &str) -> Result<Command> {
    let mut command = if has_target("rustc")? {
        workspace::cargo(subcommand)
    } else if Path::new(DEBIAN_CARGO).exists() && has_source(DEBIAN_RUSTC)? {
        debian_cargo(subcommand)
    } else {
        bail!("no compiler here builds for {TARGET}: run ./dev setup");
    };
    command.args(["--target", TARGET, "--target-dir"]).arg(target_dir()?);
    Ok(command)
}

/// Where [`cargo`] writes; below it come `wasm32-unknown-unknown/<profile>/`.
pub(crate) fn target_dir() -> Result<PathBuf> {
    Ok(workspace::target_dir()?.join("wasm"))
}

/// Debian packages the standard library for this target as source only, and building it is still unstable.
fn debian_cargo(subcommand: &str) -> Command {
    let mut command = Command::new(DEBIAN_CARGO);
    command
        .current_dir(workspace::root())
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // `cargo run` points it at rustup's libraries, which are not this compiler's.
        .env_remove("LD_LIBRARY_PATH")
        .args([subcommand, "-Zbuild-std=std,panic_abort"]);
    command
}

fn has_target(rustc: &str) -> Result<bool> {
    Ok(sysroot(rustc)?.join("lib/rustlib").join(TARGET).exists())
}

fn has_source(rustc: &str) -> Result<bool> {
    Ok(sysroot(rustc)?.join("lib/rustlib/src/rust/library/std").exists())
}

fn sysroot(rustc: &str) -> Result<PathBuf> {
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .with_context(|| format!("{rustc} could not be started"))?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}
