//! The app's real windows, driven by WebKitWebDriver (W3C WebDriver).

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::free_port;
use anyhow::{Context, Result, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
pub use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tokio::process::{Child, Command};

use super::intercom::PATIENCE;
use super::screen::Display;
use super::session::{self, program};

/// Has the page drawn anew over and over, with nothing to be seen of it.
const FLICKER: &str = "window.flicker = setInterval(() => {
        document.body.style.opacity = document.body.style.opacity ? '' : '0.999';
    }, 50);";
/// Leaves the page alone again: what is drawn takes the processor from a call that rings.
const REST: &str = "clearInterval(window.flicker); document.body.style.opacity = '';";

/// A window of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Home, history, settings.
    Main,
    /// The call on top of everything.
    Call,
}

/// The running app, with the driver that holds it.
pub struct App {
    client: Client,
    _driver: Child,
    folder: PathBuf,
    display: String,
    /// Where the screenshots of this run are.
    pub screenshots: Vec<String>,
}

impl App {
    /// Starts the app under the driver, and waits until its main window can be used.
    pub async fn start(folder: &Path, display: &Display) -> Result<Self> {
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
        let (folder, display) = (folder.to_owned(), display.name().to_owned());
        Ok(Self { client, _driver: driver, folder, display, screenshots: Vec::new() })
    }

    /// Opens a link as the system does: it starts the app again, which hands the link to the one that runs, and ends.
    pub async fn open_link(&self, link: &str) -> Result<()> {
        let mut second = Command::new(program("vestibule-app")?);
        let second = second.arg(link).env("DISPLAY", &self.display).kill_on_drop(true).status();
        let ended = tokio::time::timeout(PATIENCE, second).await.context("a second app runs on")??;
        ensure!(ended.success(), "the second app ended with {ended}");
        Ok(())
    }

    /// Goes to the main window, or to that of the call.
    pub async fn go_to(&self, wanted: Window) -> Result<()> {
        within(&format!("{wanted:?}"), async || {
            for window in self.client.windows().await? {
                self.client.switch_to_window(window).await?;
                let url = self.client.current_url().await?;
                let is_call = url.fragment().is_some_and(|fragment| fragment.starts_with("/call"));
                if is_call == (wanted == Window::Call) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits for an element.
    pub async fn find(&self, xpath: &str) -> Result<Element> {
        within(xpath, async || Ok(self.client.find(Locator::XPath(xpath)).await.ok())).await
    }

    /// Waits until the control of this test id can be pressed, and presses it.
    pub async fn press(&self, id: &str) -> Result<()> {
        let element = self.find(&format!("//*[@data-testid='{id}']")).await?;
        let ready = async || Ok((element.is_displayed().await? && element.is_enabled().await?).then_some(()));
        within(&format!("{id} on the screen"), ready).await?;
        element.click().await.with_context(|| format!("pressing {id}"))
    }

    /// Writes into the field of this test id, in the place of what is there.
    pub async fn write(&self, id: &str, text: &str) -> Result<()> {
        let field = self.find(&format!("//*[@data-testid='{id}']")).await?;
        field.clear().await?;
        field.send_keys(text).await.with_context(|| format!("writing into {id}"))
    }

    /// What the element of this test id says, once it says something.
    pub async fn text_of(&self, id: &str) -> Result<String> {
        let xpath = format!("//*[@data-testid='{id}'][normalize-space(.) != '']");
        Ok(self.find(&xpath).await?.text().await?)
    }

    /// Opens a page by its address.
    pub async fn open(&self, hash: &str) -> Result<()> {
        self.ask(&format!("location.hash = '{hash}'")).await.map(drop)
    }

    /// Types a text, wherever the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        for letter in text.chars() {
            self.type_key(letter).await?;
        }
        Ok(())
    }

    /// Whether the control of this test id is enabled.
    pub async fn can_press(&self, id: &str) -> Result<bool> {
        Ok(self.find(&format!("//*[@data-testid='{id}']")).await?.is_enabled().await?)
    }

    /// Waits for a link, and follows it.
    pub async fn follow(&self, xpath: &str) -> Result<()> {
        self.find(xpath).await?.click().await.with_context(|| format!("following {xpath}"))
    }

    /// Types a key, wherever the focus is.
    pub async fn type_key(&self, key: impl Into<char>) -> Result<()> {
        let value = key.into();
        let press = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client.perform_actions(press).await.context("typing a key")
    }

    /// Waits until the focus is on what this CSS selector names.
    pub async fn until_focus_is_on(&self, selector: &str) -> Result<()> {
        let script = format!("return document.activeElement?.matches(\"{selector}\") ?? false");
        self.until(&format!("the focus on {selector}"), &script).await
    }

    /// Goes on with Tab until the focus is on what this CSS selector names.
    pub async fn tab_to(&self, selector: &str) -> Result<()> {
        self.until(selector, &format!("return document.querySelector(\"{selector}\") !== null")).await?;
        let script = format!("return document.activeElement?.matches(\"{selector}\") ?? false");
        for _ in 0..60 {
            if self.ask(&script).await? == true {
                return Ok(());
            }
            self.type_key(Key::Tab).await?;
        }
        bail!("{selector} is not reached by Tab")
    }

    /// Waits until the page shows this text.
    pub async fn read(&self, text: &str) -> Result<()> {
        self.find(&format!("//*[contains(normalize-space(.), \"{text}\")]")).await.map(|_| ())
    }

    /// Waits until a script returns true.
    pub async fn until(&self, what: &str, script: &str) -> Result<()> {
        within(what, async || {
            Ok(self.client.execute(script, Vec::new()).await?.as_bool().unwrap_or(false).then_some(()))
        })
        .await
    }

    /// What a script returns.
    pub async fn ask(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// What an asynchronous function returns: `script` is an expression that gives a promise.
    pub async fn ask_promise(&self, script: &str) -> Result<serde_json::Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; ({script}).then(done, e => done(String(e)));"
        );
        Ok(self.client.execute_async(&script, Vec::new()).await?)
    }

    /// A picture of the window, kept in the folder as PNG.
    pub async fn screenshot(&mut self, name: &str) -> Result<()> {
        self.screenshot_that(name, |_| Ok(())).await
    }

    /// Takes pictures of the window until one shows what it should, and keeps the last one.
    pub async fn screenshot_that(&mut self, name: &str, check: impl Fn(&[u8]) -> Result<()>) -> Result<()> {
        let path = self.folder.join(format!("{name}.png"));
        self.screenshots.push(path.display().to_string());
        let mut problem = None;
        let taken = within("a screenshot", async || {
            // The driver waits for the next frame, and where nothing changes there is none.
            self.ask(FLICKER).await?;
            let png = self.client.screenshot().await;
            self.ask(REST).await?;
            let png = png?;
            std::fs::write(&path, &png)?;
            problem = check(&png).err();
            Ok(problem.is_none().then_some(()))
        })
        .await;
        match problem {
            Some(problem) => Err(problem.context(format!("{name}.png"))),
            None => taken,
        }
    }

    /// Ends the app: with its windows closed it would go on in the tray.
    pub async fn close(self) -> Result<Vec<String>> {
        session::end("vestibule-app").await?;
        // The driver finds that its session has ended with the app.
        let _ended = self.client.close().await;
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
