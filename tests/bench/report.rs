//! The page of figures.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

/// One line of the page.
pub(crate) struct Figure {
    name: &'static str,
    limit: f64,
    ours: f64,
    spread: String,
    theirs: Option<f64>,
}

impl Figure {
    pub(crate) fn median(name: &'static str, limit: f64, ours: &[f64]) -> Self {
        Self { name, limit, ours: quantile(ours, 0.5), spread: spread(ours), theirs: None }
    }

    pub(crate) fn p95(name: &'static str, limit: f64, ours: &[f64]) -> Self {
        Self { name, limit, ours: quantile(ours, 0.95), spread: spread(ours), theirs: None }
    }

    /// The median of baresip's.
    pub(crate) fn beside(self, theirs: &[f64]) -> Self {
        Self { theirs: Some(quantile(theirs, 0.5)), ..self }
    }
}

pub(crate) struct Report {
    calls: usize,
    figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn new(calls: usize) -> Self {
        Self { calls, figures: Vec::new() }
    }

    pub(crate) fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Writes the page, and prints it.
    pub(crate) fn write(&self, page: &Path) -> Result<()> {
        let text = self.text()?;
        std::fs::write(page, &text)?;
        println!("{text}");
        Ok(())
    }

    /// The page.
    pub(crate) fn text(&self) -> Result<String> {
        let mut text = format!(
            "# Benchmarks\n\nWritten by `./dev bench` on {}, as measured. {}.\n\n\
             One machine, loopback, release builds, medians of {} calls unless a line says otherwise. baresip 1.0.0 calls \
             our core and, in the same run, another baresip: 1280×720 at 25 frames a second, plain RTP, PCMA. The window \
             is the real one, drawn by the processor on a virtual display. baresip's load holds the decoding of the \
             picture, which our core leaves to the window. Figures of pages are from Chromium, with no GPU either; keys are told \
             in steps of 8 ms, frames in steps of 0.1 ms, so that sixty a second read 16.6 to 16.8. The site server has 10,000 residents and a million lines in its log, and is asked by residents \
             and by an administrator of all of it.\n\n\
             | figure | limit | ours | min – median – max | baresip | |\n|---|---|---|---|---|---|\n",
            said("date", &["-u", "+%Y-%m-%d"]),
            machine(),
            self.calls,
        );
        for Figure { name, limit, ours, spread, theirs } in &self.figures {
            let theirs = theirs.map(|theirs| format!("{theirs:.1}")).unwrap_or_default();
            let verdict = if ours <= limit { "met" } else { "**missed**" };
            writeln!(text, "| {name} | {limit} | {ours:.1} | {spread} | {theirs} | {verdict} |")?;
        }
        Ok(text)
    }
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = said("uname", &["-sr"]);
    // What comes after the version is the distribution's own.
    let kernel = kernel.split('-').next().unwrap_or_default();
    format!("{cores} cores, {}, {kernel}", model.trim_start_matches([' ', '\t', ':']))
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn spread(values: &[f64]) -> String {
    let at = |share| quantile(values, share);
    format!("{:.1} – {:.1} – {:.1}", at(0.0), at(0.5), at(1.0))
}

/// The value below which this share of the values lies (nearest rank).
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_nearest_rank() {
        let values: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!((quantile(&values, 0.0), quantile(&values, 0.5)), (1.0, 10.0));
        assert_eq!((quantile(&values, 0.95), quantile(&values, 1.0)), (19.0, 20.0));
    }
}
