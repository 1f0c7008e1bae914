//! What activating here does to the other device, said before it is done. Nothing is destroyed, so nothing is red.

use leptos::html;
use leptos::prelude::*;
use vestibule_model::CardState;

use crate::catalogue::{say, t_string, use_i18n};

/// The question; leaving everything as it is has the focus.
#[component]
pub(super) fn MoveDialog(
    /// Open while true; answering closes it.
    open: RwSignal<bool>,
    card: Memo<CardState>,
    /// Whose card it is.
    site: Memo<String>,
    on_move: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        // A dialog that is open already cannot be opened again, which is as it should be.
        if open.get() {
            let _ = dialog.show_modal();
        } else {
            dialog.close();
        }
    });
    // The card may come here, or be taken away, while the question stands.
    Effect::new(move |_| {
        if card.with(|card| !matches!(card, CardState::Elsewhere { .. })) {
            open.set(false);
        }
    });
    let text = move || {
        let device = card.with(|card| match card {
            CardState::Elsewhere { device } => device.clone(),
            _ => String::new(),
        });
        t_string!(i18n, mobile.move_text, site = site.get(), device = device)
    };
    let confirm = move |_| {
        open.set(false);
        on_move.run(());
    };
    view! {
        <dialog node_ref=dialog aria-labelledby="t-move" on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2 id="t-move">{say!(i18n, mobile.move_title)}</h2>
                <p class="dialog-text">{text}</p>
                <div class="dialog-actions">
                    <button class="btn" type="button" autofocus on:click=move |_| open.set(false)>{say!(i18n, app.cancel)}</button>
                    <button class="btn btn-primary" type="button" data-testid="confirm-move" on:click=confirm>{say!(i18n, mobile.activate)}</button>
                </div>
            </Show>
        </dialog>
    }
}
