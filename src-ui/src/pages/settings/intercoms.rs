//! The intercoms of this resident.

use leptos::prelude::*;

use super::Pane;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::{Glyph, Icon};
use crate::route::{Route, SettingsPart};
use crate::state::Intercoms;

#[component]
pub(super) fn IntercomList() -> impl IntoView {
    let i18n = use_i18n();
    let Intercoms(intercoms) = expect_context();
    let add = || Route::Settings(Some(SettingsPart::Intercom(None))).hash();
    let rows = move || {
        intercoms
            .get()
            .into_iter()
            .map(|intercom| {
                let href = Route::Settings(Some(SettingsPart::Intercom(Some(intercom.id)))).hash();
                view! {
                    <li>
                        <a class="row" href=href>
                            <span class="tile"><Glyph icon=Icon::Intercom/></span>
                            <span class="row-text">
                                <span class="row-title"><bdi>{intercom.name}</bdi></span>
                                <span class="row-sub"><bdi>{intercom.address.to_string()}</bdi></span>
                            </span>
                            <span class="row-end"><Glyph icon=Icon::Forward class="icon-dir"/></span>
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Pane title=say!(i18n, settings.intercoms)>
            {move || if intercoms.with(Vec::is_empty) {
                view! {
                    <div class="card"><Empty icon=Icon::Intercom title=t_string!(i18n, home.no_intercoms) text=t_string!(i18n, intercom.none_hint)/></div>
                }
                .into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
            <div class="cluster">
                <a class="btn btn-primary" href=add()><Glyph icon=Icon::Plus/><span>{say!(i18n, intercom.add)}</span></a>
            </div>
        </Pane>
    }
}
