//! The bench: builds release programs and hands over to `vestibule-bench`.

use std::process::Command;

use anyhow::Result;

use crate::{browser, ui, workspace};

/// Measures, and writes `docs/benchmarks.md`.
pub(crate) fn run() -> Result<()> {
    ui::build(ui::Reader::Shell, true)?;
    let programs = workspace::release_programs()?;
    let pages = workspace::target_dir()?.join("pages.json");
    std::fs::write(&pages, browser::measure()?)?;
    let mut bench = Command::new(programs.join("vestibule-bench"));
    bench.arg("--folder").arg(workspace::target_dir()?.join("bench"));
    bench.arg("--wasm").arg(workspace::root().join("src-ui/dist/vestibule-ui_bg.wasm"));
    bench.arg("--later").arg(workspace::root().join("src-ui/dist/split_pages.wasm"));
    bench.arg("--pages").arg(pages);
    bench.arg("--page").arg(workspace::root().join("docs/benchmarks.md"));
    workspace::run(&mut bench)
}
