//! What the program is, and where it keeps things.

use leptos::prelude::*;
use vestibule_ipc::StorageState;

use super::Pane;
use crate::catalogue::{say, t_string, use_i18n};
use crate::components::badge::ServiceBadge;
use crate::state::{Storage, Version};

#[component]
pub(super) fn About() -> impl IntoView {
    let i18n = use_i18n();
    let Storage(storage) = expect_context();
    let Version(version) = expect_context();
    let storage_words = move || {
        storage.with(|storage| match storage {
            StorageState::Ready => t_string!(i18n, storage.ready),
            StorageState::KeyInFile => t_string!(i18n, storage.file),
            StorageState::KeychainLocked => t_string!(i18n, storage.locked),
            StorageState::NoKeychain => t_string!(i18n, storage.none),
            StorageState::StartedAnew { .. } => t_string!(i18n, storage.anew),
            StorageState::FromNewerVersion { .. } => t_string!(i18n, storage.newer),
            StorageState::Unusable { .. } => t_string!(i18n, storage.unusable),
        })
    };
    view! {
        <Pane title=say!(i18n, settings.about)>
            <dl class="facts boxed">
                <dt>{say!(i18n, about.version)}</dt>
                <dd class="num">{move || version.get()}</dd>
                <dt>{say!(i18n, about.service)}</dt>
                <dd><ServiceBadge/></dd>
                <dt>{say!(i18n, about.storage)}</dt>
                <dd>{storage_words}</dd>
                <dt>{say!(i18n, about.licence)}</dt>
                <dd>{say!(i18n, about.licence_names)}</dd>
                <dt>{say!(i18n, about.font)}</dt>
                <dd>{say!(i18n, about.font_name)}</dd>
            </dl>
        </Pane>
    }
}
