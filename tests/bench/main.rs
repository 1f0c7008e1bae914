//! Measures what a resident feels, ours beside baresip in one run, and writes `docs/benchmarks.md` as measured.
//!
//! One machine, loopback, release builds. Both phones are called by the same baresip, whose camera shows 720p at 25
//! frames a second over plain RTP.

mod app;
mod calls;
mod core;
mod peer;
mod report;
mod site;
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
    #[arg(long, required_unless_present = "site_only", conflicts_with = "site_only")]
    wasm: Option<PathBuf>,
    /// Every other page, fetched later.
    #[arg(long, required_unless_present = "site_only", conflicts_with = "site_only")]
    later: Option<PathBuf>,
    /// What was measured of the pages in a browser (`tests/ui/measure.mjs`).
    #[arg(long, required_unless_present = "site_only", conflicts_with = "site_only")]
    pages: Option<PathBuf>,
    /// The page to write.
    #[arg(long, required_unless_present = "site_only", conflicts_with = "site_only")]
    page: Option<PathBuf>,
    /// How many calls each median is of.
    #[arg(long, default_value_t = 30)]
    calls: usize,
    /// Measure the site server and the app at it alone, and write no page.
    #[arg(long)]
    site_only: bool,
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
    if !session::is_inside() && !arguments.site_only {
        return session::enter(&arguments.folder);
    }
    if !arguments.site_only {
        session::unlock_keychain().context("a keychain of its own")?;
    }
    let mut report = Report::new(arguments.calls);

    println!("the site server");
    let site = site::measure(&arguments.folder).await.context("the site server")?;
    println!("the app and a building");
    let app = app::measure(&arguments.folder).await.context("the app and a building")?;
    let Arguments { wasm: Some(wasm), later: Some(later), pages: Some(pages), page: Some(page), .. } =
        &arguments
    else {
        add_site(&mut report, &site);
        add_app(&mut report, &app);
        println!("{}", report.text()?);
        return Ok(());
    };

    let pages: Pages = serde_json::from_slice(&std::fs::read(pages)?)?;

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
    report.add(Figure::median("UI wasm for a call and Home, kB gzipped", 400.0, &[gzipped_kb(wasm)?]));
    report.add(Figure::median("UI wasm of every other page, kB gzipped", 400.0, &[gzipped_kb(later)?]));
    report.add(Figure::median("wasm there → first page usable, ms", 300.0, &pages.interactive));
    report.add(Figure::p95("key → screen on a list of any length, ms, p95", 50.0, &pages.input));
    report.add(Figure::p95("frame while 100,000 rows are scrolled, ms, p95", 16.8, &pages.frame));
    add_site(&mut report, &site);
    add_app(&mut report, &app);
    report.write(page)
}

fn add_site(report: &mut Report, site: &site::Measured) {
    report.add(Figure::p95("site server: changes with nothing new, ms, p95", 2.0, &site.changes));
    report.add(Figure::p95("site server: visitor made at 200 a second, ms, p95", 10.0, &site.visitors));
    report.add(Figure::p95("site server: search in 1,000,000 lines, ms, p95", 50.0, &site.searches));
    report.add(Figure::median("site server: memory with all that, MB", 150.0, &[site.memory]));
}

fn add_app(report: &mut Report, app: &app::Measured) {
    report.add(Figure::median(
        "app: start with 5,000 visitors → list from the cache, ms",
        100.0,
        &app.opening,
    ));
    report.add(Figure::p95("app: first page of 100,000 lines of the log, ms, p95", 5.0, &app.first_page));
    report.add(Figure::p95("app: search in 100,000 lines of the log, ms, p95", 30.0, &app.search));
    report.add(Figure::median("app: sign-in and first sync of 5,000 visitors, ms", 3_000.0, &app.first_sync));
    report.add(Figure::p95("app: visitor made on one device → on another, ms, p95", 1_000.0, &app.elsewhere));
}

/// Size as it travels, by gzip at its best.
fn gzipped_kb(wasm: &std::path::Path) -> Result<f64> {
    let output = std::process::Command::new("gzip").args(["-9", "-c"]).arg(wasm).output()?;
    anyhow::ensure!(output.status.success(), "gzip: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout.len() as f64 / 1000.0)
}
