//! What a resident does by keyboard alone. The keys go to the real window, which has its focus itself.

use anyhow::{Context, Result};
use vestibule_tests::desk::intercom::Intercom;
use vestibule_tests::desk::window::{App, Key, Window};

/// Names of the paths, as the demo tells them.
pub(crate) const PATHS: [&str; 4] =
    ["answer and open", "find a missed call", "make and share a visitor", "report a problem"];

pub(crate) async fn walk(app: &App, intercom: &mut Intercom) -> Result<()> {
    answer_and_open(app, intercom).await.context("answer and open")?;
    find_missed_call(app, intercom).await.context("find a missed call")
}

/// Enter answers what rings, for the focus is there; 1 opens the first door.
async fn answer_and_open(app: &App, intercom: &mut Intercom) -> Result<()> {
    intercom.order("call").await?;
    app.go_to(Window::Call).await?;
    app.until_focus_is_on("[data-testid=answer]").await?;
    app.type_key(Key::Enter).await?;
    intercom.until("answered").await?;
    app.find("//*[@data-testid='call'][@data-phase='active']").await?;
    app.type_key('1').await?;
    intercom.until_that("the door", |said| said["event"] == "door" && said["switch"] == "Main door").await?;
    app.tab_to("[data-testid=hang-up]").await?;
    app.type_key(Key::Enter).await?;
    intercom.until("ended").await.map(drop)
}

/// Somebody gave up before anybody answered: from Home to what is known of it.
async fn find_missed_call(app: &App, intercom: &mut Intercom) -> Result<()> {
    // An intercom that is still hanging up takes no order.
    app.find("//*[@data-testid='call'][@data-phase='none']").await?;
    intercom.order("call").await?;
    app.find("//*[@data-testid='answer']").await?;
    intercom.order("cancel").await?;
    intercom.until("ended").await?;
    app.go_to(Window::Main).await?;
    app.tab_to(".nav-item[href='#/home']").await?;
    app.type_key(Key::Enter).await?;
    app.until("Home", "return location.hash === '#/home'").await?;
    app.tab_to(".nav-item[href='#/history']").await?;
    app.type_key(Key::Enter).await?;
    app.tab_to("[data-testid=calls] a.row").await?;
    app.type_key(Key::Enter).await?;
    app.until("the missed call", "return /^#.history.\\d+$/.test(location.hash)").await?;
    app.find("//*[contains(@class, 'pane-detail')]//*[contains(., 'Nobody answered')]").await.map(drop)
}
