//! Which key does what, in a dialog that `?` opens.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::CallPhase;
use vestibule_model::Direction;

use super::icon::{Glyph, Icon};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::keyboard;
use crate::route::{Location, Route};
use crate::state::{Building, Calls, Preferences};

/// Whether the dialog is open.
#[derive(Clone, Copy)]
pub(crate) struct KeyMap(RwSignal<bool>);

impl KeyMap {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new(false))
    }

    /// Opens the dialog.
    pub(crate) fn open(self) {
        self.0.set(true);
    }
}

/// The dialog, once in each window.
#[component]
pub(crate) fn KeyMapDialog() -> impl IntoView {
    let i18n = use_i18n();
    let KeyMap(open) = expect_context();
    let preferences = expect_context::<Preferences>();
    let rings = rings_here();
    let dialog = NodeRef::<html::Dialog>::new();
    let listener = window_event_listener(ev::keydown, move |event| {
        let asked = keyboard::single_key(&event, preferences).is_some_and(|key| key == "?");
        if asked && !rings.get_untracked() {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        if rings.get() {
            open.set(false);
        }
    });
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        // A dialog that is open already cannot be opened again, which is as it should be.
        if open.get() {
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    view! {
        <dialog class="key-map" node_ref=dialog aria-labelledby="t-keys" data-testid="key-map" on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <div class="key-map-head">
                    <h2 id="t-keys" class="grow">{say!(i18n, keys.title)}</h2>
                    <button class="icon-btn" type="button" autofocus on:click=move |_| open.set(false)>
                        <Glyph icon=Icon::Close/>
                        <span class="vh">{say!(i18n, keys.close)}</span>
                    </button>
                </div>
                <Show when=move || preferences.0.with(|p| !p.single_keys)>
                    <p class="dialog-text muted">{say!(i18n, keys.off_note)}</p>
                </Show>
                {groups(i18n).into_iter().map(draw).collect_view()}
            </Show>
        </dialog>
    }
}

/// Whether somebody waits at a door for an answer in this window: nothing may lie over the buttons then.
fn rings_here() -> Memo<bool> {
    let location = expect_context::<Location>();
    let calls = expect_context::<Calls>();
    Memo::new(move |_| {
        let on_screen = || {
            calls
                .on_screen()
                .is_some_and(|call| call.phase == CallPhase::Ringing && call.direction == Direction::Incoming)
        };
        location.get() == Route::Call && (on_screen() || calls.waiting().is_some())
    })
}

/// Keys of one place.
struct Group {
    title: &'static str,
    lines: Vec<Line>,
}

/// What some keys do.
struct Line {
    keys: Vec<&'static str>,
    does: &'static str,
    /// Where they do it, if not everywhere in their place.
    place: &'static str,
}

fn groups(i18n: Catalogue) -> Vec<Group> {
    let line = |keys: &[&'static str], does, place| Line { keys: keys.to_vec(), does, place };
    let (enter, esc) = (t_string!(i18n, keys.enter), t_string!(i18n, keys.esc));
    let (home, end) = (t_string!(i18n, keys.home), t_string!(i18n, keys.end));
    let (rings, talks) = (t_string!(i18n, keys.while_rings), t_string!(i18n, keys.while_talks));
    let mut lists = vec![
        line(
            &[t_string!(i18n, keys.up), t_string!(i18n, keys.down), home, end],
            t_string!(i18n, keys.moves),
            t_string!(i18n, keys.detail_follows),
        ),
        line(&["/"], t_string!(i18n, keys.searches), t_string!(i18n, keys.where_search)),
    ];
    lists.extend(new_visitor(i18n));
    vec![
        Group {
            title: t_string!(i18n, keys.calls),
            lines: vec![
                line(&[enter], t_string!(i18n, keys.answers), rings),
                line(&[esc], t_string!(i18n, keys.declines), rings),
                line(
                    &[t_string!(i18n, keys.one_to_four)],
                    t_string!(i18n, keys.switches),
                    t_string!(i18n, keys.while_both),
                ),
                line(&["M"], t_string!(i18n, keys.mutes), talks),
            ],
        },
        Group { title: t_string!(i18n, keys.lists), lines: lists },
        Group {
            title: t_string!(i18n, keys.everywhere),
            lines: vec![
                line(&[esc], t_string!(i18n, keys.closes), ""),
                line(&[t_string!(i18n, keys.tab)], t_string!(i18n, keys.tabs), ""),
                line(&["?"], t_string!(i18n, keys.opens), ""),
            ],
        },
    ]
}

/// Where there is a building to let visitors into.
fn new_visitor(i18n: Catalogue) -> Option<Line> {
    let Building(building) = expect_context();
    let line = || Line {
        keys: vec!["N"],
        does: t_string!(i18n, keys.new_visitor),
        place: t_string!(i18n, keys.where_visitors),
    };
    building.with(Option::is_some).then(line)
}

fn draw(group: Group) -> AnyView {
    let lines = group
        .lines
        .into_iter()
        .map(|line| {
            let keys = line.keys.into_iter().map(|key| view! { <kbd>{key}</kbd> " " }).collect_view();
            let place = (!line.place.is_empty()).then(|| view! { <span class="row-sub">{line.place}</span> });
            view! { <div><dt>{keys}</dt><dd><span>{line.does}</span>{place}</dd></div> }
        })
        .collect_view();
    view! { <h3>{group.title}</h3><dl>{lines}</dl> }.into_any()
}
