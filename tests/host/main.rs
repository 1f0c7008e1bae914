//! A whole building on loopback: site server, exchange and intercoms in software, for whoever wants to try the app, a
//! telephone or the server's pages on it. `./dev building`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use vestibule_tests::desk::building::{Building, EMAIL, OFFICE, PASSWORD};
use vestibule_tests::desk::exchange::{Bell, Door};

/// What the intercoms are, in the order of their numbers.
const DOORS: [Door; 2] = [
    Door { name: "Main entrance", switch: ("Main door", "door", "00*") },
    Door { name: "Courtyard gate", switch: ("Gate", "gate", "11*") },
];

#[derive(Parser)]
#[command(name = "vestibule-building", about)]
struct Arguments {
    /// Folder for the data and the logs; emptied first.
    #[arg(long)]
    folder: PathBuf,
    /// Port of the site server on loopback.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { folder, port } = Arguments::parse();
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("the folder cannot be emptied")?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut building = Building::with_exchange(&folder, port).await?;
    let kamailio = building.exchange();
    let (said, mut heard) = mpsc::unbounded_channel();
    let mut bells = Vec::new();
    for door in &DOORS {
        let bell = building.bell(door, &folder).await.with_context(|| door.name.to_owned())?;
        let (presses, pressed) = mpsc::channel(1);
        tokio::spawn(attend(bell, door.name, pressed, said.clone()));
        bells.push(presses);
    }
    println!("Site server  {}  (its pages: {}/admin)", building.url(), building.url());
    println!("Exchange     sip:{}", kamailio.address());
    println!("Resident     {EMAIL}, password: {PASSWORD}");
    println!("Office       {OFFICE}, the same password");
    println!("Link         {}", building.link().await?);
    println!(
        "Sign in, in Settings or with the link; then type the number of a door to ring, or l for another link:"
    );
    for (number, door) in (1..).zip(&DOORS) {
        println!("  {number}  {}", door.name);
    }
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        tokio::select! {
            line = lines.next_line() => match line?.as_deref().map(str::trim) {
                None => return Ok(()),
                Some("l") => println!("{}", building.link().await?),
                Some(number) => {
                    let chosen = number.parse::<usize>().ok().and_then(|number| bells.get(number.checked_sub(1)?));
                    match chosen {
                        Some(bell) => bell.send(()).await.context("the intercom has gone")?,
                        None => println!("1 to {}, or l", bells.len()),
                    }
                }
            },
            Some(line) = heard.recv() => println!("{line}"),
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
    }
}

/// Presses the button when told to, and passes on what the intercom says.
async fn attend(
    mut bell: Bell,
    name: &'static str,
    mut presses: mpsc::Receiver<()>,
    said: mpsc::UnboundedSender<String>,
) -> Result<()> {
    loop {
        let line = tokio::select! {
            Some(()) = presses.recv() => match bell.press().await {
                Ok(()) => continue,
                Err(error) => format!("{name}: {error:#}"),
            },
            event = bell.next() => match event {
                Ok(event) => format!("{name}: {event}"),
                Err(error) => {
                    said.send(format!("{name}: {error:#}")).ok();
                    return Err(error);
                }
            },
        };
        said.send(line).ok();
    }
}
