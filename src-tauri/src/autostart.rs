//! Starting with the session, as the resident's settings say.

use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt;

use crate::profile::Place;

/// Tells the app that the session started it, not the resident.
pub(crate) const HIDDEN: &str = "--hidden";

/// Makes the system do as the setting says. Only the everyday profile starts with the session: the system's entry
/// could not name another one.
pub(crate) fn follow(handle: &AppHandle, wanted: bool) {
    if !handle.state::<Place>().everyday {
        return;
    }
    let manager = handle.autolaunch();
    let done = match (manager.is_enabled(), wanted) {
        (Ok(true), true) | (Ok(false), false) => Ok(()),
        (Ok(_), true) => manager.enable(),
        (Ok(_), false) => manager.disable(),
        (Err(error), _) => Err(error),
    };
    if let Err(error) = done {
        tracing::warn!(%error, wanted, "starting with the session could not be changed");
    }
}
