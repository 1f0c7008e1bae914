//! What the program is, and where it keeps things.

use leptos::prelude::*;

use super::Pane;
use super::diagnostics::Diagnostics;
use crate::catalogue::{say, use_i18n};
use crate::components::badge::ServiceBadge;
use crate::state::{Storage, Version};
use crate::words;

#[component]
pub(super) fn About() -> impl IntoView {
    let i18n = use_i18n();
    let Storage(storage) = expect_context();
    let Version(version) = expect_context();
    view! {
        <Pane title=say!(i18n, settings.about)>
            <dl class="facts boxed">
                <dt>{say!(i18n, about.version)}</dt>
                <dd class="num">{move || version.get()}</dd>
                <dt>{say!(i18n, about.service)}</dt>
                <dd><ServiceBadge/></dd>
                <dt>{say!(i18n, about.storage)}</dt>
                <dd>{move || storage.with(|storage| words::storage(i18n, storage))}</dd>
                <dt>{say!(i18n, about.licence)}</dt>
                <dd>{say!(i18n, about.licence_names)}</dd>
                <dt>{say!(i18n, about.font)}</dt>
                <dd>{say!(i18n, about.font_name)}</dd>
            </dl>
            <Diagnostics/>
            <GalleryLink/>
        </Pane>
    }
}

/// For those who build the app, in the bundle that only they use. English, as that page is.
#[cfg(feature = "fake")]
#[component]
fn GalleryLink() -> impl IntoView {
    let href = crate::route::Route::Gallery.hash();
    view! { <p lang="en" dir="ltr"><a class="btn btn-plain" href=href>"Component gallery"</a></p> }
}

#[cfg(not(feature = "fake"))]
#[component]
fn GalleryLink() -> impl IntoView {}
