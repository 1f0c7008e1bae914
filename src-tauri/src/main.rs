//! The window, the tray and the notifications around the core.
//!
//! The shell delegates: what a call, a door or an account is, only `vestibule_app` knows. It decides two things
//! itself, both without I/O: what the desktop does about a call (`ring`), and where a profile lives (`profile`).

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod autostart;
mod calls;
mod commands;
mod link;
mod logging;
mod notify;
mod outside;
mod phone;
mod picture;
mod platform;
mod profile;
mod ring;
mod tray;
mod video;
mod windows;

use std::process::ExitCode;

use phone::Phone;
use profile::Place;
use tauri::{AppHandle, Manager, RunEvent};
use windows::Opening;

fn main() -> anyhow::Result<ExitCode> {
    if let Err(error) = platform::choose_renderer() {
        eprintln!("vestibule-app: the windows may be slow, for the program cannot start again: {error}");
    }
    let mut context = tauri::generate_context!();
    let place = Place::open(&context.config().identifier)?;
    let log = logging::start(&place.logs())?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), dir = %place.dir.display(), "starting");
    // The bus, and what else tells copies of the app apart, goes by this name.
    context.config_mut().identifier.clone_from(&place.identifier);
    let listen = profile::listen()?;
    let opening = opening(std::env::args());

    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|handle, arguments, _| started_again(handle, arguments)))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_autostart::Builder::new().arg(autostart::HIDDEN).build())
        .manage(Phone::default())
        .manage(calls::Shown::default())
        .manage(place.clone())
        .invoke_handler(commands::handle)
        .register_asynchronous_uri_scheme_protocol(picture::SCHEME, picture::serve)
        .on_window_event(windows::on_event)
        .setup(move |app| {
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(start(handle.clone(), place.clone(), listen));
            windows::build(&handle, &place, opening)?;
            tray::build(&handle, &place);
            notify::prepare(&handle);
            link::follow(&handle);
            // Not before there are windows: a call that rings while they are built is shown when they are there.
            tauri::async_runtime::spawn(calls::relay(handle.clone()));
            Ok(())
        })
        .build(context)?;
    let code = app.run_return(|handle, event| {
        // Without a code it is the last window that went, not us: the calls have to be told first.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
            tauri::async_runtime::spawn(phone::quit(handle.clone()));
        }
    });
    drop(log);
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Starts the core beside the windows, and serves it until the session ends us.
async fn start(handle: AppHandle, place: Place, listen: std::net::SocketAddr) {
    handle.state::<Phone>().start(&place, listen).await;
    match platform::asked_to_end().await {
        Ok(()) => phone::quit(handle).await,
        Err(error) => tracing::warn!(%error, "the session cannot ask the app to end"),
    }
}

/// Somebody started the app while it ran: it shows itself, unless the session started both.
fn started_again(handle: &AppHandle, arguments: Vec<String>) {
    if opening(arguments.into_iter()) == Opening::Shown {
        windows::open(handle);
    }
}

fn opening(mut arguments: impl Iterator<Item = String>) -> Opening {
    if arguments.any(|argument| argument == autostart::HIDDEN) { Opening::Hidden } else { Opening::Shown }
}
