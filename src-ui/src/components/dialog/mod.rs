//! A question before something is destroyed. The safe answer has the focus.

use leptos::html;
use leptos::prelude::*;

/// Asks whether to destroy something.
#[component]
pub(crate) fn Confirm(
    /// Open while true; answering closes it.
    open: RwSignal<bool>,
    /// Names the object.
    #[prop(into)]
    title: Signal<String>,
    /// Names the effect.
    #[prop(into)]
    text: Signal<String>,
    /// The button that leaves everything as it is.
    #[prop(into)]
    safe: Signal<String>,
    /// The button that does it.
    #[prop(into)]
    destroy: Signal<String>,
    on_destroy: impl Fn() + Copy + Send + Sync + 'static,
    /// Names the button that does it, for tests.
    #[prop(optional)]
    destroy_id: Option<&'static str>,
) -> impl IntoView {
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
    view! {
        <dialog node_ref=dialog on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{move || title.get()}</h2>
                <p class="dialog-text">{move || text.get()}</p>
                <div class="dialog-actions">
                    <button class="btn" type="button" autofocus on:click=move |_| open.set(false)>
                        {move || safe.get()}
                    </button>
                    <button
                        class="btn btn-stop"
                        type="button"
                        data-testid=destroy_id
                        on:click=move |_| {
                            open.set(false);
                            on_destroy();
                        }
                    >
                        {move || destroy.get()}
                    </button>
                </div>
            </Show>
        </dialog>
    }
}
