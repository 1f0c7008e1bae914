//! `vestibule answer`: the phone of a flat, without a screen.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use tokio::sync::broadcast::error::RecvError;
use vestibule_app::{App, Role};
use vestibule_ipc::{self as ipc, CallPhase, CallView, Event, SwitchState, VideoState};
use vestibule_model::{CallId, Direction, Registration};

use crate::profile::ProfileArguments;
use crate::report::Format;

#[derive(Args)]
pub(crate) struct Answer {
    /// Print every event as one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Decline instead of answering.
    #[arg(long, conflicts_with_all = ["open", "hang_up_after"])]
    decline: bool,
    /// Let it ring: neither answer nor decline.
    #[arg(long, conflicts_with_all = ["open", "hang_up_after", "decline"])]
    ring: bool,
    /// Press this switch, by its name, once the call is answered.
    #[arg(long)]
    open: Option<String>,
    /// Save the picture of the visitor here, as JPEG.
    #[arg(long)]
    picture: Option<PathBuf>,
    /// Hang up after so many seconds of talk; else the caller ends it.
    #[arg(long)]
    hang_up_after: Option<u64>,
    /// End after so many calls.
    #[arg(long, default_value_t = u32::MAX)]
    calls: u32,
    /// Calls whose end is already planned.
    #[arg(skip)]
    planned: BTreeSet<CallId>,
}

impl Answer {
    pub(crate) async fn run(mut self, profile: &ProfileArguments) -> anyhow::Result<ExitCode> {
        let app = profile.open(Role::Phone).await?;
        let mut events = app.subscribe();
        let state = app.get_state(ipc::GetState {}).await?;
        let can_ring =
            state.settings.account.is_some() || state.intercoms.iter().any(|intercom| intercom.direct);
        // A building may yet give the account.
        if !can_ring && !state.site.is_some_and(|site| site.signed_in) {
            bail!("nobody could ring here: set up an account with `vestibule account`");
        }
        self.print(&Event::Registration(state.registration))?;
        let mut ended = 0;
        while ended < self.calls {
            let event = tokio::select! {
                event = events.recv() => match event {
                    Ok(event) => event,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => break,
                },
                interrupted = tokio::signal::ctrl_c() => {
                    interrupted?;
                    break;
                }
            };
            self.print(&event)?;
            match &event {
                Event::Call(view) => self.act(&app, view).await?,
                Event::CallClosed(call) => {
                    ended += 1;
                    self.save_picture(&app, *call).await?;
                }
                _ => {}
            }
        }
        app.shut_down().await;
        Ok(ExitCode::SUCCESS)
    }

    /// Does the next thing that this call waits for. Each view calls for at most one.
    async fn act(&mut self, app: &App, view: &CallView) -> anyhow::Result<()> {
        let call = view.id;
        match view.phase {
            CallPhase::Ringing if view.direction == Direction::Incoming && !view.waiting && !self.ring => {
                if self.decline {
                    return tolerate(app.decline(ipc::Decline { call }).await);
                }
                // The picture comes before the answer where there is one to come.
                if view.video == VideoState::Waiting && self.picture.is_some() {
                    return Ok(());
                }
                tolerate(app.answer(ipc::Answer { call }).await)
            }
            CallPhase::Live => {
                if let Some(name) = &self.open {
                    let Some(switch) = view.switches.iter().find(|switch| switch.name == *name) else {
                        bail!("{} has no switch {name}", view.caller.name);
                    };
                    if switch.state == SwitchState::Ready {
                        tolerate(app.open_door(ipc::OpenDoor { call, switch: switch.id }).await)?;
                    }
                }
                if let Some(seconds) = self.hang_up_after
                    && self.planned.insert(call)
                {
                    let app = app.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_secs(seconds)).await;
                        // The caller may have hung up before.
                        let _already_over = app.hang_up(ipc::HangUp { call }).await;
                    });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn save_picture(&self, app: &App, call: CallId) -> anyhow::Result<()> {
        if let Some(path) = &self.picture
            && let Some(jpeg) = app.picture(call).await?
        {
            tokio::fs::write(path, jpeg).await?;
        }
        Ok(())
    }

    fn print(&self, event: &Event) -> anyhow::Result<()> {
        Format::of(self.json).line(event, || words(event))
    }
}

/// A call may end between the event and the order.
fn tolerate(result: Result<(), ipc::Error>) -> anyhow::Result<()> {
    match result {
        Err(error) if !matches!(error.code, ipc::ErrorCode::NoSuchCall | ipc::ErrorCode::WrongPhase) => {
            Err(error.into())
        }
        _ => Ok(()),
    }
}

fn words(event: &Event) -> String {
    match event {
        Event::Registration(Registration::Registered { .. }) => "Registered: calls ring here.".to_owned(),
        Event::Registration(other) => format!("Not registered: {other:?}"),
        Event::Call(view) => format!("{}: {:?}, picture {:?}", view.caller.name, view.phase, view.video),
        Event::CallClosed(call) => format!("Call {} is over.", call.0),
        Event::HistoryChanged { unseen } => format!("History changed; {unseen} missed calls not seen."),
        Event::Settings(_) => "Settings changed.".to_owned(),
        Event::Intercoms(list) => format!("{} intercoms.", list.len()),
        Event::Storage(state) => format!("Cache: {state:?}"),
        Event::Site(Some(site)) => format!("Building: {}.", site.name),
        Event::Site(None) => "Not signed in at a site server.".to_owned(),
        Event::VisitorsChanged => "Visitors changed.".to_owned(),
        Event::LinkWaits(_) => "A link was opened.".to_owned(),
        Event::AccessChanged => "The access log changed.".to_owned(),
        Event::TicketsChanged => "The reports changed.".to_owned(),
        Event::HouseholdChanged => "The household changed.".to_owned(),
    }
}
