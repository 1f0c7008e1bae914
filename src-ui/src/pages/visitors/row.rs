//! One visitor as a row of the list.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::{Delivery, Site, Visitor, VisitorId, VisitorState};

use super::{Shown, wording};
use crate::catalogue::{t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::route::{Route, VisitorPlace};
use crate::state;

/// A row that leads to the visitor's card. It stays while the visitor changes, so that the focus stays on it.
#[component]
pub(super) fn Row(id: VisitorId, #[prop(into)] visitor: Signal<Option<Arc<Visitor>>>) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let current = move || (shown.card.get() == Some(id)).then_some("true");
    view! {
        <a
            class="row"
            href=Route::Visitors(VisitorPlace::Card(id)).hash()
            data-visitor=id.0.to_string()
            data-testid="visitor-row"
            aria-current=current
        >
            {move || {
                shown.tick.track();
                visitor.get().map(|visitor| shown.site.with(|site| content(&visitor, site)))
            }}
        </a>
    }
}

fn content(visitor: &Visitor, site: &Site) -> AnyView {
    let i18n = use_i18n();
    let now = state::now();
    let (class, words) = wording::state(i18n, visitor, &site.zone, now);
    let line = wording::line(i18n, visitor, &site.zone, now);
    let stand = visitor.state(now);
    let left = (stand == VisitorState::Active).then(|| wording::part_left(visitor, now)).flatten();
    let uses = matches!(stand, VisitorState::Active | VisitorState::Upcoming)
        .then(|| wording::uses_left(i18n, visitor))
        .flatten();
    // With one apartment its name tells nothing.
    let flat = (site.apartments.len() > 1).then(|| wording::flat(site, visitor));
    let note = match (&visitor.delivery, stand) {
        (Delivery::Waiting, VisitorState::Waiting) => {
            Some((Icon::Queued, "badge badge-icon", t_string!(i18n, visitors.waiting_hint)))
        }
        (Delivery::Waiting, _) => {
            Some((Icon::Queued, "badge badge-icon", t_string!(i18n, visitors.change_waits)))
        }
        _ => wording::refusal(i18n, visitor).map(|words| (Icon::Alert, "badge badge-warn badge-icon", words)),
    };
    let end = match stand {
        // The note below says it.
        VisitorState::Waiting | VisitorState::Refused => None,
        _ => Some(view! { <span class="row-end"><span class=class>{words}</span></span> }),
    };
    view! {
        <span class="tile"><Glyph icon=wording::icon(visitor)/></span>
        <span class="row-text">
            <span class="row-title"><bdi>{visitor.name.clone()}</bdi></span>
            <span class="row-sub wrap visitor-line">
                <span>{line}</span>
                {uses.map(|uses| view! { <span>{uses}</span> })}
                {flat.map(|flat| view! { <span><bdi>{flat}</bdi></span> })}
            </span>
        </span>
        {end}
        {left.map(|left| view! {
            <span class="left"><span class="bar" style=("--v", format!("{:.1}%", left * 100.0)) aria-hidden="true"></span></span>
        })}
        {note.map(|(icon, class, words)| view! { <span class="left"><span class=class><Glyph icon/>{words}</span></span> })}
    }
    .into_any()
}
