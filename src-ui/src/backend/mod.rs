//! The seam between the UI and the core: the shell's commands and events, or a building that is made up.

#[cfg(feature = "fake")]
mod fake;
mod tauri;

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;
use vestibule_ipc::{Command, Error, ErrorCode, Event};
use vestibule_model::CallId;

/// A command on its way. The shell takes it as JSON; the fake, which is in the same program, as it is.
pub(crate) struct Order {
    /// The name of the shell's handler.
    pub(crate) name: &'static str,
    /// The command struct.
    pub(crate) command: Box<dyn Any>,
    /// Writes the command struct as JSON.
    pub(crate) to_json: fn(&dyn Any) -> Result<String, Error>,
}

/// What comes back of an order.
pub(crate) enum Answer {
    /// The reply as JSON.
    Json(String),
    /// The reply as it is.
    #[cfg(feature = "fake")]
    Value(Box<dyn Any>),
}

/// The answer to an order, or a refusal.
pub(crate) type Reply = Pin<Box<dyn Future<Output = Result<Answer, Error>>>>;

/// Something that is done after a while.
pub(crate) type Done = Pin<Box<dyn Future<Output = ()>>>;

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
    /// Sends a command.
    fn send(&self, order: Order) -> Reply;
    /// Has every event handed over from the moment on at which this is done.
    fn listen(&self, on_event: Box<dyn Fn(Event)>) -> Done;
    /// Has every video message of the call on the screen handed over ([`vestibule_ipc::video::Frame`]).
    fn watch_video(&self, decoder: Decoder, on_message: Box<dyn Fn(Vec<u8>)>);
    /// Where the picture of a past call is.
    fn picture_url(&self, call: CallId) -> String;
}

/// The backend of this window.
#[derive(Clone, Copy)]
pub(crate) struct Core(StoredValue<Rc<dyn Backend>, LocalStorage>);

impl Core {
    /// The shell; in a bundle for an ordinary browser a building that is made up.
    pub(crate) fn choose() -> Self {
        #[cfg(feature = "fake")]
        if !tauri::is_here() {
            return Self(StoredValue::new_local(Rc::new(fake::Fake::start())));
        }
        Self(StoredValue::new_local(Rc::new(tauri::Shell)))
    }

    /// Sends a command and waits for its reply.
    pub(crate) async fn call<C: Command + 'static>(self, command: C) -> Result<C::Reply, Error>
    where
        C::Reply: 'static,
    {
        let order = Order { name: C::NAME, command: Box::new(command), to_json: to_json::<C> };
        match self.0.get_value().send(order).await? {
            Answer::Json(text) => serde_json::from_str(&text).map_err(internal),
            #[cfg(feature = "fake")]
            Answer::Value(value) => value.downcast().map(|reply| *reply).map_err(|_| wrong_type(C::NAME)),
        }
    }

    pub(crate) async fn listen(self, on_event: impl Fn(Event) + 'static) {
        let listening = self.0.get_value().listen(Box::new(on_event));
        listening.await;
    }

    pub(crate) fn watch_video(self, decoder: Decoder, on_message: impl Fn(Vec<u8>) + 'static) {
        self.0.get_value().watch_video(decoder, Box::new(on_message));
    }

    pub(crate) fn picture_url(self, call: CallId) -> String {
        self.0.get_value().picture_url(call)
    }
}

fn to_json<C: Command + 'static>(command: &dyn Any) -> Result<String, Error> {
    let command = command.downcast_ref::<C>().ok_or_else(|| wrong_type(C::NAME))?;
    serde_json::to_string(command).map_err(internal)
}

fn wrong_type(name: &str) -> Error {
    internal(format!("{name} is of another type"))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::Internal, error.to_string())
}
