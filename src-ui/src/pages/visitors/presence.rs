//! Whether a visitor is there to be shown, and what is shown when not.

use leptos::prelude::*;
use vestibule_ipc::ErrorCode;
use vestibule_model::VisitorId;

use super::BackToList;
use crate::catalogue::{t_string, use_i18n};
use crate::components::empty::Empty;
use crate::components::icon::Icon;
use crate::state::{Reading, Visitors};
use crate::words;

/// Whether a visitor can be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Here,
    /// They are being read, and may come with that.
    Coming,
    Gone,
    Failed(ErrorCode),
}

/// Whether this visitor is there.
pub(super) fn presence(id: VisitorId) -> Memo<Presence> {
    let visitors = expect_context::<Visitors>();
    Memo::new(move |_| match (visitors.find(id), visitors.reading.get()) {
        (Some(_), _) => Presence::Here,
        (None, Reading::First | Reading::Again) => Presence::Coming,
        (None, Reading::Failed(problem)) => Presence::Failed(problem.code),
        (None, Reading::Done) => Presence::Gone,
    })
}

/// The detail pane of a visitor who is not there.
pub(super) fn absent(presence: Presence) -> AnyView {
    let i18n = use_i18n();
    let visitors = expect_context::<Visitors>();
    let body = match presence {
        Presence::Coming | Presence::Here => view! {
            <div class="empty fill" role="status">
                <span class="spinner" aria-hidden="true"></span>
                <span class="vh">{t_string!(i18n, app.loading)}</span>
            </div>
        }
        .into_any(),
        Presence::Gone => view! { <Empty icon=Icon::Visitors title=t_string!(i18n, visitors.gone)/> }.into_any(),
        Presence::Failed(code) => view! {
            <Empty icon=Icon::Alert title=t_string!(i18n, visitors.not_read) text=words::error(i18n, code)>
                <button class="btn" type="button" on:click=move |_| visitors.refresh()>{t_string!(i18n, app.try_again)}</button>
            </Empty>
        }
        .into_any(),
    };
    view! {
        <section class="pane pane-detail">
            <header class="pane-head"><BackToList/></header>
            <div class="pane-body">{body}</div>
        </section>
    }
    .into_any()
}
