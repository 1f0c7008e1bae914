//! Short messages that go by themselves. None of them is the only copy of what it says.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

/// How long a message stays, longer while it is pointed at.
const STAY: Duration = Duration::from_secs(6);

/// What is shown now.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    /// The messages, oldest first.
    pub(crate) shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// One message.
#[derive(Clone)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) tone: Tone,
    pub(crate) offer: Option<Offer>,
}

/// A way back that a message offers while it stays.
#[derive(Clone)]
pub(crate) struct Offer {
    /// What its button says.
    pub(crate) label: &'static str,
    /// Goes back.
    pub(crate) take: Arc<dyn Fn() + Send + Sync>,
    /// What is done once the message has gone without the offer being taken.
    pub(crate) pass: Arc<dyn Fn() + Send + Sync>,
}

/// How a message is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// When there is time.
    Status,
    /// At once.
    Problem,
}

impl Toasts {
    pub(crate) fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Shows a message. The same words are not stacked.
    pub(crate) fn show(self, text: String, tone: Tone) {
        self.put(text, tone, None);
    }

    /// Shows what was done, and offers to undo it.
    pub(crate) fn offer(self, text: String, offer: Offer) {
        self.put(text, Tone::Status, Some(offer));
    }

    fn put(self, text: String, tone: Tone, offer: Option<Offer>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            shown.retain(|toast| toast.text != text || toast.offer.is_some());
            shown.push(Toast { id, text, tone, offer });
        });
        self.expire(id);
    }

    pub(crate) fn close(self, id: u32) {
        if let Some(offer) = self.remove(id).and_then(|toast| toast.offer) {
            (offer.pass)();
        }
    }

    /// Takes the offer of a message.
    pub(crate) fn take(self, id: u32) {
        if let Some(offer) = self.remove(id).and_then(|toast| toast.offer) {
            (offer.take)();
        }
    }

    fn remove(self, id: u32) -> Option<Toast> {
        let place = self.shown.with_untracked(|shown| shown.iter().position(|toast| toast.id == id))?;
        self.shown.try_update(|shown| shown.remove(place))
    }

    fn expire(self, id: u32) {
        set_timeout(
            move || {
                let held = document().query_selector(".toasts > :hover, .toasts > :focus-within");
                if held.is_ok_and(|element| element.is_some()) { self.expire(id) } else { self.close(id) }
            },
            STAY,
        );
    }
}
