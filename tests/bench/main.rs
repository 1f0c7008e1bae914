//! Measures what a resident feels, ours beside baresip in one run, and writes `docs/benchmarks.md` as measured.
//!
//! One machine, loopback, release builds. Both phones are called by the same baresip, whose camera shows 720p at 25
//! frames a second over plain RTP.

mod calls;
mod core;
mod peer;
mod report;
mod windows;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use serde::Deserialize;
use vestibule_tests::desk::session;

use report::{Figure, Report};

#[derive(Parser)]
#[command(name = "vestibule-bench", about)]
struct Arguments {
    /// Folder for profiles and logs; emptied first.
    #[arg(long)]
    folder: PathBuf,
    /// The compiled UI: what a call and Home need.
    #[arg(long)]
    wasm: PathBuf,
    /// Every other page, fetched later.
    #[arg(long)]
    later: PathBuf,
    /// What was measured of the pages in a browser (`tests/ui/measure.mjs`).
    #[arg(long)]
    pages: PathBuf,
    /// The page to write.
    #[arg(long)]
    page: PathBuf,
    /// How many calls each median is of.
    #[arg(long, default_value_t = 30)]
    calls: usize,
}

/// In milliseconds each.
#[derive(Deserialize)]
struct Pages {
    interactive: Vec<f64>,
    input: Vec<f64>,
    frame: Vec<f64>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if !session::is_inside() {
        return session::enter(&arguments.folder);
    }
    session::unlock_keychain().context("a keychain of its own")?;
    let mut report = Report::new(arguments.calls);

    let pages: Pages = serde_json::from_slice(&std::fs::read(&arguments.pages)?)?;

    println!("calls to baresip");
    let theirs = peer::measure(arguments.calls).await.context("baresip beside us")?;
    println!("calls to the core");
    let ours = core::measure(arguments.calls).await.context("our core")?;
    println!("calls to the window");
    let windows = windows::measure(&arguments.folder, arguments.calls).await.context("our window")?;

    report.add(Figure::median("INVITE → 180, ms", 20.0, &ours.ringing).beside(&theirs.ringing));
    report.add(Figure::p95("INVITE → call on screen, ms, p95", 100.0, &windows.on_screen));
    report.add(
        Figure::median("answer → first decoded frame, ms", 100.0, &ours.first_frame)
            .beside(&theirs.first_frame),
    );
    report.add(Figure::p95("last packet of a frame → decoder, ms, p95", 5.0, &ours.to_decoder));
    report.add(Figure::median("switch pressed → first telephone-event packet, ms", 10.0, &ours.first_digit));
    report.add(Figure::median("core at 720p25, % of one core", 10.0, &[ours.cpu]).beside(&[theirs.cpu]));
    report.add(Figure::median("start → usable window, ms", 1_500.0, &windows.start));
    report.add(Figure::median(
        "UI wasm for a call and Home, kB gzipped",
        400.0,
        &[gzipped_kb(&arguments.wasm)?],
    ));
    report.add(Figure::median(
        "UI wasm of every other page, kB gzipped",
        400.0,
        &[gzipped_kb(&arguments.later)?],
    ));
    report.add(Figure::median("wasm there → first page usable, ms", 300.0, &pages.interactive));
    report.add(Figure::p95("key → screen on a list of any length, ms, p95", 50.0, &pages.input));
    report.add(Figure::p95("frame while 100,000 rows are scrolled, ms, p95", 16.7, &pages.frame));
    report.write(&arguments.page)
}

/// Size as it travels, by gzip at its best.
fn gzipped_kb(wasm: &std::path::Path) -> Result<f64> {
    let output = std::process::Command::new("gzip").args(["-9", "-c"]).arg(wasm).output()?;
    anyhow::ensure!(output.status.success(), "gzip: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout.len() as f64 / 1000.0)
}
