//! Calls and ringing.

use leptos::prelude::*;
use vestibule_model::SecondCall;

use super::quiet::{QuietHours, RingingIntercoms};
use super::{Pane, use_change};
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::choice::{Choice, LegendShown, Shape};
use crate::components::icon::Icon;
use crate::components::toggle::ToggleRow;
use crate::state::Preferences;

#[component]
pub(super) fn Calls() -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let change = use_change();
    view! {
        <Pane title=say!(i18n, settings.calls)>
            <ul class="rows">
                <li>
                    <ToggleRow
                        icon=Icon::Moon
                        title=say!(i18n, calls.dnd)
                        text=say!(i18n, calls.dnd_hint)
                        on=Signal::derive(move || preferences.with(|p| p.do_not_disturb))
                        on_change=move |on| change(Box::new(move |s| s.do_not_disturb = on))
                    />
                </li>
                <li>
                    <ToggleRow
                        icon=Icon::Desktop
                        title=say!(i18n, calls.autostart)
                        text=say!(i18n, calls.autostart_hint)
                        on=Signal::derive(move || preferences.with(|p| p.autostart))
                        on_change=move |on| change(Box::new(move |s| s.autostart = on))
                    />
                </li>
            </ul>
            <QuietHours/>
            <Choice
                shape=Shape::Segmented
                name="second"
                legend=say!(i18n, calls.second)
                legend_shown=LegendShown::Shown
                options=vec![
                    (SecondCall::Waiting, t_string!(i18n, calls.second_waiting)),
                    (SecondCall::Busy, t_string!(i18n, calls.second_busy)),
                ]
                value=Signal::derive(move || preferences.with(|p| p.second_call))
                on_choose=move |second| change(Box::new(move |s| s.second_call = second))
            />
            <RingingIntercoms/>
        </Pane>
    }
}
