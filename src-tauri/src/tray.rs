//! The icon in the tray: how the phone stands, do not disturb, and the way out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::image::Image;
use tauri::menu::{CheckMenuItem, CheckMenuItemBuilder, MenuBuilder, MenuEvent, MenuItem, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};
use vestibule_ipc::{Error, GetState, SaveSettings};
use vestibule_model::{Registration, RegistrationFailure};

use crate::phone::{self, Phone};
use crate::profile::Place;
use crate::windows;

const REGISTERED: Image<'_> = tauri::include_image!("../icons/tray-registered.png");
const OFF: Image<'_> = tauri::include_image!("../icons/tray-off.png");

const STATE: &str = "state";
const DO_NOT_DISTURB: &str = "do-not-disturb";
const OPEN: &str = "open";
const QUIT: &str = "quit";

struct Tray {
    icon: TrayIcon,
    state: MenuItem<Wry>,
    do_not_disturb: CheckMenuItem<Wry>,
}

/// Puts the icon into the tray. A desktop without a tray has none: the app is then opened by starting it again.
pub(crate) fn build(handle: &AppHandle, place: &Place) {
    // On Linux the library behind it is looked for at this moment, and its absence is a panic.
    match catch_unwind(AssertUnwindSafe(|| make(handle, place))) {
        Ok(Ok(tray)) => {
            handle.manage(tray);
        }
        Ok(Err(error)) => tracing::warn!(%error, "no tray"),
        Err(_) => tracing::warn!("no tray: its library is missing"),
    }
}

fn make(handle: &AppHandle, place: &Place) -> tauri::Result<Tray> {
    let state = MenuItemBuilder::with_id(STATE, "Starting…").enabled(false).build(handle)?;
    let do_not_disturb = CheckMenuItemBuilder::with_id(DO_NOT_DISTURB, "Do not disturb").build(handle)?;
    let menu = MenuBuilder::new(handle)
        .items(&[&state, &do_not_disturb])
        .separator()
        .text(OPEN, "Open Vestibule")
        .text(QUIT, "Quit")
        .build()?;
    let icon = TrayIconBuilder::with_id("tray")
        .icon(OFF)
        .tooltip("Vestibule")
        .temp_dir_path(place.dir.join("tray"))
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(chosen)
        .on_tray_icon_event(clicked)
        .build(handle)?;
    Ok(Tray { icon, state, do_not_disturb })
}

/// Says how the phone stands with its registrar.
pub(crate) fn show_registration(handle: &AppHandle, registration: &Registration) {
    let Some(tray) = handle.try_state::<Tray>() else {
        return;
    };
    let words = words(registration);
    let icon = if matches!(registration, Registration::Registered { .. }) { REGISTERED } else { OFF };
    report(tray.state.set_text(words));
    report(tray.icon.set_icon(Some(icon)));
    report(tray.icon.set_tooltip(Some(format!("Vestibule: {words}"))));
}

/// Shows the setting as it is.
pub(crate) fn show_do_not_disturb(handle: &AppHandle, on: bool) {
    let Some(tray) = handle.try_state::<Tray>() else {
        return;
    };
    report(tray.do_not_disturb.set_checked(on));
}

fn words(registration: &Registration) -> &'static str {
    match registration {
        Registration::NotConfigured => "No account is set up",
        Registration::Registering => "Registering…",
        Registration::Registered { .. } => "Registered",
        Registration::Failed { why, .. } => match why {
            RegistrationFailure::WrongPassword => "Not registered: wrong user or password",
            RegistrationFailure::Refused { .. } => "Not registered: the server refuses this user",
            RegistrationFailure::Unreachable => "Not registered: the server does not answer",
            RegistrationFailure::NoSuchServer => "Not registered: the server is not found",
        },
        Registration::Unregistered => "Not registered",
    }
}

fn clicked(icon: &TrayIcon, event: TrayIconEvent) {
    if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event
    {
        windows::open(icon.app_handle());
    }
}

fn chosen(handle: &AppHandle, event: MenuEvent) {
    let handle = handle.clone();
    match event.id().as_ref() {
        OPEN => windows::open(&handle),
        QUIT => {
            tauri::async_runtime::spawn(phone::quit(handle));
        }
        DO_NOT_DISTURB => {
            tauri::async_runtime::spawn(async move {
                if let Err(error) = toggle_do_not_disturb(&handle).await {
                    tracing::warn!(%error, "do not disturb could not be changed");
                }
            });
        }
        _ => {}
    }
}

/// The menu ticks its item by itself; in the end it shows what the settings really say.
async fn toggle_do_not_disturb(handle: &AppHandle) -> Result<(), Error> {
    let app = handle.state::<Phone>().app().await?;
    let mut settings = app.get_state(GetState {}).await?.settings;
    let before = settings.do_not_disturb;
    settings.do_not_disturb = !before;
    let saved = app.save_settings(SaveSettings { settings }).await;
    show_do_not_disturb(handle, before != saved.is_ok());
    saved
}

fn report(done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "the tray did not follow");
    }
}

#[cfg(test)]
mod tests {
    use vestibule_model::Timestamp;

    use super::*;

    #[test]
    fn only_a_registered_phone_is_called_so() {
        assert_eq!(words(&Registration::Registered { since: Timestamp(0) }), "Registered");
        for why in [
            RegistrationFailure::WrongPassword,
            RegistrationFailure::Refused { status: 403 },
            RegistrationFailure::Unreachable,
            RegistrationFailure::NoSuchServer,
        ] {
            assert!(words(&Registration::Failed { why, retry_at: None }).starts_with("Not registered: "));
        }
    }
}
