//! What is pressed, switched and typed into.

use leptos::prelude::*;

use super::section;
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::field::{Field, Kind, Level, Problem, Select};
use crate::components::icon::{Glyph, Icon};
use crate::components::toggle::ToggleRow;

pub(super) fn sections() -> AnyView {
    vec![
        section("g-buttons", "Buttons", buttons()),
        section("g-icon-buttons", "Icon buttons", icon_buttons()),
        section("g-choice", "Choice", choices()),
        section("g-toggle", "Toggle row", toggles()),
        section("g-field", "Field", fields()),
        section("g-field-states", "Field, wrong or not to be changed", field_states()),
        section("g-select", "Select and level", menus()),
    ]
    .into_any()
}

fn buttons() -> AnyView {
    let looks = [
        ("btn btn-primary", "Primary"),
        ("btn", "Secondary"),
        ("btn btn-soft", "Soft"),
        ("btn btn-plain", "Plain"),
        ("btn btn-go", "Open"),
        ("btn btn-go-soft", "Open, soft"),
        ("btn btn-stop", "Hang up"),
        ("btn btn-stop-soft", "Revoke"),
    ];
    let looks = looks
        .map(|(class, words)| view! { <button class=class type="button">{words}</button> })
        .into_iter()
        .collect_view();
    view! {
        <div class="cluster">{looks}</div>
        <div class="cluster">
            <button class="btn btn-primary btn-l" type="button"><Glyph icon=Icon::Phone/><span>"Large, with icon"</span></button>
            <a class="btn" href="#/gallery">"A link"</a>
        </div>
        <div class="cluster">
            <button class="btn" type="button" disabled>"Disabled"</button>
            <button class="btn btn-primary" type="button" disabled>
                <span class="spinner" aria-hidden="true"></span>"Sending"
            </button>
        </div>
        <button class="btn btn-block" type="button">"Block"</button>
        <div class="tiles">
            <button class="btn btn-tile" type="button"><Glyph icon=Icon::Share/>"Share"</button>
            <button class="btn btn-tile" type="button"><Glyph icon=Icon::Copy/>"Copy"</button>
            <button class="btn btn-tile btn-primary" type="button"><Glyph icon=Icon::Print/>"Print"</button>
        </div>
    }
    .into_any()
}

fn icon_buttons() -> AnyView {
    let pressed = RwSignal::new(true);
    view! {
        <div class="cluster">
            <button class="icon-btn" type="button"><Glyph icon=Icon::Edit/><span class="vh">"Edit"</span></button>
            <button class="icon-btn filled" type="button"><Glyph icon=Icon::More/><span class="vh">"More"</span></button>
            <button class="icon-btn filled" type="button" aria-pressed=move || pressed.get().to_string() on:click=move |_| pressed.update(|on| *on = !*on)>
                <Glyph icon=Signal::derive(move || if pressed.get() { Icon::BellOff } else { Icon::Bell })/>
                <span class="vh">"Do not disturb"</span>
            </button>
            <button class="icon-btn" type="button"><span class="spinner" aria-hidden="true"></span><span class="vh">"Busy"</span></button>
            <button class="icon-btn" type="button"><Glyph icon=Icon::Back class="icon-dir"/><span class="vh">"Back"</span></button>
        </div>
    }
    .into_any()
}

fn choices() -> AnyView {
    let (bar, chips) = (RwSignal::new(0), RwSignal::new(1));
    view! {
        <Choice
            shape=Shape::Segmented
            name="g-bar"
            legend=text("Segmented")
            legend_shown=LegendShown::Shown
            options=vec![(0, "Same as the system"), (1, "Light"), (2, "Dark")]
            value=bar
            on_choose=move |chosen| bar.set(chosen)
        />
        <Choice
            shape=Shape::Chips
            name="g-chips"
            legend=text("Chips")
            legend_shown=LegendShown::Shown
            options=vec![(0, "All"), (1, "Missed"), (2, "Declined")]
            value=chips
            on_choose=move |chosen| chips.set(chosen)
        />
    }
    .into_any()
}

fn toggles() -> AnyView {
    let (on, off) = (RwSignal::new(true), RwSignal::new(false));
    view! {
        <ul class="rows">
            <li><ToggleRow icon=Icon::Bell title=text("On") text=text("What it does, and its cost") on=on on_change=move |to| on.set(to)/></li>
            <li><ToggleRow icon=Icon::Moon title=text("Off") text=text("What it does, and its cost") on=off on_change=move |to| off.set(to)/></li>
            <li>
                <label class="row">
                    <span class="tile"><Glyph icon=Icon::Lock/></span>
                    <span class="row-text"><span class="row-title">"Locked"</span><span class="row-sub">"The site has set this."</span></span>
                    <input class="switch" type="checkbox" role="switch" checked disabled/>
                </label>
            </li>
        </ul>
    }
    .into_any()
}

fn fields() -> AnyView {
    let typed = |text: &str| RwSignal::new(text.to_owned());
    view! {
        <div class="stack fields">
            <Field id="g-empty" label=text("Empty") hint=text("What it is for.") value=typed("")/>
            <Field id="g-text" label=text("Text") value=typed("Main entrance")/>
            <Field id="g-password" label=text("Password") kind=Kind::Password value=typed("not a password")/>
            <Field id="g-code" label=text("Code") kind=Kind::Code value=typed("00*#")/>
            <Field id="g-number" label=text("Number") kind=Kind::Number value=typed("600")/>
            <Field id="g-lines" label=text("Lines") kind=Kind::Lines value=typed("one\ntwo")/>
            <div class="field">
                <label for="g-search">"With an icon"</label>
                <div class="with-icon"><Glyph icon=Icon::Search/><input class="input" id="g-search" type="search" placeholder="Name or address"/></div>
            </div>
        </div>
    }
    .into_any()
}

fn field_states() -> AnyView {
    let wrong = |words: &str| Signal::stored(Some(words.to_owned()));
    view! {
        <div class="stack fields">
            <Field id="g-wrong" label=text("Wrong") hint=text("A hint stays.") value=RwSignal::new("a b".to_owned()) problem=wrong("Enter the user name without spaces.")/>
            <Field id="g-wrong-lines" label=text("Wrong, lines") kind=Kind::Lines value=RwSignal::new("a:b:c".to_owned()) problem=wrong("Write each server as host or host:port.")/>
            <div class="field">
                <label for="g-disabled">"Disabled"</label>
                <input class="input" id="g-disabled" value="Set by the site" disabled/>
            </div>
            <div class="field">
                <span class="group-label">"A problem alone"</span>
                <Problem id="g-problem" problem=wrong("The end is before the start. Choose a time after 10:00.")/>
            </div>
        </div>
    }
    .into_any()
}

fn menus() -> AnyView {
    let (place, level) = (RwSignal::new(0), RwSignal::new(80_u8));
    view! {
        <div class="stack fields">
            <Select id="g-select-1" label=text("Select") options=Signal::stored(vec!["Same as the system".to_owned(), "USB headset".to_owned()]) value=place on_choose=move |to| place.set(to)/>
            <Level id="g-level" label=text("Level") words=Signal::derive(move || format!("{} %", level.get())) value=level on_change=move |to| level.set(to)/>
            <div class="field"><label for="g-level-off">"Level, disabled"</label><input class="level" id="g-level-off" type="range" disabled/></div>
            <div class="field"><label for="g-radio">"Radio"</label><input class="radio" id="g-radio" type="radio" checked/></div>
        </div>
    }
    .into_any()
}

fn text(words: &str) -> Signal<String> {
    Signal::stored(words.to_owned())
}
