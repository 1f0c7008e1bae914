//! What a resident would do, and what has to be seen.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use vestibule_sim::canvas::{HEIGHT, WIDTH};
use vestibule_sim::scene::{PATCH, PATCHES};
use vestibule_tests::desk::building::Building;
use vestibule_tests::desk::intercom::Intercom;
use vestibule_tests::desk::screen::Display;
use vestibule_tests::desk::session;
use vestibule_tests::desk::window::{App, Window};
use vestibule_tests::timing;

use crate::{keyboard, visitor};

/// How far a colour may be off after coding, scaling and the screen: limited range and chroma subsampling cost a few.
const TOLERANCE: u8 = 28;

/// What the pages may count on, whichever core is behind them.
static SEAM: &str = include_str!("../ui/seam.js");

/// The picture that the intercom sends, before anything moves in it.
static SCENE: &[u8] = include_bytes!("../../assets/door-scene.png");
/// Where the visitor is in it: cap, face, jacket.
const VISITOR: [(usize, usize); 3] = [(620, 250), (640, 440), (680, 560)];

pub(crate) async fn run(
    folder: &Path,
    display: &Display,
    intercom: &mut Intercom,
    building: &mut Building,
) -> Result<()> {
    let mut app = App::start(folder, display).await.context("the app's window")?;
    intercom.until("registered").await?;
    app.go_to(Window::Main).await?;
    app.read("Calls ring here").await?;
    app.screenshot("1-home").await?;

    intercom.order("call").await?;
    let sent = intercom.until("invite_sent").await?;
    let rang =
        intercom.until_that("180", |said| said["event"] == "provisional" && said["status"] == 180).await?;
    app.go_to(Window::Call).await?;
    app.find("//h1[contains(., 'Main entrance')]").await?;
    app.read("They cannot see or hear you").await?;
    app.screenshot_that("2-ringing", screen_shows_the_visitor).await?;
    canvas_shows_the_patches(&app).await.context("before the answer")?;

    app.press("answer").await?;
    intercom.until("answered").await?;
    // A machine without a microphone has nothing to mute, and the screen says so.
    if app.can_press("mute").await? {
        app.press("mute").await?;
    }
    let pressed = Instant::now();
    app.press("switch-1").await?;
    let door = intercom
        .until_that("the door", |said| said["event"] == "door" && said["switch"] == "Main door")
        .await?;
    let unlock_ms = pressed.elapsed().as_secs_f64() * 1000.0;
    let state = door.get("state").cloned();
    ensure!(state == Some("open".into()), "the intercom says {door}");
    app.read("Code sent, no confirmation yet").await?;
    app.screenshot_that("3-code-sent", screen_shows_the_visitor).await?;
    let decoder = app.ask("return document.querySelector('canvas').dataset.decoder").await?;

    app.press("hang-up").await?;
    intercom.until("ended").await?;
    app.go_to(Window::Main).await?;
    app.follow("//nav//a[contains(., 'History')]").await?;
    app.until(
        "the visitor's picture in the history",
        "return [...document.querySelectorAll('[data-testid=\"calls\"] img')]
             .some(picture => picture.currentSrc.startsWith('picture:') && picture.naturalWidth > 0)",
    )
    .await?;
    app.screenshot("4-history").await?;
    let history_rows = history_rows(folder)?;
    ensure!(history_rows == 1, "{history_rows} rows in the history");
    keyboard::walk(&app, intercom).await.context("by keyboard")?;

    let visitor = visitor::walk(&mut app, building, folder).await.context("a visitor")?;
    hold_the_seam(&app).await?;

    let screenshots = app.close().await?;
    let log = timing::read_logs(&folder.join("profile/logs"))?;
    let first = |span| timing::spans(&log, span).first().map(|ms| (ms * 10.0).round() / 10.0);
    let result = json!({
        "ok": true,
        "ring_ms": between(&sent, &rang)?,
        "on_screen_ms": first("invite_to_caller_painted"),
        "first_frame_ms": first("invite_to_frame_painted"),
        "unlock_ms": (unlock_ms * 10.0).round() / 10.0,
        "door": state,
        "history_rows": history_rows,
        "decoder": decoder,
        "by_keyboard": keyboard::PATHS,
        "visitor": visitor,
        "seam": true,
        "screenshots": screenshots,
    });
    println!("{result}");
    Ok(())
}

/// The suite that the made-up building of the browser is held against as well (`tests/ui/run.mjs`).
async fn hold_the_seam(app: &App) -> Result<()> {
    for (window, part) in [(Window::Main, "main"), (Window::Call, "call")] {
        app.go_to(window).await?;
        let wrong = app
            .ask_promise(&format!(
                "({SEAM}).{part}((command, args) => window.__TAURI__.core.invoke(command, {{ args }}))"
            ))
            .await?;
        ensure!(wrong == json!([]), "the {part} window's commands: {wrong:#}");
    }
    Ok(())
}

/// Milliseconds between two things that the intercom told.
fn between(first: &Value, second: &Value) -> Result<f64> {
    let at = |said: &Value| said["at_ms"].as_f64().with_context(|| format!("no time in {said}"));
    Ok(at(second)? - at(first)?)
}

/// How many rows the history holds, as the command line reads it from the same profile.
fn history_rows(folder: &Path) -> Result<usize> {
    let output = std::process::Command::new(session::program("vestibule")?)
        .args(["history", "--json", "--profile"])
        .arg(folder.join("profile"))
        .output()?;
    ensure!(output.status.success(), "vestibule history: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).lines().count())
}

/// Reads the canvas at the scene's flat patches of known colours, whatever lies over it on the screen.
async fn canvas_shows_the_patches(app: &App) -> Result<()> {
    for patch in PATCHES {
        let (x, y) = (patch.x + PATCH / 2, patch.y + PATCH / 2);
        let script = format!(
            "const canvas = document.querySelector('canvas');
             const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
             copy.drawImage(canvas, 0, 0);
             return [...copy.getImageData({x} * canvas.width / {WIDTH}, {y} * canvas.height / {HEIGHT}, 1, 1).data];"
        );
        let seen = app.ask(&script).await?;
        let seen: Vec<u8> = serde_json::from_value(seen).context("a pixel")?;
        ensure!(near(&seen, &patch.rgb), "the patch at {x}, {y} is {seen:?}, not {:?}", patch.rgb);
    }
    Ok(())
}

/// Looks for the visitor on the screen itself: the colours of the middle of the scene, where no control lies.
fn screen_shows_the_visitor(png: &[u8]) -> Result<()> {
    let (scene, width) = pixels(SCENE)?;
    let (screen, _) = pixels(png)?;
    for (x, y) in VISITOR {
        let wanted = scene.get(y * width + x).context("the scene is smaller than it should be")?;
        let found = screen.iter().filter(|pixel| near(&pixel[..], wanted)).count();
        ensure!(found >= 500, "only {found} pixels like {wanted:?} are on the screen");
    }
    Ok(())
}

fn near(seen: &[u8], wanted: &[u8]) -> bool {
    seen.iter().zip(wanted).all(|(seen, wanted)| seen.abs_diff(*wanted) <= TOLERANCE)
}

/// The pixels of a PNG in red, green and blue, row by row, and its width.
fn pixels(png: &[u8]) -> Result<(Vec<[u8; 3]>, usize)> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
    let info = reader.next_frame(&mut bytes)?;
    let samples = info.color_type.samples();
    let colours = bytes.chunks_exact(samples).filter_map(|pixel| pixel.first_chunk().copied()).collect();
    Ok((colours, usize::try_from(info.width)?))
}
