//! The intercom of the demo: `vestibule-sim --help`.

mod args;

use std::io::{BufRead as _, Write as _};

use anyhow::Context as _;
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use vestibule_sim::report::Report;
use vestibule_sim::{Intercom, Order};

use crate::args::Args;

#[tokio::main]
async fn main() -> Result<(), anyhow::Error> {
    // Standard output belongs to the reports.
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args = Args::parse();
    let until_eof = args.until_eof;
    let (intercom, reports) = Intercom::start(args.setup()?).await.context("the intercom did not start")?;
    let printer = tokio::spawn(print(reports));
    operate(&intercom, until_eof).await?;
    intercom.stop().await;
    printer.await.context("the reports could not be printed")?
}

/// Obeys standard input until it says `quit` or a signal comes.
async fn operate(intercom: &Intercom, until_eof: bool) -> Result<(), anyhow::Error> {
    let mut lines = lines()?;
    let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
    let mut input_ended = false;
    loop {
        tokio::select! {
            line = lines.recv(), if !input_ended => match line.as_deref().map(str::trim) {
                Some("call") => intercom.order(Order::Call).await,
                Some("cancel") => intercom.order(Order::Cancel).await,
                Some("hang_up") => intercom.order(Order::HangUp).await,
                Some("quit") => return Ok(()),
                Some("") => {}
                Some(unknown) => tracing::warn!(unknown, "the orders are call, cancel, hang_up and quit"),
                None if until_eof => return Ok(()),
                None => input_ended = true,
            },
            _ = tokio::signal::ctrl_c() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        }
    }
}

/// The lines of standard input. They are read on a thread that nothing waits for at the end: reading cannot be
/// cancelled, and tokio's own standard input would hold the program until the next line.
fn lines() -> Result<mpsc::Receiver<String>, anyhow::Error> {
    let (lines, receiver) = mpsc::channel(16);
    let read = move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(read)
        .context("no thread for standard input")?;
    Ok(receiver)
}

/// One JSON object to a line, at once.
async fn print(mut reports: mpsc::UnboundedReceiver<Report>) -> Result<(), anyhow::Error> {
    while let Some(report) = reports.recv().await {
        let line = serde_json::to_string(&report)?;
        writeln!(std::io::stdout(), "{line}").context("nobody reads the reports")?;
    }
    Ok(())
}
