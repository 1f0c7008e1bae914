//! One intercom: its name, its address and its switches.

use leptos::ev;
use leptos::prelude::*;
use vestibule_ipc::{DeleteIntercom, SaveIntercom};
use vestibule_model::{Intercom, IntercomId, SipAddressError, SwitchCodeError, SwitchId, SwitchKind};

use super::intercom_form::{TypedSwitch, Wrong, check};
use super::phone::use_owned;
use super::{BackShown, Pane};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::dialog::Confirm;
use crate::components::empty::Empty;
use crate::components::field::{Field, Kind};
use crate::components::icon::{Glyph, Icon};
use crate::components::toggle::ToggleRow;
use crate::route::{Location, Route, SettingsPart};
use crate::state::{Intercoms, Toasts, Tone, use_orders};

const LIST: Route = Route::Settings(Some(SettingsPart::Intercoms));

/// Names of radio groups, one for each switch that can have a key.
const GROUPS: [&str; 8] = ["kind-1", "kind-2", "kind-3", "kind-4", "kind-5", "kind-6", "kind-7", "kind-8"];

#[component]
pub(super) fn Editor(id: Option<IntercomId>) -> impl IntoView {
    let i18n = use_i18n();
    // What another window changes meanwhile does not overwrite what is being typed here.
    let known = untrack(|| id.and_then(|id| expect_context::<Intercoms>().find(id)));
    let owned = use_owned();
    let title = match &known {
        Some(intercom) => intercom.name.clone(),
        None => t_string!(i18n, intercom.new).to_owned(),
    };
    view! {
        <Pane title=Signal::stored(title) back=LIST back_shown=BackShown::Always>
            {if id.is_some() && known.is_none() {
                view! { <Empty icon=Icon::Intercom title=t_string!(i18n, intercom.gone)/> }.into_any()
            } else {
                match known {
                    Some(known) if known.device.is_some() && owned.get_untracked() => {
                        view! { <Given known/> }.into_any()
                    }
                    known => view! { <Form known/> }.into_any(),
                }
            }}
        </Pane>
    }
}

/// An intercom that the building sets up. Its codes are sent, and need not be seen.
#[component]
fn Given(known: Intercom) -> impl IntoView {
    let i18n = use_i18n();
    let Intercom { address, switches, .. } = known;
    let switches = switches.into_iter().map(|switch| view! { <li><bdi>{switch.name}</bdi></li> });
    view! {
        <p class="muted">{say!(i18n, intercom.from_building)}</p>
        <dl class="facts boxed">
            <dt>{t_string!(i18n, intercom.address)}</dt><dd><bdi>{address.to_string()}</bdi></dd>
            <dt>{t_string!(i18n, intercom.switches)}</dt><dd><ul>{switches.collect_view()}</ul></dd>
        </dl>
    }
}

/// A switch while it is typed into. `key` tells it apart from its neighbours, new ones too.
#[derive(Clone, Copy, PartialEq, Eq)]
struct SwitchFields {
    key: u32,
    id: SwitchId,
    name: RwSignal<String>,
    kind: RwSignal<SwitchKind>,
    code: RwSignal<String>,
}

impl SwitchFields {
    fn of(key: u32, typed: TypedSwitch) -> Self {
        Self {
            key,
            id: typed.id,
            name: RwSignal::new(typed.name),
            kind: RwSignal::new(typed.kind),
            code: RwSignal::new(typed.code),
        }
    }

    fn typed(self) -> TypedSwitch {
        TypedSwitch {
            id: self.id,
            name: self.name.get_untracked(),
            kind: self.kind.get_untracked(),
            code: self.code.get_untracked(),
        }
    }
}

