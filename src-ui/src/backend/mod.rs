//! The seam between the UI and the core: the shell's commands and events, or a building that is made up.

mod fake;
mod tauri;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use vestibule_ipc::{Command, Error, ErrorCode, Event};
use vestibule_model::CallId;

/// The reply to a command, as JSON.
pub(crate) type Reply = Pin<Box<dyn Future<Output = Result<String, Error>>>>;

/// Who decodes the video of this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoder {
    /// The page, by WebCodecs: it gets H.264.
    InPage,
    /// The core: the page gets I420 pictures.
    Native,
}

/// What a window needs from the core.
pub(crate) trait Backend {
    /// Sends a command under its name with its arguments as JSON.
    fn send(&self, name: &'static str, args: String) -> Reply;
    /// Has every event from now on handed over.
    fn listen(&self, on_event: Box<dyn Fn(Event)>);
    /// Has every video message of the call on the screen handed over ([`vestibule_ipc::video::Frame`]).
    fn watch_video(&self, decoder: Decoder, on_message: Box<dyn Fn(Vec<u8>)>);
    /// Where the picture of a past call is.
    fn picture_url(&self, call: CallId) -> String;
}

/// The backend of this window.
#[derive(Clone, Copy)]
pub(crate) struct Core(StoredValue<Rc<dyn Backend>, LocalStorage>);

impl Core {
    /// The shell where there is one; in an ordinary browser a building that is made up.
    pub(crate) fn choose() -> Self {
        let backend: Rc<dyn Backend> =
            if tauri::is_here() { Rc::new(tauri::Shell) } else { Rc::new(fake::Fake::start()) };
        Self(StoredValue::new_local(backend))
    }

    /// Sends a command and waits for its reply.
    pub(crate) async fn call<C: Command>(self, command: C) -> Result<C::Reply, Error> {
        let args = serde_json::to_string(&command).map_err(internal)?;
        let backend = self.0.get_value();
        let reply = backend.send(C::NAME, args).await?;
        serde_json::from_str(&reply).map_err(internal)
    }

    pub(crate) fn listen(self, on_event: impl Fn(Event) + 'static) {
        self.0.get_value().listen(Box::new(on_event));
    }

    pub(crate) fn watch_video(self, decoder: Decoder, on_message: impl Fn(Vec<u8>) + 'static) {
        self.0.get_value().watch_video(decoder, Box::new(on_message));
    }

    pub(crate) fn picture_url(self, call: CallId) -> String {
        self.0.get_value().picture_url(call)
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Internal, error.to_string())
}
