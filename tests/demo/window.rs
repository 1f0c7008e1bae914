//! The app's real windows, driven by WebKitWebDriver (W3C WebDriver).

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tokio::process::{Child, Command};
use vestibule_tests::free_port;

use crate::intercom::PATIENCE;
use crate::screen::Display;
use crate::session::program;

pub(crate) struct App {
    client: Client,
    _driver: Child,
    folder: PathBuf,
    pub(crate) screenshots: Vec<String>,
}

impl App {
    /// Starts the app under the driver, and waits until its main window can be used.
    pub(crate) async fn start(folder: &Path, display: &Display) -> Result<Self> {
        let port = free_port();
        let log = std::fs::File::create(folder.join("app.log"))?;
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", display.name())
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("WebKitWebDriver is missing: run ./dev setup")?;
        let options = json!({ "binary": program("vestibule-app")?, "args": [] });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities);
        let url = format!("http://127.0.0.1:{port}");
        let client = within("the app starts", async || Ok(builder.connect(&url).await.ok())).await?;
        Ok(Self { client, _driver: driver, folder: folder.to_owned(), screenshots: Vec::new() })
    }

    /// Goes to the window whose address ends with `hash`.
    pub(crate) async fn go_to_window(&self, hash: &str) -> Result<()> {
        within(&format!("the window {hash}"), async || {
            for window in self.client.windows().await? {
                self.client.switch_to_window(window).await?;
                if self.client.current_url().await?.fragment().unwrap_or_default().contains(hash) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits for an element.
    pub(crate) async fn find(&self, xpath: &str) -> Result<Element> {
        within(xpath, async || Ok(self.client.find(Locator::XPath(xpath)).await.ok())).await
    }

    /// Waits until an element can be seen, and presses it.
    pub(crate) async fn press(&self, xpath: &str) -> Result<()> {
        let element = self.find(xpath).await?;
        within(&format!("{xpath} on the screen"), async || Ok(element.is_displayed().await?.then_some(())))
            .await?;
        element.click().await.with_context(|| format!("pressing {xpath}"))
    }

    /// Waits until the page shows this text.
    pub(crate) async fn read(&self, text: &str) -> Result<()> {
        self.find(&format!("//*[contains(normalize-space(.), \"{text}\")]")).await.map(|_| ())
    }

    /// Waits until a script returns true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Result<()> {
        within(what, async || {
            Ok(self.client.execute(script, Vec::new()).await?.as_bool().unwrap_or(false).then_some(()))
        })
        .await
    }

    /// What a script returns.
    pub(crate) async fn ask(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// A picture of the window, as PNG; also kept in the folder.
    pub(crate) async fn screenshot(&mut self, name: &str) -> Result<Vec<u8>> {
        let png = self.client.screenshot().await?;
        let path = self.folder.join(format!("{name}.png"));
        std::fs::write(&path, &png)?;
        self.screenshots.push(path.display().to_string());
        Ok(png)
    }

    /// Closes the app.
    pub(crate) async fn close(self) -> Result<Vec<String>> {
        self.client.close().await?;
        Ok(self.screenshots)
    }
}

/// Asks again until there is an answer. A driver has no events: this is the one place that asks by the clock.
async fn within<T>(what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let mut pause = tokio::time::interval(Duration::from_millis(50));
    let asked = tokio::time::timeout(PATIENCE, async {
        loop {
            pause.tick().await;
            if let Some(found) = ask().await? {
                return anyhow::Ok(found);
            }
        }
    });
    match asked.await {
        Ok(found) => found,
        Err(_) => bail!("in vain: {what}"),
    }
}
