//! What is said when the cache or the keychain is not as it should be.

use leptos::prelude::*;
use vestibule_ipc::{AllowKeyFile, StartedAnew, StorageState, UnlockKeychain};

use crate::catalogue::{t_string, use_i18n};
use crate::components::banner::{Banner, Urgency};
use crate::components::icon::Icon;
use crate::state::{Storage, use_orders};

/// A notice while there is something to know or to do, else nothing.
#[component]
pub(crate) fn StorageNotice() -> impl IntoView {
    let i18n = use_i18n();
    let orders = use_orders();
    let Storage(storage) = expect_context();
    move || {
        match storage.get() {
        StorageState::Ready | StorageState::KeyInFile => ().into_any(),
        StorageState::KeychainLocked => view! {
            <Banner urgency=Urgency::Warning icon=Icon::Lock title=t_string!(i18n, storage.locked) text=t_string!(i18n, storage.locked_hint)>
                <button class="btn" type="button" on:click=move |_| orders.send(UnlockKeychain {})>
                    {t_string!(i18n, storage.unlock)}
                </button>
            </Banner>
        }
        .into_any(),
        StorageState::NoKeychain => view! {
            <Banner urgency=Urgency::Warning icon=Icon::Key title=t_string!(i18n, storage.none) text=t_string!(i18n, storage.none_hint)>
                <button class="btn" type="button" on:click=move |_| orders.send(AllowKeyFile {})>
                    {t_string!(i18n, storage.allow)}
                </button>
            </Banner>
        }
        .into_any(),
        StorageState::StartedAnew { kept_as, why } => {
            let text = match why {
                StartedAnew::Damaged => t_string!(i18n, storage.anew_damaged, path = kept_as),
                StartedAnew::KeyLost => t_string!(i18n, storage.anew_key_lost, path = kept_as),
            };
            view! { <Banner urgency=Urgency::Plain icon=Icon::Info title=t_string!(i18n, storage.anew) text/> }.into_any()
        }
        StorageState::FromNewerVersion { found, known } => {
            let text = t_string!(i18n, storage.newer_hint, found = found, known = known);
            view! { <Banner urgency=Urgency::Warning icon=Icon::Alert title=t_string!(i18n, storage.newer) text/> }.into_any()
        }
        StorageState::Unusable { message } => {
            let text = t_string!(i18n, storage.unusable_hint, message = message);
            view! { <Banner urgency=Urgency::Warning icon=Icon::Alert title=t_string!(i18n, storage.unusable) text/> }.into_any()
        }
    }
    }
}
