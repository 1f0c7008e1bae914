//! The picture of a past call: kept, absent, or not to be drawn.

use leptos::prelude::*;
use vestibule_model::HistoryEntry;

use super::icon::{Glyph, Icon};
use crate::backend::Core;

/// The small picture of a row. It is decoration: the row's words say everything.
#[component]
pub(crate) fn Thumb(
    /// The call whose picture it is; `None` where there is none.
    entry: Option<HistoryEntry>,
    /// What stands in its place.
    #[prop(default = Icon::Intercom)]
    icon: Icon,
) -> impl IntoView {
    let core = expect_context::<Core>();
    let source = entry.filter(|entry| entry.has_picture).map(|entry| core.picture_url(entry.id));
    let broken = RwSignal::new(false);
    move || {
        match source.clone().filter(|_| !broken.get()) {
        Some(source) => view! {
            <img class="thumb" src=source alt="" width="80" height="56" loading="lazy" on:error=move |_| broken.set(true)/>
        }
        .into_any(),
        None => view! { <span class="thumb thumb-none"><Glyph icon/></span> }.into_any(),
    }
    }
}

/// The large picture of a pane, with a line about it.
#[component]
pub(crate) fn Preview(
    entry: Option<HistoryEntry>,
    /// What is known of the picture, never a guess about the person.
    #[prop(into)]
    alt: String,
    /// The line on the picture.
    #[prop(into)]
    note: String,
    /// What stands in its place where none was kept.
    #[prop(into)]
    none: String,
    /// What stands in its place where it cannot be drawn.
    #[prop(optional, into)]
    unreadable: Option<String>,
) -> impl IntoView {
    let core = expect_context::<Core>();
    let source = entry.filter(|entry| entry.has_picture).map(|entry| core.picture_url(entry.id));
    let broken = RwSignal::new(false);
    move || {
        match source.clone().filter(|_| !broken.get()) {
        Some(source) => view! {
            <figure class="preview">
                <img src=source alt=alt.clone() width="1280" height="720" on:error=move |_| broken.set(true)/>
                <figcaption class="preview-note"><Glyph icon=Icon::Camera class="icon-s"/><span>{note.clone()}</span></figcaption>
            </figure>
        }
        .into_any(),
        None => {
            let words = unreadable.clone().filter(|_| broken.get()).unwrap_or_else(|| none.clone());
            view! {
                <div class="preview preview-none"><Glyph icon=Icon::Image class="icon-l"/><p>{words}</p></div>
            }
            .into_any()
        }
    }
    }
}
