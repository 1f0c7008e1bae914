//! Our real window, on a virtual display, rung by the simulator.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use vestibule_tests::desk::intercom::Intercom;
use vestibule_tests::desk::window::{App, Window};
use vestibule_tests::desk::{screen, session};
use vestibule_tests::{timing, wait_until};

/// Starts that the median is of: each costs seconds.
const STARTS: usize = 5;
const SPAN: &str = "invite_to_caller_painted";

pub(crate) struct Windows {
    pub(crate) on_screen: Vec<f64>,
    pub(crate) start: Vec<f64>,
}

pub(crate) async fn measure(folder: &Path, calls: usize) -> Result<Windows> {
    let display = screen::open_virtual(folder)?;
    let mut intercom = Intercom::start(folder).await?;
    session::set_up_profile(folder, &intercom)?;
    let logs = folder.join("profile/logs");
    let mut start = Vec::new();
    for _ in 0..STARTS {
        let app = App::start(folder, &display).await?;
        start.push(usable(&app).await.context("when it could be used")?);
        app.close().await?;
    }
    let app = App::start(folder, &display).await?;
    app.go_to(Window::Main).await?;
    app.read("Calls ring here").await?;
    for call in 1..=calls {
        intercom.order("call").await?;
        wait_until("the caller on the screen", || async {
            timing::read_logs(&logs).is_ok_and(|log| timing::spans(&log, SPAN).len() >= call)
        })
        .await;
        intercom.order("cancel").await?;
        intercom.until("ended").await?;
        // The next call finds the window at rest, as the first one did.
        app.go_to(Window::Call).await?;
        app.find("//*[@data-testid='call'][@data-phase='none']").await?;
    }
    app.close().await?;
    let on_screen = timing::spans(&timing::read_logs(&logs)?, SPAN);
    ensure!(on_screen.len() >= calls, "only {} calls were painted", on_screen.len());
    Ok(Windows { on_screen, start })
}

/// Milliseconds from the start of the process until the page marked itself usable.
async fn usable(app: &App) -> Result<f64> {
    app.go_to(Window::Main).await?;
    app.until("the page in use", "return performance.getEntriesByName('usable').length > 0").await?;
    let script = "return performance.timeOrigin + performance.getEntriesByName('usable')[0].startTime";
    let usable = app.ask(script).await?.as_f64().context("a time")?;
    Ok(usable - session::started("vestibule-app")?)
}
