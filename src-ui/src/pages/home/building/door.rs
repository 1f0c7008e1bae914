//! A door nearby: the nearest one large, the others as rows.

use leptos::prelude::*;
use vestibule_model::{DoorId, DoorState, NearbyDoor};

use super::door_words::{self, Verdict};
use super::press::{Press, Stand};
use crate::catalogue::{Catalogue, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::route::Route;
use crate::state::Mobile;

/// The nearest door.
#[component]
pub(super) fn NearestDoor(id: DoorId, press: Press) -> impl IntoView {
    let i18n = use_i18n();
    let view = DoorView::new(id, press);
    view! {
        <article class="door-hero" aria-labelledby="t-nearest" data-testid="nearby-door">
            <div class="head">
                <span class="tile tile-go"><Glyph icon=Signal::derive(move || view.icon())/></span>
                <div class="row-text">
                    <h3 class="row-title" id="t-nearest"><bdi>{move || view.name()}</bdi></h3>
                    <p class="row-sub marked">{view.reach(i18n)}</p>
                </div>
            </div>
            <button
                class="btn btn-go btn-l btn-block"
                type="button"
                data-testid="open-nearby"
                aria-busy=move || view.busy().to_string()
                on:click=move |_| view.press()
            >
                {view.button_icon()}
                <span>{move || view.button_words(i18n)}</span>
            </button>
            {view.verdict(i18n)}
        </article>
    }
}

/// A door that is not the nearest.
#[component]
pub(super) fn DoorRow(id: DoorId, press: Press) -> impl IntoView {
    let i18n = use_i18n();
    let view = DoorView::new(id, press);
    // The whole name is read; the row shows the door's already.
    let short = move || if view.busy() { t_string!(i18n, door.opening) } else { t_string!(i18n, door.open) };
    view! {
        <li class="row-split" data-testid="nearby-row">
            <div class="row">
                <span class="tile"><Glyph icon=Signal::derive(move || view.icon())/></span>
                <div class="row-text">
                    <h3 class="row-title"><bdi>{move || view.name()}</bdi></h3>
                    <p class="row-sub marked">{view.reach(i18n)}</p>
                    {view.verdict(i18n)}
                </div>
            </div>
            <button
                class="btn btn-go-soft"
                type="button"
                data-testid="open-row"
                aria-busy=move || view.busy().to_string()
                on:click=move |_| view.press()
            >
                {move || view.busy().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                <span aria-hidden="true">{short}</span>
                <span class="vh">{move || view.button_words(i18n)}</span>
            </button>
        </li>
    }
}

/// What both need of a door.
#[derive(Clone, Copy)]
struct DoorView {
    id: DoorId,
    door: Memo<Option<NearbyDoor>>,
    stand: Memo<Stand>,
    press: Press,
}

impl DoorView {
    fn new(id: DoorId, press: Press) -> Self {
        let Mobile(mobile) = expect_context();
        let door = Memo::new(move |_| {
            mobile.with(|access| access.as_ref()?.doors.iter().find(|door| door.id == id).cloned())
        });
        let stand = Memo::new(move |_| {
            door.with(|door| {
                door.as_ref().map_or(Stand::Known(DoorState::OutOfRange), |door| press.stand(door))
            })
        });
        Self { id, door, stand, press }
    }

    fn press(self) {
        if self.stand.get_untracked() != Stand::Known(DoorState::Opening) {
            self.press.open(self.id);
        }
    }

    fn busy(self) -> bool {
        self.stand.get() == Stand::Known(DoorState::Opening)
    }

    fn name(self) -> String {
        self.door.with(|door| door.as_ref().map(|door| door.name.clone()).unwrap_or_default())
    }

    fn icon(self) -> Icon {
        let open = matches!(self.stand.get(), Stand::Known(DoorState::Granted { .. }));
        if open { Icon::DoorOpen } else { Icon::Door }
    }

    fn button_icon(self) -> AnyView {
        (move || match self.busy() {
            true => view! { <span class="spinner" aria-hidden="true"></span> }.into_any(),
            false => view! { <Glyph icon=Icon::Lock/> }.into_any(),
        })
        .into_any()
    }

    fn button_words(self, i18n: Catalogue) -> String {
        if self.busy() {
            t_string!(i18n, door.opening_name, name = self.name())
        } else {
            t_string!(i18n, door.open_name, name = self.name())
        }
    }

    /// How near it is, in bars and in words.
    fn reach(self, i18n: Catalogue) -> AnyView {
        let strength =
            Memo::new(move |_| self.door.with(|door| door.as_ref().map_or(0, |door| door.strength.min(4))));
        view! {
            <span class="reach" data-n=move || strength.get().to_string() aria-hidden="true"><i></i><i></i><i></i><i></i></span>
            <span>{move || door_words::reach(i18n, strength.get())}</span>
        }
        .into_any()
    }

    /// What came of the press. It is announced elsewhere, once for all doors.
    fn verdict(self, i18n: Catalogue) -> AnyView {
        let verdict = Memo::new(move |_| door_words::verdict(i18n, self.stand.get()));
        (move || verdict.get().map(|verdict| verdict_view(i18n, verdict))).into_any()
    }
}

fn verdict_view(i18n: Catalogue, verdict: Verdict) -> AnyView {
    let Verdict { icon, text, good, needs_help } = verdict;
    let tone = if good { "good" } else { "bad" };
    let help = needs_help.then(|| {
        view! { <a class="btn btn-plain" href=Route::Report.hash()>{t_string!(i18n, site.contact)}</a> }
    });
    view! {
        <div class="door-verdict" data-tone=tone>
            <p><Glyph icon/><span>{text}</span></p>
            {help}
        </div>
    }
    .into_any()
}
