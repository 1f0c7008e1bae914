//! What the core says reaches the windows, the tray and the desktop.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Emitter, Manager, UserAttentionType};
use tokio::sync::broadcast::error::RecvError;
use vestibule_app::App;
use vestibule_ipc::{AppState, Error, Event, GetState, HangUp, Silence};

use crate::phone::Phone;
use crate::ring::{Closed, Desk, Step};
use crate::{autostart, notify, tray, windows};

/// The calls that the desktop shows.
#[derive(Default)]
pub(crate) struct Shown(Mutex<Desk>);

impl Shown {
    fn with<T>(&self, act: impl FnOnce(&mut Desk) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether there is anything to see in the call window.
pub(crate) fn is_busy(handle: &AppHandle) -> bool {
    handle.state::<Shown>().with(|desk| desk.is_busy())
}

/// Passes on what the core says, until it ends.
pub(crate) async fn relay(handle: AppHandle) {
    let Ok(app) = handle.state::<Phone>().app().await else {
        return;
    };
    let mut events = app.subscribe();
    catch_up(&handle, &app).await;
    loop {
        match events.recv().await {
            Ok(event) => tell(&handle, &event),
            Err(RecvError::Lagged(lost)) => {
                tracing::warn!(lost, "the desktop fell behind the core");
                catch_up(&handle, &app).await;
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// The resident closed the call window: nobody is to be heard through a window that is not there.
pub(crate) fn window_closed(handle: &AppHandle) {
    let handle = handle.clone();
    let closed = handle.state::<Shown>().with(|desk| desk.close());
    tauri::async_runtime::spawn(async move {
        let Ok(app) = handle.state::<Phone>().app().await else {
            return;
        };
        for call in closed {
            let done = match call {
                Closed::Silence(call) => app.silence(Silence { call }).await,
                Closed::HangUp(call) => app.hang_up(HangUp { call }).await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, ?call, "a call did not follow its window");
            }
        }
    });
}

/// Tells the present state as if it had just come about.
async fn catch_up(handle: &AppHandle, app: &App) {
    match app.get_state(GetState {}).await {
        Ok(state) => {
            let stale = handle.state::<Shown>().with(|desk| desk.stale(&state.calls));
            for event in stale.into_iter().map(Event::CallClosed).chain(events_of(state)) {
                tell(handle, &event);
            }
        }
        Err(Error { message, .. }) => tracing::error!(message, "the core does not say how it is"),
    }
}

fn events_of(state: AppState) -> Vec<Event> {
    let AppState { registration, settings, calls, intercoms, unseen, storage, site, link_waits, version: _ } =
        state;
    let calls = calls.into_iter().map(Event::Call);
    let rest = [
        Event::Storage(storage),
        Event::Settings(settings),
        Event::Intercoms(intercoms),
        Event::Registration(registration),
        Event::HistoryChanged { unseen },
        Event::Site(site),
        Event::VisitorsChanged,
        Event::AccessChanged,
        Event::LinkWaits(link_waits),
        Event::TicketsChanged,
        Event::HouseholdChanged,
    ];
    calls.chain(rest).collect()
}

fn tell(handle: &AppHandle, event: &Event) {
    if let Err(error) = handle.emit(Event::NAME, event) {
        tracing::warn!(%error, "the windows did not hear an event");
    }
    for step in handle.state::<Shown>().with(|desk| desk.hear(event)) {
        take(handle, step);
    }
    match event {
        Event::Registration(registration) => tray::show_registration(handle, registration),
        Event::Settings(settings) => {
            tray::show_do_not_disturb(handle, settings.do_not_disturb);
            autostart::follow(handle, settings.autostart);
        }
        _ => {}
    }
}

fn take(handle: &AppHandle, step: Step) {
    match step {
        Step::Show => windows::show_call(handle),
        Step::Hide => windows::hide_call(handle),
        Step::Announce { call, caller } => {
            windows::ask_attention(handle, Some(UserAttentionType::Critical));
            notify::ringing(handle, call, &caller);
        }
        Step::Withdraw { call } => {
            windows::ask_attention(handle, None);
            notify::withdraw(handle, call);
        }
        Step::Missed { call, caller } => notify::missed(handle, call, &caller),
    }
}
