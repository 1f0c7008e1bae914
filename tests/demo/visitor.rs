//! A visitor who is made without a network, and comes in with both codes; a report that gets a number. By keyboard,
//! but for what a keyboard path of the browser's tests covers already.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use vestibule_tests::desk::building::{self, Building, Code};
use vestibule_tests::desk::window::{App, Key, Window};

/// How a whole PNG ends (W3C PNG, 11.2.5), with its check.
const IEND: &[u8] = b"IEND\xae\x42\x60\x82";

/// Signs the app in, in its window, and does all of it.
pub(crate) async fn walk(app: &mut App, building: &mut Building, folder: &Path) -> Result<Value> {
    app.go_to(Window::Main).await?;
    ask_about_link(app, building).await.context("a link that the system opens")?;
    sign_in(app, building).await.context("signing in")?;
    app.screenshot("5-building").await?;

    building.close().await?;
    make(app).await.context("making a visitor offline")?;
    app.find("//*[@data-testid='visitor-card']").await?;
    let pin = "return document.querySelector('[data-testid=pin]') !== null";
    let way_out = "return document.querySelector('[data-testid=copy-pin]') !== null";
    let queued = app.ask(pin).await? == false && app.ask(way_out).await? == false;
    ensure!(queued, "there is a PIN, or a way to share it, before a server made one");
    app.screenshot("6-made-offline").await?;

    building.open().await?;
    let pin: String = app.text_of("pin").await?.chars().filter(char::is_ascii_digit).collect();
    app.screenshot("7-with-pin").await?;
    share(app, folder).await.context("sharing")?;
    let on_server = building.visitors().await?.len() == 1;
    let qr = app.ask_promise(
        "window.__TAURI__.core.invoke('list_visitors', { args: {} }).then(all => all[0].codes.qr)",
    );
    let qr = qr.await?.as_str().context("a QR code")?.to_owned();
    let pin_opened = building.opens_for(Code::Pin(&pin)).await?;
    let qr_opened = building.opens_for(Code::Qr(&qr)).await?;

    app.open("#/access").await?;
    app.until(
        "both in the access log",
        "return document.querySelectorAll('[data-testid=access-row]').length === 2",
    )
    .await?;
    app.screenshot("8-access").await?;
    let ticket = report(app).await.context("reporting a problem")?;
    app.screenshot("9-ticket").await?;
    ensure!(on_server && pin_opened && qr_opened, "server {on_server}, PIN {pin_opened}, QR {qr_opened}");
    Ok(json!({
        "queued": queued,
        "on_server": on_server,
        "pin_opened": pin_opened,
        "qr_opened": qr_opened,
        "access_rows": 2,
        "ticket": ticket,
    }))
}

/// A link only asks: its server stands on the screen, and nothing is done.
async fn ask_about_link(app: &App, building: &Building) -> Result<()> {
    app.open_link(&format!("vestibule://provision?server={}&token=made-up", building.url())).await?;
    let asked = app.text_of("sign-in-link-server").await?;
    ensure!(building.url().ends_with(&asked), "the screen asks about {asked}");
    app.press("sign-in-back").await
}

async fn sign_in(app: &App, building: &Building) -> Result<()> {
    app.open("#/home").await?;
    app.open("#/sign-in").await?;
    app.write("sign-in-server", building.url()).await?;
    app.write("sign-in-email", building::EMAIL).await?;
    app.write("sign-in-password", building::PASSWORD).await?;
    app.type_key(Key::Enter).await?;
    app.find("//nav//a[@href='#/visitors']").await?;
    app.read("Sample house").await
}

/// A guest, by the keyboard.
async fn make(app: &App) -> Result<()> {
    app.tab_to(".nav-item[href='#/visitors']").await?;
    app.type_key(Key::Enter).await?;
    app.until("the visitors", "return location.hash === '#/visitors'").await?;
    app.type_key('n').await?;
    app.find("//*[@data-testid='visitor-form']").await?;
    app.press("preset-guest").await?;
    app.tab_to("[data-testid=make]").await?;
    app.type_key(Key::Enter).await
}

/// The card as a picture in the folder for downloads, and the PIN on the clipboard, by the keyboard.
async fn share(app: &App, folder: &Path) -> Result<()> {
    app.tab_to("[data-testid=copy-pin]").await?;
    app.type_key(Key::Enter).await?;
    app.read("PIN copied").await?;
    app.tab_to("[data-testid=save-png]").await?;
    app.type_key(Key::Enter).await?;
    app.read("Saved as visitor-Guest.png").await?;
    let saved = folder.join("home/downloads/visitor-Guest.png");
    let whole = || std::fs::read(&saved).is_ok_and(|png| png.starts_with(b"\x89PNG") && png.ends_with(IEND));
    vestibule_tests::wait_until("the card is saved", || std::future::ready(whole())).await;
    Ok(())
}

/// From Settings to a number, by the keyboard.
async fn report(app: &App) -> Result<String> {
    app.tab_to(".nav-item[href='#/settings']").await?;
    app.type_key(Key::Enter).await?;
    app.tab_to(".row[href='#/report']").await?;
    app.type_key(Key::Enter).await?;
    app.find("//*[@data-testid='contact-row']").await?;
    app.tab_to("[data-testid=support-start]").await?;
    app.type_key(Key::Enter).await?;
    app.tab_to("[data-testid=support-text]").await?;
    app.type_text("The picture stays dark at night.").await?;
    app.tab_to("[data-testid=support-next]").await?;
    app.type_key(Key::Enter).await?;
    app.tab_to("[data-testid=support-email]").await?;
    app.type_text(building::EMAIL).await?;
    app.tab_to("[data-testid=support-next]").await?;
    app.type_key(Key::Enter).await?;
    app.tab_to("[data-testid=support-send]").await?;
    app.type_key(Key::Enter).await?;
    app.text_of("ticket-number").await
}
