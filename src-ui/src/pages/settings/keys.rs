//! Keys: single ones on or off, and which does what.

use leptos::prelude::*;

use super::{Pane, use_change};
use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::components::key_map::KeyMap;
use crate::components::toggle::ToggleRow;
use crate::state::Preferences;

#[component]
pub(super) fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    let Preferences(preferences) = expect_context();
    let map = expect_context::<KeyMap>();
    let change = use_change();
    view! {
        <Pane title=say!(i18n, settings.keyboard)>
            <ul class="rows">
                <li>
                    <ToggleRow
                        testid="single-keys"
                        icon=Icon::Keypad
                        title=say!(i18n, keys.single)
                        text=say!(i18n, keys.single_hint)
                        on=Signal::derive(move || preferences.with(|p| p.single_keys))
                        on_change=move |on| change(Box::new(move |s| s.single_keys = on))
                    />
                </li>
            </ul>
            <div class="cluster">
                <button class="btn" type="button" data-testid="show-keys" on:click=move |_| map.open()>
                    <Glyph icon=Icon::Keypad/>
                    <span>{say!(i18n, keys.show)}</span>
                </button>
            </div>
        </Pane>
    }
}
