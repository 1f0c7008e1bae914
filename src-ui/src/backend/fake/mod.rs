//! A building that is made up, for an ordinary browser: it answers every command and plays calls.
//!
//! `?fake=<name>` in the address opens it in a certain state; the names stand in [`states`].

mod building;
mod film;
mod outside;
mod play;
mod site;
mod states;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use leptos::prelude::window;
use vestibule_ipc::*;
use vestibule_model::CallId;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use self::building::Building;
use self::states::Mood;
use super::{Backend, Decoder, Done, Order, Reply, internal, wrong_type};

/// The made-up building behind this page.
pub(super) struct Fake(Rc<Inner>);

struct Inner {
    building: RefCell<Building>,
    listener: RefCell<Option<Listener>>,
    mood: Mood,
}

type Listener = Box<dyn Fn(Event)>;

impl Fake {
    /// Opens the building in the state that the address asks for.
    pub(super) fn start() -> Self {
        let asked = states::asked(&window().location().search().unwrap_or_default());
        let mut building = Building::new(crate::state::now());
        let mood = states::set_up(&mut building, &asked);
        let inner = Rc::new(Inner { building: RefCell::new(building), listener: RefCell::new(None), mood });
        if inner.building.borrow().has_call() {
            show_call();
        }
        outside::open(inner.clone());
        Self(inner)
    }
}

impl Backend for Fake {
    fn send(&self, order: Order) -> Reply {
        let inner = self.0.clone();
        Box::pin(async move {
            inner.mood.wait(order.name).await?;
            inner.reply(order.name, order.command).map(super::Answer::Value)
        })
    }

    fn listen(&self, on_event: Box<dyn Fn(Event)>) -> Done {
        *self.0.listener.borrow_mut() = Some(on_event);
        Box::pin(std::future::ready(()))
    }

    fn watch_video(&self, decoder: Decoder, on_message: Box<dyn Fn(Vec<u8>)>) {
        let inner = self.0.clone();
        spawn_local(film::show(decoder, move || inner.building.borrow().seen_call(), on_message));
    }

    fn picture_url(&self, call: CallId) -> String {
        self.0.building.borrow().picture(call)
    }
}

impl Inner {
    fn reply(self: &Rc<Self>, name: &str, args: Box<dyn Any>) -> Result<Box<dyn Any>, Error> {
        match name {
            GetState::NAME => run(args, |GetState {}| Ok(self.building.borrow().state.clone())),
            Answer::NAME => run(args, |c: Answer| play::answer(self, c.call, play::Microphone::Open)),
            Decline::NAME => run(args, |c: Decline| play::end(self, c.call, EndReason::Declined)),
            HangUp::NAME => run(args, |c: HangUp| play::end(self, c.call, EndReason::HungUp)),
            Silence::NAME => run(args, |c: Silence| self.change(c.call, |call| call.silenced = true)),
            SetMuted::NAME => run(args, |c: SetMuted| {
                let microphone = if c.muted { MicrophoneState::Muted } else { MicrophoneState::On };
                self.change(c.call, |call| call.audio.microphone = microphone)
            }),
            SetVolume::NAME => {
                run(args, |c: SetVolume| self.change(c.call, |call| call.audio.volume = c.volume))
            }
            OpenDoor::NAME => run(args, |c: OpenDoor| play::open(self, c.call, c.switch)),
            Dial::NAME => run(args, |c: Dial| play::dial(self, c.intercom)),
            Painted::NAME => run(args, |_: Painted| Ok(())),
            ListHistory::NAME => run(args, |c: ListHistory| Ok(self.building.borrow().page(&c.filter))),
            MarkSeen::NAME => run(args, |c: MarkSeen| {
                self.building.borrow_mut().mark_seen(c.up_to);
                self.history_changed();
                Ok(())
            }),
            DeleteCall::NAME => run(args, |c: DeleteCall| {
                self.building.borrow_mut().history.retain(|entry| entry.id != c.call);
                self.history_changed();
                Ok(())
            }),
            SaveIntercom::NAME => run(args, |c: SaveIntercom| {
                let named = |name: &str| !name.trim().is_empty();
                if !named(&c.intercom.name) || !c.intercom.switches.iter().all(|s| named(&s.name)) {
                    return Err(Error::new(ErrorCode::BadValue, "a name is missing"));
                }
                let id = self.building.borrow_mut().save_intercom(c.intercom);
                self.intercoms_changed();
                Ok(id)
            }),
            DeleteIntercom::NAME => run(args, |c: DeleteIntercom| {
                {
                    let state = &mut self.building.borrow_mut().state;
                    state.intercoms.retain(|i| i.id != c.intercom);
                    state.settings.silent.retain(|silent| *silent != c.intercom);
                }
                self.emit(Event::Settings(self.building.borrow().state.settings.clone()));
                self.intercoms_changed();
                Ok(())
            }),
            SaveAccount::NAME => run(args, |c: SaveAccount| play::sign_in(self, c.account)),
            SignOut::NAME => run(args, |SignOut {}| play::sign_out(self)),
            SaveSettings::NAME => run(args, |c: SaveSettings| {
                let audio = &c.settings.audio;
                if audio.volume.max(audio.ring_volume) > 100 || !c.settings.quiet_hours.is_valid() {
                    return Err(Error::new(ErrorCode::BadValue, "a setting that there is not"));
                }
                let settings = {
                    let mut building = self.building.borrow_mut();
                    let account = building.state.settings.account.take();
                    building.state.settings = vestibule_model::Settings { account, ..c.settings };
                    building.state.settings.clone()
                };
                self.emit(Event::Settings(settings));
                Ok(())
            }),
            ListAudioDevices::NAME => run(args, |ListAudioDevices {}| Ok(building::audio_devices())),
            TestRingtone::NAME => run(args, |TestRingtone {}| Ok(())),
            AllowKeyFile::NAME => run(args, |AllowKeyFile {}| {
                self.open_cache(&StorageState::NoKeychain, StorageState::KeyInFile)
            }),
            PreviewDiagnostics::NAME => run(args, |PreviewDiagnostics {}| Ok(building::diagnostics())),
            UnlockKeychain::NAME => run(args, |UnlockKeychain {}| {
                self.open_cache(&StorageState::KeychainLocked, StorageState::Ready)
            }),
            other => site::reply(self, other, args),
        }
    }

