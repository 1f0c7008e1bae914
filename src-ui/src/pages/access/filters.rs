//! What of the log is shown: only problems, one method.

use leptos::prelude::*;
use vestibule_model::AccessMethod;

use super::words;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::AccessLog;

/// The chips.
#[component]
pub(super) fn Filters() -> impl IntoView {
    let i18n = use_i18n();
    let log = expect_context::<AccessLog>();
    let methods = words::METHODS.into_iter().map(|method| {
        let (icon, words) = words::method(i18n, method);
        view! { <Method method=Some(method) icon=Some(icon) words id=words::method_id(method)/> }
    });
    view! {
        <fieldset>
            <legend class="vh">{say!(i18n, access.filter)}</legend>
            <div class="chips chips-scroll">
                <label class="chip">
                    <input
                        type="checkbox"
                        data-testid="problems-only"
                        prop:checked=move || log.problems_only.get()
                        on:change=move |event| {
                            log.problems_only.set(event_target_checked(&event));
                            log.filter();
                        }
                    />
                    <span><Glyph icon=Icon::Check class="tick"/>{say!(i18n, access.problems_only)}</span>
                </label>
                <Method method=None icon=None words=t_string!(i18n, access.any_method) id="any"/>
                {methods.collect_view()}
            </div>
        </fieldset>
    }
}

/// One method, or all of them. They exclude each other, as the log is asked for one.
#[component]
fn Method(
    method: Option<AccessMethod>,
    icon: Option<Icon>,
    words: &'static str,
    id: &'static str,
) -> impl IntoView {
    let log = expect_context::<AccessLog>();
    view! {
        <label class="chip">
            <input
                type="radio"
                name="method"
                data-testid=format!("method-{id}")
                prop:checked=move || log.method.get() == method
                on:change=move |_| {
                    log.method.set(method);
                    log.filter();
                }
            />
            <span>{icon.map(|icon| view! { <Glyph icon/> })}{words}</span>
        </label>
    }
}
