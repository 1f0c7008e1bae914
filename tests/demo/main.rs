//! The demo: an intercom in software rings the app, which is signed in at a building. With `--check` nobody sits at the screen, and the program does
//! what a resident would do, looks at what the screen shows, and says so in one line of JSON.
//!
//! It runs beside the app that the resident uses every day: a profile, a session bus and a keychain of its own, and
//! ports that are free.

mod check;
mod keyboard;
mod visitor;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;

use vestibule_tests::desk::building::Building;
use vestibule_tests::desk::intercom::Intercom;
use vestibule_tests::desk::{screen, session};

#[derive(Parser)]
#[command(name = "vestibule-demo", about)]
struct Arguments {
    /// Do what a resident would do, with nobody at the screen, and check all of it.
    #[arg(long)]
    check: bool,
    /// Folder for the profile, the logs and the screenshots; emptied first.
    #[arg(long)]
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if !session::is_inside() {
        return session::enter(&arguments.folder);
    }
    let folder = &arguments.folder;
    session::unlock_keychain().context("a keychain of its own")?;
    let display = if arguments.check { screen::open_virtual(folder)? } else { screen::open(folder)? };
    let mut intercom = Intercom::start(folder).await.context("the intercom in software")?;
    let mut building = Building::start(folder).await.context("the building")?;
    session::set_up_profile(folder, &intercom)?;
    if arguments.check {
        check::run(folder, &display, &mut intercom, &mut building).await
    } else {
        session::sign_in(&building)?;
        show(&display, &mut intercom).await
    }
}

/// The app for a person: the intercom rings as soon as the app is registered.
async fn show(display: &screen::Display, intercom: &mut Intercom) -> Result<()> {
    let mut app = tokio::process::Command::new(session::program("vestibule-app")?);
    let mut app =
        app.env("DISPLAY", display.name()).kill_on_drop(true).spawn().context("starting the app")?;
    if let screen::Display::Virtual { .. } = display {
        println!("There is no display here: the app runs on a virtual one, {}.", display.name());
    }
    intercom.until("registered").await?;
    intercom.order("call").await?;
    println!("Somebody is at the door. The code of Main door is sent when you press its button.");
    println!("Press Enter to ring again; close the app to end.");
    let mut lines = tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(tokio::io::stdin()));
    let mut typing = true;
    loop {
        tokio::select! {
            ended = app.wait() => {
                ended.context("the app")?;
                return Ok(());
            }
            event = intercom.next() => println!("The intercom: {}", event?),
            line = lines.next_line(), if typing => match line? {
                Some(_) => intercom.order("call").await?,
                // Nobody types: the app goes on.
                None => typing = false,
            },
        }
    }
}
