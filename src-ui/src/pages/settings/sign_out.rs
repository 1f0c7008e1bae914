//! Signing out: of the building with all that is known of it, or of the SIP account alone.

use leptos::prelude::*;
use vestibule_ipc as ipc;

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::dialog::Confirm;
use crate::components::icon::{Glyph, Icon};
use crate::state::{Building, Preferences, Toasts, Tone, use_orders};

/// The button, where there is something to sign out of. It says what goes before anything does.
#[component]
pub(super) fn SignOut() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let toasts = expect_context::<Toasts>();
    let Preferences(preferences) = expect_context();
    let Building(building) = expect_context();
    let site = Memo::new(move |_| building.with(|site| site.as_ref().map(|site| site.name.clone())));
    let address = Memo::new(move |_| {
        preferences.with(|p| p.account.as_ref().map(|account| format!("{}@{}", account.user, account.domain)))
    });
    let title = Signal::derive(move || match (site.get(), address.get()) {
        (Some(name), _) => t_string!(i18n, account.sign_out_title, address = name),
        (None, address) => t_string!(i18n, account.sign_out_title, address = address.unwrap_or_default()),
    });
    let text = Signal::derive(move || match site.with(Option::is_some) {
        true => t_string!(i18n, account.sign_out_site_hint).to_owned(),
        false => t_string!(i18n, account.sign_out_hint).to_owned(),
    });
    let asking = RwSignal::new(false);
    let done = move |()| toasts.show(t_string!(i18n, account.signed_out).to_owned(), Tone::Status);
    view! {
        <Show when=move || site.with(Option::is_some) || address.with(Option::is_some)>
            <div class="cluster">
                <button class="btn" type="button" data-testid="sign-out" on:click=move |_| asking.set(true)>
                    <Glyph icon=Icon::SignOut class="icon-dir"/>
                    <span>{say!(i18n, account.sign_out)}</span>
                </button>
            </div>
            <Confirm
                open=asking
                title
                text
                safe=say!(i18n, app.keep)
                destroy=say!(i18n, account.sign_out)
                on_destroy=move || orders.then(ipc::SignOut {}, done)
            />
        </Show>
    }
}
