//! Plain words for what the core says by values.

use vestibule_ipc::{CallPhase, CallView, EndReason, ErrorCode, StorageState, SwitchState, SwitchView};
use vestibule_model::{
    CallStatus, Direction, DoorAction, HistoryEntry, Outcome, Registration, RegistrationFailure, SwitchKind,
    Timestamp,
};

use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::Icon;
use crate::format;
use crate::state::Ringing;

/// What a refusal means and what to do. Every code has its words.
pub(crate) fn error(i18n: Catalogue, code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::NoSuchCall => t_string!(i18n, error.no_such_call),
        ErrorCode::NoSuchIntercom => t_string!(i18n, error.no_such_intercom),
        ErrorCode::NoSuchSwitch => t_string!(i18n, error.no_such_switch),
        ErrorCode::WrongPhase => t_string!(i18n, error.wrong_phase),
        ErrorCode::NoAccount => t_string!(i18n, error.no_account),
        ErrorCode::BadAccount => t_string!(i18n, error.bad_account),
        ErrorCode::BadValue => t_string!(i18n, error.bad_value),
        ErrorCode::Keychain => t_string!(i18n, error.keychain),
        ErrorCode::Storage => t_string!(i18n, error.storage),
        ErrorCode::Network => t_string!(i18n, error.network),
        ErrorCode::NoSuchDevice => t_string!(i18n, error.no_such_device),
        ErrorCode::SetByBuilding => t_string!(i18n, error.set_by_building),
        ErrorCode::NoSite => t_string!(i18n, error.no_site),
        ErrorCode::SignInRefused => t_string!(i18n, error.sign_in_refused),
        ErrorCode::CodeWrong => t_string!(i18n, error.code_wrong),
        ErrorCode::LinkInvalid => t_string!(i18n, error.link_invalid),
        ErrorCode::NotSecure => t_string!(i18n, error.not_secure),
        ErrorCode::NotASiteServer => t_string!(i18n, error.not_a_site_server),
        ErrorCode::Taken => t_string!(i18n, error.taken),
        ErrorCode::NotAllowed => t_string!(i18n, error.not_allowed),
        ErrorCode::NoSuchMember => t_string!(i18n, error.no_such_member),
        ErrorCode::TooMany => t_string!(i18n, error.too_many),
        ErrorCode::Internal => t_string!(i18n, error.internal),
    }
}

/// How the phone stands with its registrar: the name of the status and one plain line.
pub(crate) fn registration(i18n: Catalogue, registration: &Registration) -> (&'static str, String) {
    match registration {
        Registration::NotConfigured => {
            (t_string!(i18n, service.not_configured), t_string!(i18n, service.not_configured_hint).to_owned())
        }
        Registration::Registering => {
            (t_string!(i18n, service.registering), t_string!(i18n, service.registering_hint).to_owned())
        }
        Registration::Registered { .. } => {
            (t_string!(i18n, service.registered), t_string!(i18n, service.registered_hint).to_owned())
        }
        Registration::Unregistered => {
            (t_string!(i18n, service.unregistered), t_string!(i18n, service.unregistered_hint).to_owned())
        }
        Registration::Failed { why, retry_at } => {
            let mut line = failure(i18n, why);
            if let Some(at) = retry_at {
                line.push(' ');
                line.push_str(&t_string!(i18n, service.retry_at, time = format::clock(*at)));
            }
            (t_string!(i18n, service.not_registered), line)
        }
    }
}

fn failure(i18n: Catalogue, why: &RegistrationFailure) -> String {
    match why {
        RegistrationFailure::WrongPassword => t_string!(i18n, service.wrong_password).to_owned(),
        RegistrationFailure::Refused { status } => {
            t_string!(i18n, service.refused, status = *status)
        }
        RegistrationFailure::Unreachable => t_string!(i18n, service.unreachable).to_owned(),
        RegistrationFailure::NoSuchServer => t_string!(i18n, service.no_such_server).to_owned(),
    }
}

/// Whether calls ring here now.
pub(crate) fn ringing(i18n: Catalogue, ringing: Ringing) -> &'static str {
    match ringing {
        Ringing::On => t_string!(i18n, nav.ringing_on),
        Ringing::Off => t_string!(i18n, nav.ringing_off),
        Ringing::QuietUntil(_) => t_string!(i18n, calls.quiet),
    }
}

