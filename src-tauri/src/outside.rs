//! The ways out of a window: a file that a page has made, a mail, a phone call. Nothing else leaves the app.

use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;
use tauri::{Manager, Url, Webview};

use crate::platform;

/// Most names that are tried for a file before the last one is overwritten.
const NAMES: u32 = 1_000;

/// Whether a window may show this: the app's own pages and nothing else, whatever a link or a script says.
///
/// Mails and phone calls are handed to the system. What stands in an address may be secret, and is not logged.
pub(crate) fn may_go(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        // What a page has made for saving is an address of its own origin (WHATWG File API, 8.3).
        "blob" => url.path().parse().is_ok_and(|made_by: Url| is_own(&made_by)),
        "mailto" | "tel" => {
            if platform::hand_over(url.as_str()).is_err() {
                tracing::warn!(scheme = url.scheme(), "nothing here takes this");
            }
            false
        }
        scheme => {
            let own = is_own(url);
            if !own {
                tracing::warn!(scheme, "a page wanted to leave the app");
            }
            own
        }
    }
}

fn is_own(url: &Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// Puts a file that a page has made into the folder for downloads, beside what is there.
pub(crate) fn save(webview: Webview, event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { url, destination } => {
            if url.scheme() != "blob" || !may_go(&url) {
                return false;
            }
            let paths = webview.app_handle().path();
            let Ok(folder) = paths.download_dir().or_else(|_| paths.home_dir()) else { return false };
            let name = destination.file_name().map_or_else(|| PathBuf::from("vestibule"), PathBuf::from);
            *destination = free(&folder, &name);
        }
        DownloadEvent::Finished { success: false, .. } => tracing::warn!("a file could not be saved"),
        _ => (),
    }
    true
}

/// A name in this folder that nothing has: `card.png`, `card (2).png`, and so on.
fn free(folder: &Path, name: &Path) -> PathBuf {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, end) = (text(name.file_stem()), text(name.extension()));
    let numbered = |number: u32| folder.join(format!("{stem} ({number}).{end}"));
    let first = folder.join(name);
    let mut names = std::iter::once(first.clone()).chain((2..NAMES).map(numbered));
    names.find(|path| !path.exists()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_the_apps_own_pages() {
        for (address, may) in [
            ("tauri://localhost/index.html#/visitors", true),
            ("http://tauri.localhost/index.html", true),
            ("https://tauri.localhost/", true),
            ("blob:tauri://localhost/0b6d", true),
            ("blob:http://tauri.localhost/0b6d", true),
            ("blob:https://evil.example/0b6d", false),
            ("https://evil.example/", false),
            ("http://tauri.localhost.evil.example/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:text/html,hello", false),
        ] {
            assert_eq!(may_go(&Url::parse(address).unwrap()), may, "{address}");
        }
    }

    #[test]
    fn a_file_is_put_beside_what_is_there() {
        let folder = std::env::temp_dir().join(format!("vestibule-outside-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let name = Path::new("card.png");
        assert_eq!(free(&folder, name), folder.join("card.png"));
        std::fs::write(folder.join("card.png"), "").unwrap();
        assert_eq!(free(&folder, name), folder.join("card (2).png"));
        std::fs::write(folder.join("card (2).png"), "").unwrap();
        assert_eq!(free(&folder, name), folder.join("card (3).png"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
