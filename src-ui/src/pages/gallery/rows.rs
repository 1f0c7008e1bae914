//! Lists and what stands in their rows.

use leptos::prelude::*;

use super::section;
use crate::components::badge::ServiceBadge;
use crate::components::icon::{Glyph, Icon};
use crate::components::picture::{Preview, Thumb};
use crate::pages::history::CallRow;
use crate::state::History;

pub(super) fn sections() -> AnyView {
    vec![
        section("g-rows", "Rows", rows()),
        section("g-calls", "Call rows", calls()),
        section("g-badges", "Badges", badges()),
        section("g-pictures", "Pictures", pictures()),
        section("g-facts", "Facts", facts()),
    ]
    .into_any()
}

fn rows() -> AnyView {
    let words = |title: &'static str, sub: &'static str| {
        view! { <span class="row-text"><span class="row-title"><bdi>{title}</bdi></span><span class="row-sub">{sub}</span></span> }
    };
    let forward = || view! { <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span> };
    view! {
        <ul class="rows" data-walk="">
            <li><a class="row" href="#/gallery"><span class="tile"><Glyph icon=Icon::Intercom/></span>{words("A link", "Leads to its detail")}{forward()}</a></li>
            <li><a class="row" href="#/gallery" aria-current="true"><span class="tile tile-accent"><Glyph icon=Icon::Card/></span>{words("The current one", "Its detail stands beside it")}{forward()}</a></li>
            <li class="row-split">
                <a class="row" href="#/gallery"><Thumb entry=None/>{words("With a second action", "A button of its own")}</a>
                <button class="icon-btn" type="button"><Glyph icon=Icon::Phone/><span class="vh">"Call"</span></button>
            </li>
            <li><div class="row"><span class="tile tile-warn"><Glyph icon=Icon::Alert/></span>{words("Not a link", "Somebody has to do something")}</div></li>
            <li><div class="row"><span class="tile tile-go"><Glyph icon=Icon::DoorOpen/></span>{words("A door that opened", "The intercom confirmed")}</div></li>
        </ul>
        <ul class="rows compact">
            <li><div class="row"><span class="tile"><Glyph icon=Icon::Door/></span>{words("Compact", "Where there are many")}</div></li>
            <li><div class="row"><span class="tile"><Glyph icon=Icon::Gate/></span>{words("ضيف من القاهرة", "A name of another direction")}</div></li>
            <li><div class="row"><span class="tile"><Glyph icon=Icon::User/></span>{words("Grandparents with luggage and the dog who stay until the end of the week", "A name that wraps")}</div></li>
        </ul>
    }
    .into_any()
}

/// As many kinds of calls as the building has had.
fn calls() -> AnyView {
    let history = expect_context::<History>();
    let rows = move || {
        let rows = history.recent.with(|rows| rows.iter().take(8).cloned().collect::<Vec<_>>());
        rows.into_iter().map(|entry| view! { <CallRow entry current=false/> }).collect_view()
    };
    view! { <ul class="rows" data-walk="">{rows}</ul> }.into_any()
}

fn badges() -> AnyView {
    view! {
        <div class="cluster">
            <span class="badge badge-ready">"Ready"</span>
            <span class="badge badge-wait">"Waiting"</span>
            <span class="badge badge-warn">"Problem"</span>
            <span class="badge">"Off"</span>
        </div>
        <div class="cluster">
            <span class="badge badge-box badge-ready">"Ready"</span>
            <span class="badge badge-box badge-warn">"Problem"</span>
            <span class="badge badge-box badge-go">"Opened"</span>
            <span class="badge badge-box">"Off"</span>
        </div>
        <div class="cluster">
            <span class="badge badge-go badge-icon"><Glyph icon=Icon::DoorOpen/>"Door opened"</span>
            <span class="badge badge-icon"><Glyph icon=Icon::Send/>"Code sent"</span>
            <span class="badge badge-warn badge-icon"><Glyph icon=Icon::Alert/>"Not opened"</span>
        </div>
        <p class="cluster"><span class="muted">"This device, live:"</span><ServiceBadge/></p>
    }
    .into_any()
}

fn pictures() -> AnyView {
    let history = expect_context::<History>();
    let latest = move || history.recent.with(|rows| rows.iter().find(|row| row.has_picture).cloned());
    view! {
        {move || view! { <div class="cluster"><Thumb entry=latest()/><Thumb entry=None/><Thumb entry=None icon=Icon::Garage/></div> }}
        {move || view! { <Preview entry=latest() alt="Visitor at a door" note="Picture from 14:02" none="No picture yet"/> }}
        <Preview entry=None alt="" note="" none="No picture yet"/>
    }
    .into_any()
}

fn facts() -> AnyView {
    view! {
        <dl class="facts boxed">
            <dt>"Name"</dt><dd>"What is known of it"</dd>
            <dt>"Another"</dt><dd class="num">"0.1.0"</dd>
        </dl>
        <dl class="facts-list">
            <div><dt>"Name"</dt><dd>"A sentence that is longer than its name."</dd></div>
            <div><dt>"Another"</dt><dd>"And one more."</dd></div>
        </dl>
        <details>
            <summary><Glyph icon=Icon::Down/>"More"</summary>
            <p>"What is seldom needed."</p>
        </details>
        <p class="cluster"><kbd>"Enter"</kbd><kbd>"M"</kbd><kbd>"?"</kbd></p>
    }
    .into_any()
}
