//! The call window: who it is, the live picture, and what can be done.

mod active;
mod incoming;
mod keys;
mod stage;
mod switches;
mod waiting;

use leptos::prelude::*;
use vestibule_ipc::{CallPhase, CallView, EndReason, Painted, PaintedPart};
use vestibule_model::{CallId, Direction};

use crate::catalogue::{say, t_string, use_i18n};
use crate::components::icon::{Glyph, Icon};
use crate::format;
use crate::state::{Calls, use_orders};
use crate::words;

use active::ActivePanel;
use incoming::IncomingPanel;
use stage::Stage;
use waiting::WaitingBanner;

/// What the window shows now. It changes seldom, so that buttons keep their focus while the call's details change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    None,
    Incoming(CallId),
    Active(CallId),
    Ended(CallId, EndReason),
}

fn face(call: Option<&CallView>) -> Face {
    match call {
        None => Face::None,
        Some(call) => match call.phase {
            CallPhase::Ringing if call.direction == Direction::Incoming => Face::Incoming(call.id),
            CallPhase::Ended { reason } => Face::Ended(call.id, reason),
            _ => Face::Active(call.id),
        },
    }
}

/// The call on the screen, for the parts of its window.
#[derive(Clone, Copy)]
struct OnScreen(Memo<Option<CallView>>);

impl OnScreen {
    /// A part of the call; `otherwise` when it is gone, for the moment until its panel goes as well.
    fn read<T>(self, otherwise: T, part: impl FnOnce(&CallView) -> T) -> T {
        self.0.with(|call| call.as_ref().map_or(otherwise, part))
    }
}

/// The call window.
#[component]
pub(crate) fn CallWindow() -> impl IntoView {
    let i18n = use_i18n();
    let calls = expect_context::<Calls>();
    let call = Memo::new(move |_| calls.on_screen());
    provide_context(OnScreen(call));
    let face = Memo::new(move |_| call.with(|call| face(call.as_ref())));

    tell_when_painted(call);
    keys::listen(OnScreen(call));
    Effect::new(move |_| {
        let title = call.with(|call| words::call_title(i18n, call.as_ref()));
        document().set_title(&format!("{title} - {}", t_string!(i18n, app.name)));
    });

    view! {
        <main class="stage" data-theme="dark" data-testid="call" data-phase=move || phase_name(face.get())>
            <Stage/>
            <WaitingBanner/>
            {move || match face.get() {
                Face::None => view! { <Idle/> }.into_any(),
                Face::Incoming(id) => view! { <IncomingPanel id/> }.into_any(),
                Face::Active(id) => view! { <ActivePanel id/> }.into_any(),
                Face::Ended(_, reason) => view! { <EndedPanel reason/> }.into_any(),
            }}
        </main>
    }
}

/// The panel of a call that is made up, for the gallery. Its buttons are those of the call window; no core knows of it.
#[cfg(feature = "fake")]
#[component]
pub(crate) fn Specimen(call: CallView) -> impl IntoView {
    let id = call.id;
    provide_context(OnScreen(Memo::new(move |_| Some(call.clone()))));
    view! { <ActivePanel id/> }
}

fn phase_name(face: Face) -> &'static str {
    match face {
        Face::None => "none",
        Face::Incoming(_) => "incoming",
        Face::Active(_) => "active",
        Face::Ended(..) => "ended",
    }
}

/// The window is built before the first call and stays hidden until then.
#[component]
fn Idle() -> impl IntoView {
    let i18n = use_i18n();
    view! { <section class="stage-panel"><p class="verdict-line muted">{say!(i18n, call.none)}</p></section> }
}

/// Why the call is over; what was known of its doors stays to be read.
#[component]
fn EndedPanel(reason: EndReason) -> impl IntoView {
    let i18n = use_i18n();
    let call = expect_context::<OnScreen>();
    let icon = match reason {
        EndReason::AnsweredElsewhere => Icon::PhoneElsewhere,
        EndReason::Declined => Icon::PhoneDeclined,
        EndReason::CallerGaveUp => Icon::PhoneMissed,
        EndReason::Vanished => Icon::Offline,
        EndReason::Refused | EndReason::Failed => Icon::Alert,
        EndReason::HungUp | EndReason::RemoteHungUp => Icon::PhoneEnd,
    };
    let words = move || call.read(String::new(), |call| words::ended(i18n, call, reason));
    view! {
        <section class="stage-panel ended" role="status" data-testid="ended">
            <p class="verdict-line"><Glyph icon/><span>{words}</span></p>
            {move || switches::latest_verdict(i18n, call).map(|(_, text)| view! { <p class="muted">{text}</p> })}
        </section>
    }
}

/// The core measures how long it takes until a resident sees who is calling.
fn tell_when_painted(call: Memo<Option<CallView>>) {
    let orders = use_orders();
    let shown = Memo::new(move |_| call.with(|call| call.as_ref().map(|call| call.id)));
    Effect::new(move |_| {
        if let Some(call) = shown.get() {
            after_paint(move || orders.ask(Painted { call, what: PaintedPart::Caller }, |_| ()));
        }
    });
}

/// The frame after the next one begins when the next one has been painted.
fn after_paint(then: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(then));
}

/// How long the call has lasted, for a timer.
fn lasted(call: &CallView, now: vestibule_model::Timestamp) -> Option<String> {
    let answered = call.answered?;
    Some(format::timer(now.millis_since(answered)))
}
