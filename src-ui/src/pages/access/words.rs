//! Plain words for tries at doors.

use vestibule_model::{AccessEntry, AccessMethod, AccessResult, Denial};

use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::Icon;

/// All methods, in the order in which they can be chosen.
pub(super) const METHODS: [AccessMethod; 4] =
    [AccessMethod::Pin, AccessMethod::Qr, AccessMethod::Card, AccessMethod::Mobile];

/// A method with its icon.
pub(super) fn method(i18n: Catalogue, method: AccessMethod) -> (Icon, &'static str) {
    match method {
        AccessMethod::Pin => (Icon::Pin, t_string!(i18n, access.pin)),
        AccessMethod::Qr => (Icon::Qr, t_string!(i18n, access.qr)),
        AccessMethod::Card => (Icon::Card, t_string!(i18n, access.card)),
        AccessMethod::Mobile => (Icon::Mobile, t_string!(i18n, access.mobile)),
    }
}

/// The name of a method in a test id.
pub(super) fn method_id(method: AccessMethod) -> &'static str {
    match method {
        AccessMethod::Pin => "pin",
        AccessMethod::Qr => "qr",
        AccessMethod::Card => "card",
        AccessMethod::Mobile => "mobile",
    }
}

/// Who it was; what was shown to the reader, where nobody has that.
pub(super) fn person(i18n: Catalogue, entry: &AccessEntry) -> String {
    if !entry.person.trim().is_empty() {
        return entry.person.clone();
    }
    let words = match (denial(entry), entry.method) {
        (Some(Denial::Unknown), AccessMethod::Pin) => t_string!(i18n, access.unknown_pin),
        (Some(Denial::Unknown), AccessMethod::Qr) => t_string!(i18n, access.unknown_qr),
        (Some(Denial::Unknown), AccessMethod::Card) => t_string!(i18n, access.unknown_card),
        (Some(Denial::Unknown), AccessMethod::Mobile) => t_string!(i18n, access.unknown_mobile),
        _ => t_string!(i18n, access.unknown),
    };
    words.to_owned()
}

/// Why it was denied, if it was.
pub(super) fn denial(entry: &AccessEntry) -> Option<Denial> {
    match entry.result {
        AccessResult::Allowed => None,
        AccessResult::Denied { why } => Some(why),
    }
}

/// That it was denied, and why.
pub(super) fn denied(i18n: Catalogue, why: Denial, method: AccessMethod) -> &'static str {
    match (why, method) {
        (Denial::Unknown, AccessMethod::Pin) => t_string!(i18n, access.denied_pin),
        (Denial::Unknown, AccessMethod::Qr) => t_string!(i18n, access.denied_qr),
        (Denial::Unknown, AccessMethod::Card) => t_string!(i18n, access.denied_card),
        (Denial::Unknown, AccessMethod::Mobile) => t_string!(i18n, access.denied_mobile),
        (Denial::OutsideTime, _) => t_string!(i18n, access.denied_time),
        (Denial::NoRight, _) => t_string!(i18n, access.denied_right),
        (Denial::Revoked, _) => t_string!(i18n, access.denied_revoked),
        (Denial::UsedUp, _) => t_string!(i18n, access.denied_used_up),
    }
}

/// Why alone, where it says already that it was denied.
pub(super) fn why(i18n: Catalogue, why: Denial, method: AccessMethod) -> &'static str {
    match (why, method) {
        (Denial::Unknown, AccessMethod::Pin) => t_string!(i18n, access.why_pin),
        (Denial::Unknown, AccessMethod::Qr) => t_string!(i18n, access.why_qr),
        (Denial::Unknown, AccessMethod::Card) => t_string!(i18n, access.why_card),
        (Denial::Unknown, AccessMethod::Mobile) => t_string!(i18n, access.why_mobile),
        (Denial::OutsideTime, _) => t_string!(i18n, access.why_time),
        (Denial::NoRight, _) => t_string!(i18n, access.why_right),
        (Denial::Revoked, _) => t_string!(i18n, access.why_revoked),
        (Denial::UsedUp, _) => t_string!(i18n, access.why_used_up),
    }
}

/// What can be done about it.
pub(super) fn hint(i18n: Catalogue, why: Denial) -> &'static str {
    match why {
        Denial::Unknown => t_string!(i18n, access.hint_unknown),
        Denial::OutsideTime => t_string!(i18n, access.hint_time),
        Denial::NoRight => t_string!(i18n, access.hint_right),
        Denial::Revoked => t_string!(i18n, access.hint_revoked),
        Denial::UsedUp => t_string!(i18n, access.hint_used_up),
    }
}
