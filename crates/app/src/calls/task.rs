//! What a call's task holds in every phase, and what it does with news from the leg.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use vestibule_ipc::{
    AudioView, CallPhase, CallView, EndReason, Error, ErrorCode, MicrophoneState, Protection, SwitchState,
    SwitchView, VideoState,
};
use vestibule_media::{AccessUnit, Leg, LegEvent, Sending, audio, sdp};
use vestibule_model::{CallId, CallStatus, Caller, Direction, Intercom};
use vestibule_store::{ActionId, CallEnd, NewCall};

use super::doors::DoorNews;
use super::{Errand, Order, Seat};
use crate::storage::blocking;
use crate::{App, clock, timing};

/// How long the screen says why a call ended, when the resident did not end it.
const LINGER: Duration = Duration::from_secs(4);

/// News from tasks that the call's own task started.
pub(super) enum News {
    Door(DoorNews),
    DoorRow { door: usize, action: ActionId },
    Audio(audio::Opened),
}

/// Why a call is over, for the screen and for the history.
pub(super) struct Ending {
    pub(super) reason: EndReason,
    pub(super) status: CallStatus,
    pub(super) failure: Option<String>,
}

impl Ending {
    pub(super) fn new(reason: EndReason, status: CallStatus) -> Self {
        Self { reason, status, failure: None }
    }

    pub(super) fn failed(reason: EndReason, status: CallStatus, failure: impl Into<String>) -> Self {
        Self { reason, status, failure: Some(failure.into()) }
    }
}

pub(super) struct Task {
    pub(super) app: App,
    pub(super) view: CallView,
    pub(super) intercom: Option<Intercom>,
    pub(super) leg: Arc<Leg>,
    pub(super) leg_events: mpsc::Receiver<LegEvent>,
    pub(super) errands: mpsc::Receiver<Errand>,
    pub(super) news: mpsc::Receiver<News>,
    pub(super) tell: mpsc::Sender<News>,
    pub(super) doors: Vec<super::doors::Press>,
    /// When it was answered, and whether the first picture since then was seen.
    pub(super) answered_at: Option<Instant>,
    saw_answered_frame: bool,
    received: Instant,
    picture_taken: bool,
    _seat: Seat,
}

/// What is known of a call when its task begins.
pub(super) struct Beginning {
    pub(super) seat: Seat,
    pub(super) direction: Direction,
    pub(super) caller: Caller,
    pub(super) leg: Leg,
    pub(super) leg_events: mpsc::Receiver<LegEvent>,
    pub(super) received: Instant,
    pub(super) has_video: bool,
}

impl Task {
    /// Writes the row of the history and shows the call. A cache that fails does not keep a call from ringing.
    pub(super) async fn begin(app: App, beginning: Beginning) -> Task {
        let Beginning { seat, direction, caller, leg, leg_events, received, has_video } = beginning;
        let started = clock::now();
        let row_caller = caller.clone();
        let row = app
            .change_history(move |store| {
                store.begin_call(NewCall { caller: &row_caller, direction, started })
            })
            .await;
        let id = row.unwrap_or_else(|error| {
            tracing::error!(%error, "the call cannot be written into the history");
            // No row has a negative id.
            CallId(-started.0)
        });
        let intercom =
            caller.intercom.and_then(|id| app.inner.hub.intercoms().into_iter().find(|known| known.id == id));
        let switches = intercom.iter().flat_map(|intercom| &intercom.switches);
        let view = CallView {
            id,
            direction,
            caller,
            phase: CallPhase::Ringing,
            started,
            answered: None,
            video: if has_video { VideoState::Waiting } else { VideoState::None },
            audio: AudioView {
                microphone: MicrophoneState::Off,
                volume: app.inner.hub.settings().audio.volume,
                has_speaker: true,
            },
            protection: Protection::NotProtected,
            switches: switches
                .map(|switch| SwitchView {
                    id: switch.id,
                    name: switch.name.clone(),
                    kind: switch.kind,
                    state: SwitchState::Ready,
                })
                .collect(),
            silenced: false,
            waiting: seat.second,
        };
        let (tell, news) = mpsc::channel(16);
        let task = Task {
            errands: app.inner.calls.enter(id, received),
            app,
            intercom,
            leg: Arc::new(leg),
            leg_events,
            news,
            tell,
            doors: Vec::new(),
            answered_at: None,
            saw_answered_frame: false,
            received,
            picture_taken: false,
            _seat: seat,
            view,
        };
        if !task.view.waiting {
            task.app.inner.video.put_on_screen(id);
        }
        task.show();
        task.app.update_ringtone();
        timing::record(id, "invite_to_shown", received);
        task
    }

    pub(super) fn show(&self) {
        self.app.inner.hub.show_call(self.view.clone());
    }

    pub(super) fn set_phase(&mut self, phase: CallPhase) {
        self.view.phase = phase;
        self.show();
        self.app.update_ringtone();
    }

