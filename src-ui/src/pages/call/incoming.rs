//! It rings: answer, decline, or open the door.

use leptos::html;
use leptos::prelude::*;
use vestibule_ipc::{Answer, Decline, OpenDoor};
use vestibule_model::{CallId, SwitchKind};

use super::{OnScreen, switches};
use crate::catalogue::{say, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::state::use_orders;

/// The panel of a ringing call. Answer has the focus.
#[component]
pub(super) fn IncomingPanel(id: CallId) -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let orders = use_orders();
    let answer = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = answer.get() {
            // A window in the background takes the focus when it comes to the front.
            let _ = button.focus();
        }
    });
    let doors = Memo::new(move |_| call.read(Vec::new(), |c| c.switches.clone()));
    let has_doors = Memo::new(move |_| doors.with(|doors| !doors.is_empty()));

    view! {
        <section class="stage-panel incoming" class:no-doors=move || !has_doors.get() aria-label=say!(i18n, call.panel_incoming)>
            <Show when=move || has_doors.get()>
                <div class="doors-ringing">
                    <For each=move || doors.get().into_iter().enumerate().take(4) key=|(_, door)| door.id let:door>
                        {
                            let (place, door) = door;
                            let switch = door.id;
                            let name = StoredValue::new(door.name.clone());
                            let light = door.kind == SwitchKind::Light;
                            view! {
                                <button
                                    class="btn btn-l btn-block"
                                    class:btn-go-soft=!light
                                    type="button"
                                    data-testid=format!("open-{}", place + 1)
                                    on:click=move |_| orders.send(OpenDoor { call: id, switch })
                                >
                                    <Glyph icon=switches::icon(&door)/>
                                    <span>{if light { say!(i18n, call.switch, name = name.get_value()) } else { say!(i18n, call.open, name = name.get_value()) }}</span>
                                    <kbd class="single-key" aria-hidden="true">{place + 1}</kbd>
                                </button>
                            }
                        }
                    </For>
                </div>
                <p class="small muted ring-note">{say!(i18n, call.opens_muted)}</p>
            </Show>
            <div class="call-actions ringing">
                <button class="call-btn call-btn-l" type="button" data-testid="decline" on:click=move |_| orders.send(Decline { call: id })>
                    <span class="disc stop"><Glyph icon=Icon::PhoneEnd/></span>
                    <span>{say!(i18n, call.decline)} <kbd aria-hidden="true">"Esc"</kbd></span>
                </button>
                <button class="call-btn call-btn-l" type="button" data-testid="answer" node_ref=answer on:click=move |_| orders.send(Answer { call: id })>
                    <span class="disc go"><Glyph icon=Icon::Phone/></span>
                    <span>{say!(i18n, call.answer)} <kbd aria-hidden="true">"Enter"</kbd></span>
                </button>
            </div>
        </section>
    }
}
