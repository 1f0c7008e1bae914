//! What differs between the systems that have sound.

#[cfg(target_os = "linux")]
mod chosen {
    /// Runs `work` with ALSA's own messages in the log: without a sound card it writes a dozen lines to stderr for
    /// every attempt. The redirection is this thread's alone.
    pub(in crate::audio) fn with_messages_logged<T>(work: impl FnOnce() -> T) -> T {
        let messages = alsa::Output::local_error_handler();
        let result = work();
        if let Ok(messages) = messages {
            let text = messages.borrow().to_string();
            for line in text.lines() {
                tracing::debug!(target: "alsa", "{line}");
            }
        }
        result
    }
}

#[cfg(not(target_os = "linux"))]
mod chosen {
    /// Runs `work`; the sound systems here write nothing by themselves.
    pub(in crate::audio) fn with_messages_logged<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
}

pub(super) use chosen::with_messages_logged;

/// Names of ALSA's virtual devices that only adapt others or lead to another daemon's own list. They are in every
/// system's list, many times over, and nobody looks for a loudspeaker there.
const ADAPTERS: [&str; 17] = [
    "null",
    "lavrate",
    "samplerate",
    "speexrate",
    "speex",
    "jack",
    "oss",
    "upmix",
    "vdownmix",
    "surround21",
    "surround40",
    "surround41",
    "surround50",
    "surround51",
    "surround71",
    "dmix",
    "dsnoop",
];

/// Whether the device with this identifier belongs into a list for people.
pub(super) fn is_for_people(identifier: &str) -> bool {
    let name = identifier.split(':').next().unwrap_or(identifier);
    !ADAPTERS.contains(&name)
}