    /// Orders that mean the same in every phase; `None` when it was one of them.
    pub(super) fn obey_always(&mut self, order: Order) -> Option<Order> {
        match order {
            Order::Silence => self.view.silenced = true,
            Order::SetVolume(volume) => {
                self.view.audio.volume = volume;
                self.leg.set_volume(volume);
            }
            Order::PutOnScreen => {
                self.view.waiting = false;
                self.app.inner.video.put_on_screen(self.view.id);
            }
            other => return Some(other),
        }
        self.show();
        self.app.update_ringtone();
        None
    }

    pub(super) fn on_video(&mut self, unit: &AccessUnit) {
        if matches!(self.view.video, VideoState::Waiting | VideoState::None) {
            self.view.video = VideoState::Live;
            self.show();
            timing::record(self.view.id, "invite_to_first_frame", self.received);
        }
        if let Some(answered) = self.answered_at
            && !std::mem::replace(&mut self.saw_answered_frame, true)
        {
            timing::record(self.view.id, "answer_to_first_frame", answered);
        }
        self.app.inner.video.push(self.view.id, unit);
        timing::trace(self.view.id, "packet_to_feed", unit.last_packet_at);
        if unit.key && !std::mem::replace(&mut self.picture_taken, true) {
            super::picture::keep(self.app.clone(), self.view.id, unit.data.clone());
        }
    }

    pub(super) fn on_weak(&mut self, weak: bool) {
        let video = match (self.view.video, weak) {
            (VideoState::Live, true) => VideoState::Weak,
            (VideoState::Weak, false) => VideoState::Live,
            (same, _) => same,
        };
        if self.view.video != video {
            self.view.video = video;
            self.show();
        }
    }

    /// Opens microphone and loudspeaker, off this task: a sound system may take its time.
    pub(super) fn open_audio(&self) {
        let devices = self.app.inner.profile.audio.clone().unwrap_or_else(|| {
            let audio = self.app.inner.hub.settings().audio;
            audio::Devices {
                input: audio.input.map_or(audio::Source::Default, audio::Source::Named),
                output: audio.output.map_or(audio::Sink::Default, audio::Sink::Named),
            }
        });
        let (leg, tell) = (self.leg.clone(), self.tell.clone());
        leg.set_volume(self.view.audio.volume);
        tokio::spawn(async move {
            match blocking(move || leg.open_audio(&devices)).await {
                // The task that is told may have ended; then nobody needs to know.
                Ok(opened) => _ = tell.send(News::Audio(opened)).await,
                Err(error) => tracing::error!(%error, "sound cannot be opened"),
            }
        });
    }

    pub(super) fn on_audio(&mut self, opened: audio::Opened) {
        self.view.audio.has_speaker = opened.speaker;
        if !opened.microphone && self.view.audio.microphone != MicrophoneState::Off {
            self.view.audio.microphone = MicrophoneState::Missing;
            self.leg.set_sending(Sending::Silence);
        }
        self.show();
    }

    pub(super) fn set_microphone(&mut self, microphone: MicrophoneState) {
        self.view.audio.microphone = microphone;
        self.leg.set_sending(match microphone {
            MicrophoneState::On => Sending::Microphone,
            MicrophoneState::Off => Sending::Nothing,
            MicrophoneState::Muted | MicrophoneState::Missing => Sending::Silence,
        });
    }

    /// Starts the media, or changes it, as it was agreed.
    pub(super) fn apply(&mut self, session: sdp::Session) {
        if session.video.is_none() {
            self.view.video = VideoState::None;
        } else if self.view.video == VideoState::None {
            self.view.video = VideoState::Waiting;
        }
        self.leg.apply(session);
    }

    /// Writes the end into the history, says why, and makes room for a call that waits.
    pub(super) async fn finish(mut self, ending: Ending) {
        let id = self.view.id;
        let by_resident = matches!(ending.reason, EndReason::HungUp | EndReason::Declined);
        tracing::info!(call = id.0, reason = ?ending.reason, failure = ending.failure, "call ended");
        self.set_phase(CallPhase::Ended { reason: ending.reason });
        self.errands.close();
        while let Ok(errand) = self.errands.try_recv() {
            // Who ordered may have gone.
            let _nobody_waits = errand.done.send(Err(Error::new(ErrorCode::NoSuchCall, "the call is over")));
        }
        if id.0 > 0 {
            let end = CallEnd { status: ending.status, ended: clock::now(), failure: ending.failure };
            if let Err(error) = self.app.change_history(move |store| store.end_call(id, &end)).await {
                tracing::error!(%error, call = id.0, "its end cannot be written into the history");
            }
        }
        let Task { app, leg, _seat, .. } = self;
        if let Some(leg) = Arc::into_inner(leg) {
            leg.close().await;
        }
        app.inner.calls.leave(id);
        app.inner.video.forget(id);
        drop(_seat);
        app.put_waiting_on_screen();
        if !by_resident {
            tokio::time::sleep(LINGER).await;
        }
        app.inner.hub.close_call(id);
    }
}
