//! Links that the system hands to the app: they begin with `vestibule://` and only ever ask the resident something.

use tauri::{AppHandle, Manager};
use tauri_plugin_deep_link::DeepLinkExt;
use vestibule_model::Secret;

use crate::phone::Phone;
use crate::windows;

/// Takes the link that started the app, and those that come while it runs.
pub(crate) fn follow(handle: &AppHandle) {
    let links = handle.deep_link();
    let opener = handle.clone();
    links.on_open_url(move |event| {
        for url in event.urls() {
            offer(&opener, Secret::new(url.as_str()));
        }
    });
    match links.get_current() {
        Ok(urls) => {
            for url in urls.into_iter().flatten() {
                offer(handle, Secret::new(url.as_str()));
            }
        }
        Err(error) => tracing::warn!(%error, "the system's links cannot be read"),
    }
}

fn offer(handle: &AppHandle, link: Secret) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        // Why there is no core is said elsewhere.
        if let Ok(app) = handle.state::<Phone>().app().await {
            app.offer_link(link);
            windows::open(&handle);
        }
    });
}
