//! The two kinds of window: the main one, and the one for calls, which is built hidden at the start, for making a
//! page costs more time than a ringing call has.

use std::time::Duration;

use tauri::window::Color;
use tauri::{
    AppHandle, CloseRequestApi, Manager, UserAttentionType, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    Window, WindowEvent,
};

use crate::phone::Phone;
use crate::profile::Place;
use crate::{calls, outside, platform};

/// Label of the main window.
pub(crate) const MAIN: &str = "main";
/// Label of the window for calls.
pub(crate) const CALL: &str = "call";

/// The stage of a call, as in the UI's tokens, so that nothing flashes before the page has painted.
const STAGE: Color = Color(0x0b, 0x0d, 0x12, 0xff);

/// Time for the first painting of a call window. More than it needs; nobody waits for it.
const WARM_UP: Duration = Duration::from_millis(600);

/// Whether the main window is seen from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// The resident started the app.
    Shown,
    /// The session started it: it waits in the tray.
    Hidden,
}

/// Makes both windows; the main one first, for WebDriver takes the first as its own.
pub(crate) fn build(handle: &AppHandle, place: &Place, opening: Opening) -> tauri::Result<()> {
    WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::App("index.html".into()))
        .title("Vestibule")
        .inner_size(1080.0, 760.0)
        .min_inner_size(360.0, 560.0)
        .center()
        .visible(opening == Opening::Shown)
        .data_directory(place.webview())
        .on_navigation(outside::may_go)
        .on_download(outside::save)
        .build()?;
    WebviewWindowBuilder::new(handle, CALL, WebviewUrl::App("index.html#/call".into()))
        .title("Vestibule: call")
        .inner_size(960.0, 640.0)
        .min_inner_size(360.0, 560.0)
        .center()
        .visible(false)
        .focused(false)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .background_color(STAGE)
        .data_directory(place.webview())
        .on_navigation(outside::may_go)
        .build()?;
    Ok(())
}

/// Lets the call window paint once before anybody rings: the first time costs many times the next. Called when its
/// page has been drawn up, for before that there is nothing to paint.
pub(crate) async fn warm_up(handle: AppHandle) {
    let Some(window) = handle.get_webview_window(CALL) else { return };
    if window.is_visible().unwrap_or(true) {
        return;
    }
    on_main_thread(&window, platform::veil);
    tokio::time::sleep(WARM_UP).await;
    on_main_thread(&window, |window| {
        platform::unveil(window)?;
        // Both this and a call that begins meanwhile come to the main thread in the order in which they happened.
        if calls::is_busy(window.app_handle()) { Ok(()) } else { window.hide() }
    });
}

fn on_main_thread(
    window: &WebviewWindow,
    act: impl FnOnce(&WebviewWindow) -> tauri::Result<()> + Send + 'static,
) {
    let acted = window.clone();
    let asked = window.run_on_main_thread(move || report(act(&acted), acted.label()));
    report(asked, window.label());
}

/// Brings the main window up, and over it the calls, where there are any.
pub(crate) fn open(handle: &AppHandle) {
    raise(handle, MAIN);
    if calls::is_busy(handle) {
        raise(handle, CALL);
    }
}

/// Brings the call window up, over everything.
pub(crate) fn show_call(handle: &AppHandle) {
    with(handle, CALL, |window| {
        on_main_thread(window, platform::unveil);
        Ok(())
    });
    raise(handle, CALL);
    // Some window managers forget it while a window is hidden.
    with(handle, CALL, |window| window.set_always_on_top(true));
}

/// Asks for the resident's eyes, or takes the question back.
pub(crate) fn ask_attention(handle: &AppHandle, asked: Option<UserAttentionType>) {
    with(handle, CALL, |window| window.request_user_attention(asked));
}

/// Puts the call window away.
pub(crate) fn hide_call(handle: &AppHandle) {
    with(handle, CALL, WebviewWindow::hide);
}

/// Puts every window away.
pub(crate) fn hide_all(handle: &AppHandle) {
    with(handle, CALL, WebviewWindow::hide);
    with(handle, MAIN, WebviewWindow::hide);
}

/// A window that is closed is hidden: calls must ring, and a page is slow to make.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::CloseRequested { api, .. } => keep(window, api),
        WindowEvent::Focused(focused) => window.state::<Phone>().look(*focused),
        _ => (),
    }
}

fn keep(window: &Window, api: &CloseRequestApi) {
    api.prevent_close();
    if let Err(error) = window.hide() {
        tracing::warn!(%error, label = window.label(), "a window could not be hidden");
    }
    if window.label() == CALL {
        calls::window_closed(window.app_handle());
    }
}

fn raise(handle: &AppHandle, label: &str) {
    with(handle, label, |window| {
        window.show()?;
        window.unminimize()?;
        window.set_focus()
    });
}

fn with(handle: &AppHandle, label: &str, act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
    let done =
        handle.get_webview_window(label).ok_or(tauri::Error::WindowNotFound).and_then(|window| act(&window));
    report(done, label);
}

fn report(done: tauri::Result<()>, label: &str) {
    if let Err(error) = done {
        tracing::warn!(%error, label, "a window did not do as told");
    }
}
