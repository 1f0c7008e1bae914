//! `vestibule`: the app's use-cases without a window.

mod answer;
mod doctor;
mod history;
mod profile;
mod report;
mod setup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Answer the intercom, open doors and look at the history from a terminal.
#[derive(Parser)]
#[command(name = "vestibule", version)]
struct Arguments {
    #[command(flatten)]
    profile: profile::ProfileArguments,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Register, wait for calls, answer them, and print what happens.
    Answer(answer::Answer),
    /// Set up the SIP account, or show it. The password is read from the environment or from standard input.
    Account(setup::Account),
    /// Add an intercom, or list them.
    Intercom(setup::Intercoms),
    /// Print the call history.
    History(history::History),
    /// Check server, ports, codecs, sound and keychain, and say what to do.
    Doctor(doctor::Doctor),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("VESTIBULE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Standard output carries what was asked for; what the program says about itself goes beside it.
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let Arguments { profile, verb } = Arguments::parse();
    let done = match verb {
        Verb::Answer(answer) => answer.run(&profile).await,
        Verb::Account(account) => account.run(&profile).await,
        Verb::Intercom(intercoms) => intercoms.run(&profile).await,
        Verb::History(history) => history.run(&profile).await,
        Verb::Doctor(doctor) => doctor.run(&profile).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vestibule: {error:#}");
            ExitCode::FAILURE
        }
    }
}