#[component]
fn Form(known: Option<Intercom>) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let id = known.as_ref().map_or(IntercomId(0), |intercom| intercom.id);

    let name = RwSignal::new(known.as_ref().map(|i| i.name.clone()).unwrap_or_default());
    let address = RwSignal::new(known.as_ref().map(|i| i.address.to_string()).unwrap_or_default());
    let direct = RwSignal::new(known.as_ref().is_some_and(|i| i.direct));
    let typed: Vec<TypedSwitch> = match &known {
        Some(intercom) => intercom.switches.iter().map(TypedSwitch::of).collect(),
        None => vec![TypedSwitch::new()],
    };
    let next_key = StoredValue::new(u32::try_from(typed.len()).unwrap_or(u32::MAX));
    let switches =
        RwSignal::new((0..).zip(typed).map(|(key, typed)| SwitchFields::of(key, typed)).collect::<Vec<_>>());
    let wrong = RwSignal::new(Vec::<Wrong>::new());
    let saving = RwSignal::new(false);

    let add = move |_| {
        let key = next_key.get_value();
        next_key.set_value(key.wrapping_add(1));
        switches.update(|all| all.push(SwitchFields::of(key, TypedSwitch::new())));
    };
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed: Vec<TypedSwitch> = switches.get_untracked().into_iter().map(SwitchFields::typed).collect();
        match check(id, &name.get_untracked(), &address.get_untracked(), direct.get_untracked(), &typed) {
            Err(problems) => {
                wrong.set(problems);
                focus_first_wrong();
            }
            Ok(intercom) => {
                wrong.set(Vec::new());
                saving.set(true);
                orders.ask(SaveIntercom { intercom }, move |answer| {
                    saving.try_set(false);
                    match answer {
                        Ok(_) => {
                            toasts.show(t_string!(i18n, app.saved).to_owned(), Tone::Status);
                            location.go(LIST);
                        }
                        Err(problem) => orders.say(&problem),
                    }
                });
            }
        }
    };

    view! {
        <form class="stack-l" novalidate on:submit=save>
            <div class="stack fields">
                <Field id="name" label=say!(i18n, intercom.name) hint=say!(i18n, intercom.name_hint) value=name problem=problem(i18n, wrong, |w| matches!(w, Wrong::Name))/>
                <Field id="address" label=say!(i18n, intercom.address) hint=say!(i18n, intercom.address_hint) value=address problem=problem(i18n, wrong, |w| matches!(w, Wrong::Address(_)))/>
            </div>
            <ul class="rows">
                <li><ToggleRow icon=Icon::Server title=say!(i18n, intercom.direct) text=say!(i18n, intercom.direct_hint) on=direct on_change=move |on| direct.set(on)/></li>
            </ul>
            <section class="stack" aria-labelledby="t-switches">
                <div><h3 id="t-switches" class="lead">{say!(i18n, intercom.switches)}</h3>
                <p class="hint">{say!(i18n, intercom.switches_hint)}</p></div>
                <For each=move || switches.get().into_iter().enumerate() key=|(place, fields)| (*place, fields.key) let:entry>
                    <SwitchForm place=entry.0 fields=entry.1 switches wrong/>
                </For>
                <div class="cluster">
                    <button class="btn" type="button" on:click=add disabled=move || switches.with(Vec::len) >= GROUPS.len()>
                        <Glyph icon=Icon::Plus/>
                        <span>{say!(i18n, intercom.add_switch)}</span>
                    </button>
                </div>
            </section>
            <div class="cluster">
                <button class="btn btn-primary btn-l" type="submit" data-testid="save-intercom" disabled=move || saving.get()>
                    {say!(i18n, intercom.save)}
                </button>
                {known.map(|intercom| view! { <DeleteButton intercom/> })}
            </div>
        </form>
    }
}

