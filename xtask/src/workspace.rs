//! Where the repository and its build output are, and how its own cargo is called.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::MetadataCommand;

/// The packages, as arguments of cargo, in three parts that are each built by themselves.
///
/// Cargo gives a dependency the features that all packages of one call ask for, and builds it again for a call that
/// asks for others. The core and the programs around it are what the demo, the tests and clippy have in common; the
/// UI and xtask would each change the features of half of its dependencies.
const PARTS: [&[&str]; 3] = [
    &["--workspace", "--exclude", "vestibule-ui", "--exclude", "xtask"],
    &["--package", "vestibule-ui", "--all-features"],
    &["--package", "xtask"],
];

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where cargo writes what it builds; `CARGO_TARGET_DIR` moves it.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec()?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// The cargo that built this program, at the root of the repository.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).arg(subcommand);
    command
}

/// Runs a command of cargo for each of [`PARTS`].
pub(crate) fn each_part(command: impl Fn(&[&str]) -> Command) -> Result<()> {
    PARTS.iter().try_for_each(|part| run(&mut command(part)))
}

/// Builds the debug programs, in one go with what the tests need of them, and tells their folder.
pub(crate) fn programs() -> Result<PathBuf> {
    let [core, ..] = PARTS;
    run(cargo("build").args(core).arg("--bins"))?;
    Ok(target_dir()?.join("debug"))
}

/// Builds the programs as they are shipped, and tells their folder.
pub(crate) fn release_programs() -> Result<PathBuf> {
    let [core, ..] = PARTS;
    run(cargo("build").args(core).args(["--bins", "--release"]))?;
    Ok(target_dir()?.join("release"))
}

/// Runs a command to its end, on this terminal. Any end but a successful one is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?} could not be started"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
