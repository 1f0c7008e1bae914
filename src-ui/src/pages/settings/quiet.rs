//! When nothing rings here: hours of the week, and single intercoms.

use leptos::ev;
use leptos::prelude::*;
use vestibule_model::{Intercom, QuietHours as Hours};

use super::{Edit, use_change};
use crate::catalogue::{Catalogue, say, t_string, use_i18n};
use crate::components::days::Days;
use crate::components::icon::Icon;
use crate::components::toggle::ToggleRow;
use crate::format::{self, parse_time, time_text};
use crate::state::{Intercoms, Preferences};

/// The quiet hours: switched on, they show which.
#[component]
pub(super) fn QuietHours() -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    let on = Memo::new(move |_| preferences.with(|p| p.quiet_hours.on));
    let no_day = move || {
        let none = preferences.with(|p| p.quiet_hours.days.is_empty());
        none.then(|| t_string!(i18n, calls.quiet_no_days).to_owned())
    };
    let time = move |minute: fn(&Hours) -> u16| {
        Signal::derive(move || preferences.with(|p| time_text(minute(&p.quiet_hours))))
    };
    view! {
        <ul class="rows">
            <li>
                <ToggleRow
                    icon=Icon::Clock
                    title=say!(i18n, calls.quiet)
                    text=Signal::derive(move || preferences.with(|p| span(i18n, &p.quiet_hours)))
                    on
                    on_change=move |on| change(Box::new(move |s| s.quiet_hours.on = on))
                    testid="quiet-hours"
                />
            </li>
        </ul>
        {move || on.get().then(|| view! {
            <div class="stack-l">
                <Days
                    legend=t_string!(i18n, calls.quiet_days)
                    is_chosen=move |day| preferences.with(|p| p.quiet_hours.days.contains(&day))
                    on_change=move |day, chosen| change(Box::new(move |s| choose(&mut s.quiet_hours.days, day, chosen)))
                    problem=Signal::derive(no_day)
                />
                <div class="pair">
                    <Time
                        id="quiet-from"
                        label=t_string!(i18n, calls.quiet_from)
                        text=time(|hours| hours.from)
                        on_change=Box::new(move |minute| change(Box::new(move |s| s.quiet_hours.from = minute)))
                    />
                    <Time
                        id="quiet-until"
                        label=t_string!(i18n, calls.quiet_until)
                        text=time(|hours| hours.until)
                        on_change=Box::new(move |minute| change(Box::new(move |s| s.quiet_hours.until = minute)))
                    />
                </div>
            </div>
        })}
    }
}

/// From when until when, whether they count or not.
fn span(i18n: Catalogue, hours: &Hours) -> String {
    let (from, until) = (format::time_of_day(hours.from), format::time_of_day(hours.until));
    if hours.pass_midnight() {
        t_string!(i18n, calls.quiet_over_night, from = from, until = until)
    } else {
        t_string!(i18n, calls.quiet_span, from = from, until = until)
    }
}

/// A time of day. A field that was emptied gets its time back when it is left.
#[component]
fn Time(
    id: &'static str,
    label: &'static str,
    /// As the field writes it.
    text: Signal<String>,
    on_change: Box<dyn Fn(u16) + Send>,
) -> impl IntoView {
    let typed = move |event: ev::Event| {
        if let Some(typed) = parse_time(&event_target_value(&event)) {
            on_change(typed);
        }
    };
    let left = move |event: ev::FocusEvent| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        if parse_time(&input.value()).is_none() {
            input.set_value(&text.get_untracked());
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="input num" id=id data-testid=id type="time" required prop:value=text on:change=typed on:blur=left/>
        </div>
    }
}

/// Which intercoms ring on this device.
#[component]
pub(super) fn RingingIntercoms() -> impl IntoView {
    let i18n = use_i18n();
    let Intercoms(intercoms) = expect_context();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    let row = move |intercom: Intercom| {
        let id = intercom.id;
        let rings = Memo::new(move |_| preferences.with(|p| !p.silent.contains(&id)));
        let text = move || {
            if rings.get() { t_string!(i18n, calls.rings) } else { t_string!(i18n, calls.silent) }.to_owned()
        };
        let edit = move |rings: bool| -> Edit { Box::new(move |s| choose(&mut s.silent, id, !rings)) };
        view! {
            <li>
                <ToggleRow
                    icon=Icon::Intercom
                    title=Signal::stored(intercom.name)
                    text=Signal::derive(text)
                    on=rings
                    on_change=move |rings| change(edit(rings))
                />
            </li>
        }
    };
    move || {
        let rows = intercoms.get().into_iter().map(row).collect_view();
        intercoms.with(|all| !all.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="t-ringing">
                    <h3 id="t-ringing" class="lead">{t_string!(i18n, settings.intercoms)}</h3>
                    <ul class="rows">{rows}</ul>
                </section>
            }
        })
    }
}

/// Puts something among what is chosen, or takes it out.
fn choose<T: PartialEq>(all: &mut Vec<T>, one: T, chosen: bool) {
    all.retain(|known| *known != one);
    if chosen {
        all.push(one);
    }
}
