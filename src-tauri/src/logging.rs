//! The log: one file a day in the profile, and the terminal.

use std::path::Path;

use anyhow::Context;
use tracing::{Level, Metadata};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::platform;

/// Name of the environment variable that holds the filter, in the syntax of `tracing-subscriber`'s `EnvFilter`.
const FILTER: &str = "VESTIBULE_LOG";

/// Days that are kept.
const DAYS: usize = 14;

/// Starts the log. What was said last is written when the guard is dropped.
pub(crate) fn start(dir: &Path) -> anyhow::Result<WorkerGuard> {
    let context = || format!("opening a log in {}", dir.display());
    platform::private_folder(dir).with_context(context)?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("vestibule")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(dir)
        .with_context(context)?;
    let (files, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::builder()
        .with_env_var(FILTER)
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(tells_no_secret))
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .with(tracing_subscriber::fmt::layer().with_writer(files).with_ansi(false))
        .try_init()
        .context("starting the log")?;
    log_panics();
    Ok(guard)
}

/// The SIP stack says whole messages below a warning: answers to challenges, and codes of doors in INFO. No filter
/// that somebody sets to look for a fault may bring them into a file.
fn tells_no_secret(event: &Metadata<'_>) -> bool {
    !event.target().starts_with("rsipstack") || *event.level() <= Level::WARN
}

/// A window has no terminal: without this, nobody would ever read why a task ended.
fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!("{panic}");
        usual(panic);
    }));
}
