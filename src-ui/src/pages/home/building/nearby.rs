//! The doors nearby, or why there are none and what to do.

use leptos::prelude::*;
use vestibule_ipc::ErrorCode;
use vestibule_model::{AdapterState, CardState, DoorId, DoorState, MobileAccess};

use super::door::{DoorRow, NearestDoor};
use super::door_words::{self, verdict};
use super::nearest::nearest;
use super::press::Press;
use super::search::{Search, search_while_seen};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::pages::mobile::{Phase, Question, adapter_words, ask_mobile_access};
use crate::route::Route;
use crate::state::{Building, Mobile};
use crate::words;

/// What stands in the place of the doors.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Loading,
    Failed(ErrorCode),
    Silent,
    /// The site does not let phones open doors: nothing is to be said of them here.
    Nothing,
    CardOff,
    CardElsewhere(String),
    CardMoving,
    Adapter(AdapterState),
    NoneNear,
    Doors,
}

/// The doors nearby, where there is a building.
#[component]
pub(crate) fn NearbyDoors() -> impl IntoView {
    let Building(building) = expect_context();
    let here = Memo::new(move |_| building.with(Option::is_some));
    move || here.get().then(|| view! { <Section/> })
}

#[component]
fn Section() -> impl IntoView {
    let i18n = use_i18n();
    let Mobile(mobile) = expect_context();
    let question = ask_mobile_access();
    let search = search_while_seen();
    let press = Press::new();
    let said = announce(i18n, press);
    let shown = Memo::new(move |_| mobile.with(|access| shown(access.as_ref(), question.phase())));
    let allowed = Memo::new(move |_| shown.get() != Shown::Nothing);
    move || {
        allowed.get().then(|| {
            view! {
                <section class="stack" aria-labelledby="t-nearby">
                    <div class="section-head">
                        <h2 id="t-nearby">{say!(i18n, door.nearby)}</h2>
                        {move || matches!(shown.get(), Shown::Doors | Shown::NoneNear).then(|| view! { <Searching search/> })}
                    </div>
                    <p class="vh" role="status" data-testid="door-result">{said}</p>
                    {move || match shown.get() {
                        Shown::Doors => view! { <Doors press/> }.into_any(),
                        shown => no_doors(i18n, shown, question),
                    }}
                    {search.pending().problem(i18n)}
                </section>
            }
        })
    }
}

fn shown(access: Option<&MobileAccess>, phase: Phase) -> Shown {
    let Some(access) = access else {
        return match phase {
            Phase::Failed(code) => Shown::Failed(code),
            Phase::Silent => Shown::Silent,
            Phase::Idle | Phase::Waiting => Shown::Loading,
        };
    };
    match &access.card {
        CardState::NotAllowed => Shown::Nothing,
        CardState::Off => Shown::CardOff,
        CardState::Elsewhere { device } => Shown::CardElsewhere(device.clone()),
        CardState::Moving => Shown::CardMoving,
        CardState::Active { .. } if access.adapter != AdapterState::Ready => Shown::Adapter(access.adapter),
        CardState::Active { .. } if access.doors.is_empty() => Shown::NoneNear,
        CardState::Active { .. } => Shown::Doors,
    }
}

/// That it searches, or the way to have it search.
#[component]
fn Searching(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    let Mobile(mobile) = expect_context();
    let searching = Memo::new(move |_| {
        search.pending().waits() || mobile.with(|access| access.as_ref().is_some_and(|a| a.searching))
    });
    move || {
        if searching.get() {
            view! { <span class="searching"><i></i>{t_string!(i18n, door.searching)}</span> }.into_any()
        } else {
            view! { <button class="btn btn-plain" type="button" on:click=move |_| search.begin()>{t_string!(i18n, door.search)}</button> }
                .into_any()
        }
    }
}

#[component]
fn Doors(press: Press) -> impl IntoView {
    let Mobile(mobile) = expect_context();
    let large = Memo::new(move |before: Option<&Option<DoorId>>| {
        let pressed = press.waiting();
        mobile.with(|access| nearest(before.copied().flatten(), pressed, &access.as_ref()?.doors))
    });
    let others = Memo::new(move |_| {
        let large = large.get();
        mobile.with(|access| {
            let doors = access.iter().flat_map(|access| &access.doors);
            doors.map(|door| door.id).filter(|id| Some(*id) != large).collect::<Vec<_>>()
        })
    });
    view! {
        {move || large.get().map(|id| view! { <NearestDoor id press/> })}
        <Show when=move || !others.with(Vec::is_empty)>
            <ul class="rows">
                <For each=move || others.get() key=|id| *id let:id><DoorRow id press/></For>
            </ul>
        </Show>
    }
}

