//! What the app says: notices, messages, questions, and what is on its way.

use leptos::prelude::*;

use super::section;
use crate::components::banner::{Banner, Urgency};
use crate::components::dialog::Confirm;
use crate::components::empty::{Empty, SkeletonRows};
use crate::components::icon::{Glyph, Icon};
use crate::components::key_map::KeyMap;
use crate::state::{Toasts, Tone};

pub(super) fn sections() -> AnyView {
    vec![
        section("g-banners", "Banners", banners()),
        section("g-toasts", "Toasts", toasts()),
        section("g-dialogs", "Dialogs", dialogs()),
        section("g-empty", "Empty", empty()),
        section("g-loading", "Skeleton, spinner, progress", loading()),
    ]
    .into_any()
}

fn banners() -> AnyView {
    view! {
        <Banner urgency=Urgency::Plain icon=Icon::Offline title="No connection" text="You see what was there at 14:20."/>
        <Banner urgency=Urgency::Warning icon=Icon::Key title="This system has no keychain" text="What it means, and what to do.">
            <button class="btn" type="button">"Use a key file"</button>
        </Banner>
        <div class="banner banner-accent" role="status">
            <Glyph icon=Icon::PhoneIn/>
            <div class="row-text"><p class="row-title">"Garage is calling too"</p><p class="row-sub">"Answering ends the call with Main entrance."</p></div>
            <div class="cluster">
                <button class="btn btn-stop" type="button">"Decline"</button>
                <button class="btn btn-go" type="button">"End and answer"</button>
            </div>
        </div>
        <p class="banner" role="status"><Glyph icon=Icon::Moon/><span class="row-text">"One line alone."</span></p>
    }
    .into_any()
}

fn toasts() -> AnyView {
    let toasts = expect_context::<Toasts>();
    let show = move |text: &str, tone| toasts.show(text.to_owned(), tone);
    view! {
        <div class="toast"><p>"PIN copied"</p><button class="icon-btn" type="button"><Glyph icon=Icon::Close class="icon-s"/><span class="vh">"Close this message"</span></button></div>
        <div class="toast"><p>"Courier deleted"</p><button class="btn" type="button">"Undo"</button></div>
        <div class="toast"><Glyph icon=Icon::Alert/><p>"The network or the other side did not do it. Try again."</p></div>
        <div class="cluster">
            <button class="btn" type="button" data-testid="show-status" on:click=move |_| show("Saved", Tone::Status)>"Show a status"</button>
            <button class="btn" type="button" data-testid="show-problem" on:click=move |_| show("This call is over.", Tone::Problem)>"Show a problem"</button>
        </div>
    }
    .into_any()
}

fn dialogs() -> AnyView {
    let asking = RwSignal::new(false);
    let map = expect_context::<KeyMap>();
    let text = |words: &str| Signal::stored(words.to_owned());
    view! {
        <div class="cluster">
            <button class="btn" type="button" data-testid="ask" on:click=move |_| asking.set(true)>"Ask before destroying"</button>
            <button class="btn" type="button" on:click=move |_| map.open()>"Show the keys"</button>
        </div>
        <Confirm
            open=asking
            title=text("Revoke the code for Courier?")
            text=text("The PIN and the QR code stop working at once.")
            safe=text("Keep")
            destroy=text("Revoke")
            on_destroy=|| ()
        />
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        <div class="card">
            <Empty icon=Icon::Visitors title="No visitors yet" text="Make a PIN or a QR code that works only for a while.">
                <button class="btn btn-primary" type="button"><Glyph icon=Icon::Plus/>"New visitor"</button>
            </Empty>
        </div>
        <div class="card"><Empty icon=Icon::Search title="Nothing found"/></div>
    }
    .into_any()
}

fn loading() -> AnyView {
    view! {
        <SkeletonRows/>
        <div class="cluster"><span class="spinner" aria-hidden="true"></span><span>"Loading"</span></div>
        <label class="stack-s small"><span>"Some of it"</span><progress max="100" value="60"></progress></label>
    }
    .into_any()
}