/// How it stands with the cache and its key, in a line.
pub(crate) fn storage(i18n: Catalogue, storage: &StorageState) -> &'static str {
    match storage {
        StorageState::Ready => t_string!(i18n, storage.ready),
        StorageState::KeyInFile => t_string!(i18n, storage.file),
        StorageState::KeychainLocked => t_string!(i18n, storage.locked),
        StorageState::NoKeychain => t_string!(i18n, storage.none),
        StorageState::StartedAnew { .. } => t_string!(i18n, storage.anew),
        StorageState::FromNewerVersion { .. } => t_string!(i18n, storage.newer),
        StorageState::Unusable { .. } => t_string!(i18n, storage.unusable),
    }
}

/// `Today`, `Yesterday`, `Thursday 19 November`; a day of another year, and one that is still to come, with its year.
pub(crate) fn day(i18n: Catalogue, at: Timestamp) -> String {
    let now = crate::state::now();
    let (day, today) = (format::day(at), format::day(now));
    let (midnight, _) = format::day_bounds(now);
    if day == today {
        t_string!(i18n, history.today).to_owned()
    } else if day == format::day(Timestamp(midnight.0 - 1)) {
        t_string!(i18n, history.yesterday).to_owned()
    } else if day.0 == today.0 && day < today {
        format::long_day(at)
    } else {
        format::long_day_of_year(at)
    }
}

/// `14:02` in a list by day; with its date when the clock has been set back since.
pub(crate) fn time(at: Timestamp) -> String {
    // Clocks of several machines differ by seconds.
    const AHEAD: i64 = 60_000;
    let is_to_come = at.millis_since(crate::state::now()) > AHEAD;
    if is_to_come { format::day_and_clock(at) } else { format::clock(at) }
}

/// A name inside a sentence, which it must not turn round where it is written from the other side (UAX #9, FSI).
pub(crate) fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// What became of a past call, with its icon.
pub(crate) fn outcome(i18n: Catalogue, entry: &HistoryEntry) -> (Icon, String) {
    let span = entry.answered.zip(entry.ended).map(|(from, to)| format::timer(to.millis_since(from)));
    let outgoing = entry.direction == Direction::Outgoing;
    match entry.status {
        CallStatus::Ringing if outgoing => (Icon::PhoneOut, t_string!(i18n, history.calling).to_owned()),
        CallStatus::Ringing => (Icon::Phone, t_string!(i18n, history.ringing).to_owned()),
        CallStatus::Answered => match span {
            Some(span) if outgoing => (Icon::PhoneOut, t_string!(i18n, history.called_for, span = span)),
            Some(span) => (Icon::PhoneIn, t_string!(i18n, history.answered_for, span = span)),
            None => (Icon::Phone, t_string!(i18n, history.answered_now).to_owned()),
        },
        CallStatus::Missed if outgoing => {
            (Icon::PhoneOut, t_string!(i18n, history.called_unanswered).to_owned())
        }
        CallStatus::Missed => (Icon::PhoneMissed, t_string!(i18n, history.missed).to_owned()),
        CallStatus::Declined => (Icon::PhoneDeclined, t_string!(i18n, history.declined).to_owned()),
        CallStatus::AnsweredElsewhere => {
            (Icon::PhoneElsewhere, t_string!(i18n, history.elsewhere).to_owned())
        }
        CallStatus::Failed => (Icon::Alert, t_string!(i18n, history.failed).to_owned()),
    }
}

/// How a past call ended, for its timeline.
pub(crate) fn end(i18n: Catalogue, entry: &HistoryEntry) -> (Icon, String) {
    let span = entry.answered.zip(entry.ended).map(|(from, to)| format::timer(to.millis_since(from)));
    match (entry.status, span) {
        (CallStatus::Failed, _) => (Icon::Alert, t_string!(i18n, history.end_failed).to_owned()),
        (_, Some(span)) => (Icon::PhoneEnd, t_string!(i18n, history.end_answered, span = span)),
        (CallStatus::Declined, _) => (Icon::PhoneDeclined, t_string!(i18n, history.end_declined).to_owned()),
        (CallStatus::AnsweredElsewhere, _) => {
            (Icon::PhoneElsewhere, t_string!(i18n, history.end_elsewhere).to_owned())
        }
        _ => (Icon::PhoneMissed, t_string!(i18n, history.end_missed).to_owned()),
    }
}