fn no_doors(i18n: Catalogue, shown: Shown, question: Question) -> AnyView {
    let again = move |words: &'static str| {
        let waits = move || question.pending().waits().to_string();
        view! { <button class="btn" type="button" aria-busy=waits on:click=move |_| question.again()>{words}</button> }
            .into_any()
    };
    let card = move || {
        view! { <a class="btn" href=Route::MobileAccess.hash()>{t_string!(i18n, mobile.title)}</a> }
            .into_any()
    };
    let check = t_string!(i18n, mobile.check_again);
    let not_read = t_string!(i18n, door.not_read);
    let (icon, tone, title, text, help) = match shown {
        Shown::Doors | Shown::Nothing => return ().into_any(),
        Shown::Loading => {
            return view! {
                <div class="door-hero" role="status">
                    <span class="vh">{t_string!(i18n, app.loading)}</span>
                    <span class="skeleton skeleton-title"></span>
                    <span class="skeleton skeleton-door"></span>
                </div>
            }
            .into_any();
        }
        Shown::Failed(code) => (
            Icon::Alert,
            "tile tile-warn",
            not_read.to_owned(),
            words::error(i18n, code),
            again(t_string!(i18n, app.try_again)),
        ),
        Shown::Silent => (
            Icon::Alert,
            "tile tile-warn",
            not_read.to_owned(),
            t_string!(i18n, mobile.no_answer),
            again(t_string!(i18n, app.try_again)),
        ),
        Shown::CardOff => (
            Icon::Key,
            "tile",
            t_string!(i18n, door.card_off).to_owned(),
            t_string!(i18n, door.card_off_hint),
            card(),
        ),
        Shown::CardElsewhere(device) => (
            Icon::Key,
            "tile",
            t_string!(i18n, door.card_elsewhere, device = device),
            t_string!(i18n, door.card_elsewhere_hint),
            card(),
        ),
        Shown::CardMoving => (
            Icon::Key,
            "tile",
            t_string!(i18n, mobile.moving).to_owned(),
            t_string!(i18n, mobile.moving_effect),
            card(),
        ),
        Shown::Adapter(adapter) => {
            let (title, text) = adapter_words(i18n, adapter);
            let tone = if adapter == AdapterState::Missing { "tile" } else { "tile tile-warn" };
            (Icon::Bluetooth, tone, title.to_owned(), text, again(check))
        }
        Shown::NoneNear => (
            Icon::Signal,
            "tile",
            t_string!(i18n, door.none_near).to_owned(),
            t_string!(i18n, door.none_near_hint),
            ().into_any(),
        ),
    };
    view! {
        <div class="card no-doors" data-testid="no-doors">
            <span class=tone><Glyph icon/></span>
            <div class="row-text" role="status"><p class="row-title">{title}</p><p class="row-sub">{text}</p></div>
            {help}
        </div>
    }
    .into_any()
}

/// The newest thing that is known of a door, for those who do not see it.
fn announce(i18n: Catalogue, press: Press) -> RwSignal<String> {
    let Mobile(mobile) = expect_context();
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<Vec<(DoorId, DoorState)>>| {
        let doors = mobile.with(|access| access.as_ref().map(|a| a.doors.clone())).unwrap_or_default();
        let now: Vec<_> = doors.iter().map(|door| (door.id, door.state)).collect();
        let Some(before) = before else { return now };
        for door in &doors {
            // Doors that have just come into sight tell nothing that one has asked for.
            let changed = before.iter().any(|(id, state)| *id == door.id && *state != door.state);
            if let Some(text) = changed.then(|| door_words::said(i18n, door)).flatten() {
                said.set(text);
            }
        }
        if before != now && doors.iter().all(|door| door.state == DoorState::Ready) {
            said.set(String::new());
        }
        now
    });
    Effect::new(move |_| {
        if let Some(verdict) = press.fruitless().and_then(|(_, stand)| verdict(i18n, stand)) {
            said.set(verdict.text.to_owned());
        }
    });
    said
}

#[cfg(test)]
mod tests {
    use vestibule_model::{AccessMode, Timestamp};

    use super::*;

    #[test]
    fn the_card_goes_before_bluetooth_and_bluetooth_before_doors() {
        let access = |card, adapter| MobileAccess {
            card,
            adapter,
            modes: vec![AccessMode::Press],
            enabled: vec![AccessMode::Press],
            doors: Vec::new(),
            searching: true,
        };
        let active = CardState::Active { since: Timestamp(0) };
        for (card, adapter, expected) in [
            (CardState::NotAllowed, AdapterState::Off, Shown::Nothing),
            (CardState::Off, AdapterState::Missing, Shown::CardOff),
            (CardState::Moving, AdapterState::Ready, Shown::CardMoving),
            (active.clone(), AdapterState::Off, Shown::Adapter(AdapterState::Off)),
            (active, AdapterState::Ready, Shown::NoneNear),
        ] {
            assert_eq!(shown(Some(&access(card, adapter)), Phase::Waiting), expected);
        }
        assert_eq!(shown(None, Phase::Waiting), Shown::Loading);
        assert_eq!(shown(None, Phase::Silent), Shown::Silent);
    }
}
