//! Notifications of the desktop. They only tell; no call is answered and no door is opened by one.

use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use vestibule_model::CallId;

use crate::windows;

/// A press on a notification brings the app up.
pub(crate) fn prepare(handle: &AppHandle) {
    let pressed = handle.clone();
    let prepared = handle.notification().on_action(move |_| windows::open(&pressed));
    report(prepared);
}

/// Somebody rings.
pub(crate) fn ringing(handle: &AppHandle, call: CallId, caller: &str) {
    show(handle, call, caller, "Rings now");
}

/// The call rings no longer.
pub(crate) fn withdraw(handle: &AppHandle, call: CallId) {
    report(handle.notification().remove_active(vec![id_of(call)]));
}

/// Somebody rang in vain.
pub(crate) fn missed(handle: &AppHandle, call: CallId, caller: &str) {
    show(handle, call, "Missed call", caller);
}

fn show(handle: &AppHandle, call: CallId, title: &str, body: &str) {
    report(handle.notification().builder().id(id_of(call)).title(title).body(body).show());
}

/// Calls of the last years differ in their low 31 bits, which is all that a notification's id holds.
fn id_of(call: CallId) -> i32 {
    i32::try_from(call.0 & i64::from(i32::MAX)).unwrap_or_default()
}

fn report(done: tauri_plugin_notification::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "no notification");
    }
}
