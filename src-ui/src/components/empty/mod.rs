//! What a list says when there is nothing in it, or when it could not be read.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A place with nothing in it: what would be here, and what to do.
#[component]
pub(crate) fn Empty(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="tile"><Glyph icon/></span>
            <p class="row-title">{title}</p>
            {(!text.is_empty()).then(|| view! { <p class="muted">{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// Rows that are on their way.
#[component]
pub(crate) fn SkeletonRows() -> impl IntoView {
    let row = || {
        view! {
            <li class="row">
                <span class="thumb skeleton"></span>
                <span class="row-text"><span class="skeleton skeleton-title"></span><span class="skeleton skeleton-sub"></span></span>
            </li>
        }
    };
    view! { <ul class="rows" aria-hidden="true">{row()}{row()}{row()}{row()}</ul> }
}
