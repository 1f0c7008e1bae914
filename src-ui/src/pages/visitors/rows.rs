//! The rows: the groups that need to be seen to, and those who can come in.

use std::sync::Arc;

use leptos::prelude::*;
use vestibule_model::VisitorId;

use super::row::Row;
use super::{Group, Shown, groups};
use crate::catalogue::{t_string, use_i18n};
use crate::components::window_list::{DrawHeading, DrawRow, WindowList, in_groups, show_beside};
use crate::route::{Route, VisitorPlace};
use crate::state::Visitors;

/// The rows of the part that is chosen. `goal` takes the focus to one of them.
#[component]
pub(super) fn Rows(goal: RwSignal<Option<i64>>) -> impl IntoView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let shown = expect_context::<Shown>();
    let lines = Memo::new(move |_| {
        shown.sorted.with(|sorted| {
            let groups = groups(sorted, visitors.part.get());
            in_groups(groups.flat_map(|(group, rows)| rows.iter().map(move |id| (id.0, group as i64))))
        })
    });
    let several = Memo::new(move |_| {
        lines.with(|lines| lines.first().map(|l| l.group) != lines.last().map(|l| l.group))
    });
    let heading: DrawHeading = Arc::new(move |group| {
        let name = match group {
            group if group == Group::Refused as i64 => t_string!(i18n, visitors.refused),
            group if group == Group::Waiting as i64 => t_string!(i18n, visitors.made_offline),
            // Alone it needs no name.
            _ => several.get().then(|| t_string!(i18n, visitors.can_come))?,
        };
        Some(name.into_any())
    });
    let draw: DrawRow = Arc::new(move |id| {
        let id = VisitorId(id);
        let visitor = Memo::new(move |_| visitors.find(id));
        view! { <Row id visitor/> }.into_any()
    });
    let moved = move |id| show_beside(&Route::Visitors(VisitorPlace::Card(VisitorId(id))).hash());
    view! {
        <WindowList lines more=Signal::stored(false) draw heading near_end=Callback::new(|()| ()) moved=Callback::new(moved) goal/>
    }
}