#[component]
fn SwitchForm(
    place: usize,
    fields: SwitchFields,
    switches: RwSignal<Vec<SwitchFields>>,
    wrong: RwSignal<Vec<Wrong>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || t_string!(i18n, intercom.switch_n, n = place + 1);
    let remove = move |_| {
        wrong.set(Vec::new());
        switches.update(|all| all.retain(|other| other.key != fields.key));
    };
    let called = move || {
        let name = fields.name.get();
        if name.trim().is_empty() { title() } else { name }
    };
    view! {
        <fieldset class="card stack">
            <div class="section-head">
                <legend class="group-label">{title}</legend>
                <button class="icon-btn" type="button" on:click=remove>
                    <Glyph icon=Icon::Trash/>
                    <span class="vh">{say!(i18n, intercom.remove_switch, name = called())}</span>
                </button>
            </div>
            <div class="pair">
                <Field id=format!("switch-name-{place}") label=say!(i18n, intercom.switch_name) value=fields.name problem=problem(i18n, wrong, move |w| *w == Wrong::SwitchName(place))/>
                <Field id=format!("switch-code-{place}") label=say!(i18n, intercom.code) hint=say!(i18n, intercom.code_hint) kind=Kind::Code value=fields.code problem=problem(i18n, wrong, move |w| matches!(w, Wrong::Code(at, _) if *at == place))/>
            </div>
            <Choice
                shape=Shape::Segmented
                name=GROUPS.get(place).copied().unwrap_or_default()
                legend=say!(i18n, intercom.switch_kind)
                legend_shown=LegendShown::Shown
                options=vec![
                    (SwitchKind::Door, t_string!(i18n, intercom.door)),
                    (SwitchKind::Gate, t_string!(i18n, intercom.gate)),
                    (SwitchKind::Light, t_string!(i18n, intercom.light)),
                ]
                value=fields.kind
                on_choose=move |kind| fields.kind.set(kind)
            />
        </fieldset>
    }
}

#[component]
fn DeleteButton(intercom: Intercom) -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let location = expect_context::<Location>();
    let toasts = expect_context::<Toasts>();
    let asking = RwSignal::new(false);
    let id = intercom.id;
    let name = StoredValue::new(intercom.name);
    let delete = move || {
        orders.then(DeleteIntercom { intercom: id }, move |()| {
            let said = t_string!(i18n, intercom.deleted, name = name.try_get_value().unwrap_or_default());
            toasts.show(said, Tone::Status);
            location.go(LIST);
        });
    };
    view! {
        <button class="btn btn-stop-soft btn-l" type="button" data-testid="delete-intercom" on:click=move |_| asking.set(true)>
            <Glyph icon=Icon::Trash/>
            <span>{say!(i18n, intercom.delete)}</span>
        </button>
        <Confirm
            open=asking
            title=say!(i18n, intercom.delete_title, name = name.get_value())
            text=say!(i18n, intercom.delete_hint)
            safe=say!(i18n, app.keep)
            destroy=say!(i18n, app.delete)
            on_destroy=delete
        />
    }
}

/// The words for the field that `is_mine` picks, while it is wrong.
fn problem(
    i18n: Catalogue,
    wrong: RwSignal<Vec<Wrong>>,
    is_mine: impl Fn(&Wrong) -> bool + Send + Sync + 'static,
) -> Signal<Option<String>> {
    Signal::derive(move || wrong.with(|all| all.iter().find(|w| is_mine(w)).map(|w| words_of(i18n, w))))
}

fn words_of(i18n: Catalogue, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Name | Wrong::SwitchName(_) => t_string!(i18n, intercom.bad_name).to_owned(),
        Wrong::Address(SipAddressError::Shape) => t_string!(i18n, intercom.bad_address).to_owned(),
        Wrong::Address(SipAddressError::Port) => t_string!(i18n, intercom.bad_port).to_owned(),
        Wrong::Address(SipAddressError::BadCharacter(c)) => {
            t_string!(i18n, intercom.bad_character, character = c.to_string())
        }
        Wrong::Code(_, SwitchCodeError::Empty) => t_string!(i18n, intercom.code_empty).to_owned(),
        Wrong::Code(_, SwitchCodeError::TooLong) => t_string!(i18n, intercom.code_long).to_owned(),
        Wrong::Code(_, SwitchCodeError::BadCharacter(_) | SwitchCodeError::StarNotLast) => {
            t_string!(i18n, intercom.code_character).to_owned()
        }
    }
}

/// Where the first problem is, the typing goes on.
pub(super) fn focus_first_wrong() {
    request_animation_frame(|| {
        use wasm_bindgen::JsCast;
        let field = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
            // The field was just drawn; if it is gone again there is nothing to focus.
            let _ = field.focus();
        }
    });
}
