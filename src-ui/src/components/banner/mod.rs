//! A notice at the head of a page: what is the matter and what to do.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Something to know.
    Plain,
    /// Something to do.
    Warning,
}

/// A notice; the buttons that help stand in it.
#[component]
pub(crate) fn Banner(
    urgency: Urgency,
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = match urgency {
        Urgency::Plain => "banner",
        Urgency::Warning => "banner banner-warn",
    };
    view! {
        <div class=class role="status">
            <Glyph icon/>
            <div class="row-text">
                <p class="row-title">{title}</p>
                <p class="row-sub">{text}</p>
            </div>
            {children.map(|children| children())}
        </div>
    }
}