/// What is known of a code that was sent in a past call.
pub(crate) fn action(i18n: Catalogue, action: &DoorAction) -> String {
    let name = action.switch_name.clone();
    match action.outcome {
        Outcome::Sending => t_string!(i18n, history.sending_for, name = name),
        Outcome::Sent => t_string!(i18n, history.unconfirmed).to_owned(),
        Outcome::Confirmed => t_string!(i18n, history.confirmed, name = name),
        Outcome::Refused => t_string!(i18n, history.refused, name = name),
        Outcome::NotSent => t_string!(i18n, history.not_sent, name = name),
    }
}

/// What the button of a switch says.
pub(crate) fn switch(i18n: Catalogue, switch: &SwitchView) -> String {
    let light = switch.kind == SwitchKind::Light;
    match switch.state {
        SwitchState::Ready if light => t_string!(i18n, call.press_to_switch).to_owned(),
        SwitchState::Ready => t_string!(i18n, call.press_to_open).to_owned(),
        SwitchState::Sending => t_string!(i18n, call.sending).to_owned(),
        SwitchState::CodeSent { .. } => t_string!(i18n, call.code_sent).to_owned(),
        SwitchState::NoConfirmation { .. } => t_string!(i18n, call.no_confirmation).to_owned(),
        SwitchState::Confirmed { at } if light => {
            t_string!(i18n, call.switched_at, time = format::clock(at))
        }
        SwitchState::Confirmed { at } => t_string!(i18n, call.opened_at, time = format::clock(at)),
        SwitchState::Refused { .. } => t_string!(i18n, call.refused).to_owned(),
        SwitchState::NotSent { .. } => t_string!(i18n, call.not_sent).to_owned(),
    }
}

/// What is announced of a switch; `None` while there is nothing to tell.
pub(crate) fn verdict(i18n: Catalogue, switch: &SwitchView) -> Option<String> {
    let name = switch.name.clone();
    Some(match switch.state {
        SwitchState::Ready | SwitchState::Sending => return None,
        SwitchState::CodeSent { .. } => t_string!(i18n, call.verdict_sent, name = name),
        SwitchState::NoConfirmation { .. } => {
            t_string!(i18n, call.verdict_unconfirmed, name = name)
        }
        SwitchState::Confirmed { .. } if switch.kind == SwitchKind::Light => {
            t_string!(i18n, call.verdict_switched, name = name)
        }
        SwitchState::Confirmed { .. } => t_string!(i18n, call.verdict_confirmed, name = name),
        SwitchState::Refused { .. } => t_string!(i18n, call.verdict_refused, name = name),
        SwitchState::NotSent { .. } => t_string!(i18n, call.verdict_not_sent, name = name),
    })
}

/// Why the call on the screen is over.
pub(crate) fn ended(i18n: Catalogue, call: &CallView, reason: EndReason) -> String {
    match reason {
        EndReason::HungUp => t_string!(i18n, call.ended).to_owned(),
        EndReason::RemoteHungUp => {
            t_string!(i18n, call.ended_remote, name = call.caller.name.clone())
        }
        EndReason::Declined => t_string!(i18n, call.ended_declined).to_owned(),
        EndReason::CallerGaveUp => t_string!(i18n, call.ended_gave_up).to_owned(),
        EndReason::AnsweredElsewhere => t_string!(i18n, call.ended_elsewhere).to_owned(),
        EndReason::Refused => t_string!(i18n, call.ended_refused).to_owned(),
        EndReason::Vanished => t_string!(i18n, call.ended_vanished).to_owned(),
        EndReason::Failed => t_string!(i18n, call.ended_failed).to_owned(),
    }
}

/// The title of the call window.
pub(crate) fn call_title(i18n: Catalogue, call: Option<&CallView>) -> String {
    let Some(call) = call else { return t_string!(i18n, call.none).to_owned() };
    let name = call.caller.name.clone();
    match (call.phase, call.direction) {
        (CallPhase::Ringing, Direction::Incoming) => {
            t_string!(i18n, call.title_calling, name = name)
        }
        _ => t_string!(i18n, call.title_with, name = name),
    }
}
