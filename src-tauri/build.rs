//! Tells Tauri which commands there are, so that each has a permission of its own.

use vestibule_ipc::{COMMAND_NAMES, SITE_COMMAND_NAMES};

/// The command that is no question with an answer: it opens the stream of a call's video.
const WATCH_VIDEO: &str = "watch_video";

fn main() {
    let named = COMMAND_NAMES.iter().chain(SITE_COMMAND_NAMES).copied();
    let commands: Vec<&'static str> = named.chain([WATCH_VIDEO]).collect();
    let manifest = tauri_build::AppManifest::new().commands(commands.leak());
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        // A build script reports by its exit status.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
