//! Delays as they are felt, for the log and the bench.

use std::time::Instant;

use vestibule_model::CallId;

/// Target of every measured delay in the log; the fields are `call`, `span` and `ms`.
pub(crate) const TARGET: &str = "vestibule::timing";

/// Writes how long it took from `since` until now.
pub(crate) fn record(call: CallId, span: &'static str, since: Instant) {
    record_between(call, span, since, Instant::now());
}

/// The same for what happens many times a second: only seen by who asks for it.
pub(crate) fn trace(call: CallId, span: &'static str, since: Instant) {
    let ms = since.elapsed().as_secs_f64() * 1000.0;
    tracing::trace!(target: TARGET, call = call.0, span, ms);
}

/// Writes how long it took from `since` until `until`.
pub(crate) fn record_between(call: CallId, span: &'static str, since: Instant, until: Instant) {
    let ms = until.saturating_duration_since(since).as_secs_f64() * 1000.0;
    tracing::info!(target: TARGET, call = call.0, span, ms);
}
