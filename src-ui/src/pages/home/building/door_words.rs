//! Plain words for what is known of a door nearby.

use vestibule_model::{DoorState, NearbyDoor};

use super::press::Stand;
use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::Icon;
use crate::words;

/// What came of a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) icon: Icon,
    pub(super) text: &'static str,
    /// Whether the door opened.
    pub(super) good: bool,
    /// Whether only the facility management can help.
    pub(super) needs_help: bool,
}

/// What came of a press, beside its door; `None` while nothing has.
pub(super) fn verdict(i18n: Catalogue, stand: Stand) -> Option<Verdict> {
    let bad = |icon, text| Some(Verdict { icon, text, good: false, needs_help: false });
    match stand {
        Stand::Known(DoorState::Ready | DoorState::Opening) => None,
        Stand::Known(DoorState::Granted { .. }) => {
            let text = t_string!(i18n, door.granted);
            Some(Verdict { icon: Icon::DoorOpen, text, good: true, needs_help: false })
        }
        Stand::Known(DoorState::Denied { .. }) => {
            let text = t_string!(i18n, door.denied);
            Some(Verdict { icon: Icon::Ban, text, good: false, needs_help: true })
        }
        Stand::Known(DoorState::NotTrusted) => {
            let text = t_string!(i18n, door.not_trusted);
            Some(Verdict { icon: Icon::Shield, text, good: false, needs_help: true })
        }
        Stand::Known(DoorState::OutOfRange) => bad(Icon::Signal, t_string!(i18n, door.out_of_range)),
        Stand::Known(DoorState::TimedOut) => bad(Icon::Clock, t_string!(i18n, door.timed_out)),
        Stand::Refused(code) => bad(Icon::Alert, words::error(i18n, code)),
        Stand::Silent => bad(Icon::Help, t_string!(i18n, door.silent)),
    }
}

/// What is announced of a door; `None` while there is nothing to tell.
pub(super) fn said(i18n: Catalogue, door: &NearbyDoor) -> Option<String> {
    let name = door.name.clone();
    Some(match door.state {
        DoorState::Ready => return None,
        DoorState::Opening => t_string!(i18n, door.opening_name, name = name),
        DoorState::Granted { .. } => t_string!(i18n, door.said_granted, name = name),
        DoorState::Denied { .. } => t_string!(i18n, door.said_denied, name = name),
        DoorState::OutOfRange => t_string!(i18n, door.said_out_of_range, name = name),
        DoorState::TimedOut => t_string!(i18n, door.said_timed_out, name = name),
        DoorState::NotTrusted => t_string!(i18n, door.said_not_trusted, name = name),
    })
}

/// How near a door is.
pub(super) fn reach(i18n: Catalogue, strength: u8) -> &'static str {
    match strength {
        0 => t_string!(i18n, door.reach_edge),
        1 => t_string!(i18n, door.reach_far),
        2 => t_string!(i18n, door.reach_middle),
        3 => t_string!(i18n, door.reach_near),
        _ => t_string!(i18n, door.reach_here),
    }
}