    /// The cache opens, if this was what kept it from that.
    fn open_cache(&self, closed: &StorageState, open: StorageState) -> Result<(), Error> {
        if self.building.borrow().state.storage != *closed {
            return Err(Error::new(ErrorCode::WrongPhase, "the cache is not closed like that"));
        }
        self.building.borrow_mut().state.storage = open.clone();
        self.emit(Event::Storage(open));
        Ok(())
    }

    /// Changes a call and tells of it.
    fn change(&self, id: CallId, edit: impl FnOnce(&mut CallView)) -> Result<(), Error> {
        let view = {
            let mut building = self.building.borrow_mut();
            let call = building.call_mut(id)?;
            edit(call);
            call.clone()
        };
        self.emit(Event::Call(view));
        Ok(())
    }

    fn emit(&self, event: Event) {
        if let Some(listener) = &*self.listener.borrow() {
            listener(event);
        }
    }

    fn history_changed(&self) {
        let unseen = self.building.borrow_mut().count_unseen();
        self.emit(Event::HistoryChanged { unseen });
    }

    fn intercoms_changed(&self) {
        let intercoms = self.building.borrow().state.intercoms.clone();
        self.emit(Event::Intercoms(intercoms));
    }
}

/// Takes the command for what its name says, and does it.
fn run<C: Command + 'static>(
    command: Box<dyn Any>,
    act: impl FnOnce(C) -> Result<C::Reply, Error>,
) -> Result<Box<dyn Any>, Error>
where
    C::Reply: 'static,
{
    match command.downcast() {
        Ok(command) => Ok(Box::new(act(*command)?)),
        // From outside it comes as JSON, and so does the answer.
        Err(command) => {
            let json = command.downcast::<String>().map_err(|_| wrong_type(C::NAME))?;
            let command = serde_json::from_str(&json)
                .map_err(|problem| Error::new(ErrorCode::BadValue, problem.to_string()))?;
            Ok(Box::new(serde_json::to_string(&act(command)?).map_err(internal)?))
        }
    }
}

/// In a browser the call window is a page like the others.
fn show_call() {
    let _ = window().location().set_hash("#/call");
}

fn leave_call() {
    let _ = window().location().set_hash("#/history");
}

/// Lets some time pass.
async fn pause(millis: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    // A timer does not fail.
    let _: Result<JsValue, JsValue> = JsFuture::from(timer).await;
}
