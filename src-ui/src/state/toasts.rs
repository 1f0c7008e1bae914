//! Short messages that go by themselves. None of them is the only copy of what it says.

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) tone: Tone,
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
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            shown.retain(|toast| toast.text != text);
            shown.push(Toast { id, text, tone });
        });
        self.expire(id);
    }

    pub(crate) fn close(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
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
