//! Looks for input that a parser cannot take: libFuzzer with AddressSanitizer, on the stable compiler.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// Coverage as libFuzzer wants it, which is what cargo-fuzz passes too.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address -Ccodegen-units=1";

/// What to fuzz.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Name of a target; without one they are listed
    target: Option<String>,
    /// For how long, in seconds
    #[arg(default_value_t = 60)]
    seconds: u32,
}

/// Runs one target from its corpus on. What it finds new goes below the target folder, what breaks into
/// `fuzz/artifacts/<target>/`.
pub(crate) fn run(args: &Args) -> Result<()> {
    let targets = targets()?;
    let Some(target) = &args.target else {
        println!("{}", targets.join("\n"));
        return Ok(());
    };
    ensure!(targets.contains(target), "there is no target {target}, only {}", targets.join(", "));

    let fuzz = workspace::root().join("fuzz");
    let built = workspace::target_dir()?.join("fuzz");
    let host = host()?;
    // The parsers are tried with the dependencies that ship.
    fs::copy(workspace::root().join("Cargo.lock"), fuzz.join("Cargo.lock"))?;
    let mut build = workspace::cargo("build");
    build
        .current_dir(&fuzz)
        .args(["--release", "--bin", "vestibule-fuzz", "--target", &host, "--target-dir"])
        .arg(&built)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", FLAGS);
    workspace::run(&mut build)?;

    let found = built.join("corpus").join(target);
    let artifacts = fuzz.join("artifacts").join(target);
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&artifacts)?;
    let mut program = Command::new(built.join(&host).join("release/vestibule-fuzz"));
    program
        .env("VESTIBULE_FUZZ_TARGET", target)
        // OpenH264 defines tables twice under one name; no input has a part in that.
        .env("ASAN_OPTIONS", "detect_odr_violation=0")
        .arg(format!("-max_total_time={}", args.seconds))
        .args(["-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args([found, fuzz.join("corpus").join(target)]);
    workspace::run(&mut program)
}

/// Each target has a folder of seeds; a test holds the two together.
fn targets() -> Result<Vec<String>> {
    let folders = fs::read_dir(workspace::root().join("fuzz/corpus"))?;
    let mut names: Vec<String> =
        folders.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

/// The triple of this machine. With a target named, the flags above stay away from build scripts.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}
