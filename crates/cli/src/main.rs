//! `vestibule`: the app's use-cases without a window.

mod answer;
mod doctor;
mod history;
mod household;
mod profile;
mod report;
mod setup;
mod site;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing::Level;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

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
    /// Sign in at the site server of a building. Password or link are read from the environment or standard input.
    SignIn(site::SignIn),
    /// List the visitors with their PINs.
    Visitors(site::Visitors),
    /// Make or change a visitor.
    #[command(subcommand)]
    Visitor(site::VisitorVerb),
    /// List the people of your apartments, or add, change and remove them; for who administers the apartment.
    Household(household::Household),
    /// Check server, ports, codecs, sound and keychain, and say what to do.
    Doctor(doctor::Doctor),
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("VESTIBULE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Standard output carries what was asked for; what the program says about itself goes beside it. The SIP stack
    // writes whole messages, with digests and codes, below a warning: no filter may bring those into a log.
    let no_secrets =
        filter_fn(|event| !event.target().starts_with("rsipstack") || *event.level() <= Level::WARN);
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(no_secrets);
    tracing_subscriber::registry().with(filter).with(log).init();
    let Arguments { profile, verb } = Arguments::parse();
    let done = match verb {
        Verb::Answer(answer) => answer.run(&profile).await,
        Verb::Account(account) => account.run(&profile).await,
        Verb::Intercom(intercoms) => intercoms.run(&profile).await,
        Verb::History(history) => history.run(&profile).await,
        Verb::SignIn(sign_in) => sign_in.run(&profile).await,
        Verb::Visitors(visitors) => visitors.run(&profile).await,
        Verb::Visitor(verb) => verb.run(&profile).await,
        Verb::Household(household) => household.run(&profile).await,
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
