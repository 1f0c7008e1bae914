//! The user interface: one bundle for the main window, the call window and an ordinary browser.

// Leptos's component macro makes what it generates public, whatever the component is.
#![allow(unreachable_pub)]

mod app;
mod backend;
mod catalogue;
mod clipboard;
mod components;
mod first_paint;
mod format;
mod intl;
mod keyboard;
mod pages;
mod route;
mod state;
mod video;
mod words;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        let words = catalogue::load_at_start().await;
        leptos::mount::mount_to_body(move || leptos::view! { <app::App words/> });
    });
}
