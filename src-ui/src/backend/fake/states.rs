//! States that an address can ask for, so that each of them can be looked at and tested.
//!
//! Calls: `ringing`, `ringing-plain` (no picture, no doors), `active`, `muted`, `connecting`, `on-hold`, `no-video`,
//! `weak`, `no-microphone`, `no-speaker`, `switches`, `outgoing`, `waiting`, `ended-elsewhere`, `ended-gave-up`,
//! `ended-lost`, `ended-failed`. Everything else: `first`, `empty`, `registering`, `wrong-password`, `refused`,
//! `unreachable`, `no-such-server`, `dnd`, `quiet` (all day), `keychain-locked`, `no-keychain`, `started-anew`, `newer`,
//! `unusable`;
//! The building: `no-site` (not signed in), `link` (the system was asked to open one), `automatic` (it sets this phone
//! up), `own-account`, `phone-removed`, `offline`, `licence-expired`, `one-flat`, `flat` (the second one chosen),
//! `no-qr`, `crowd` (5,000 visitors), `long-log` (100,000 rows), `odd-names`, `no-visitors`, `no-reports`, `alone`
//! (nobody else in the household), `no-household` (not its administrator), `card-off`, `card-elsewhere`,
//! `card-not-allowed`, `card-moving`, `doors` (one in each state of failure), `bluetooth-off`, `bluetooth-missing`,
//! `bluetooth-denied`, `nothing-near`, `desktop` (press only).
//! `slow`, `failing` (every command but the first), `broken` (every command), `silent` (no answer at all).

use vestibule_ipc::*;
use vestibule_model::api::{ConfigurationMode, DeviceId, SipProfile};
use vestibule_model::*;

use super::building::Building;
use super::{pause, play};
use crate::state::now;

/// How the building answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Quick,
    Slow,
    Failing,
    Broken,
    Silent,
}

impl Mood {
    /// The time until an answer, or a refusal.
    pub(super) async fn wait(self, command: &str) -> Result<(), Error> {
        let refusal = Err(Error::new(ErrorCode::Storage, "the building was asked to fail"));
        match self {
            Self::Quick => pause(20).await,
            Self::Slow => pause(2_500).await,
            Self::Failing if command == GetState::NAME => (),
            Self::Failing | Self::Broken => return refusal,
            Self::Silent => std::future::pending().await,
        }
        Ok(())
    }
}

/// The name after `fake=`.
pub(super) fn asked(search: &str) -> String {
    let pairs = search.trim_start_matches('?').split('&');
    pairs.filter_map(|pair| pair.strip_prefix("fake=")).next_back().unwrap_or_default().to_owned()
}

/// Brings the building into a state.
pub(super) fn set_up(building: &mut Building, name: &str) -> Mood {
    match name {
        "slow" => return Mood::Slow,
        "failing" => return Mood::Failing,
        "broken" => return Mood::Broken,
        "silent" => return Mood::Silent,
        _ => (),
    }
    if !set_up_state(building, name) && !set_up_site(building, name) {
        set_up_call(building, name);
    }
    Mood::Quick
}

fn set_up_state(building: &mut Building, name: &str) -> bool {
    let retry_at = Some(Timestamp(now().0 + 60_000));
    let failed = |why, retry_at| Registration::Failed { why, retry_at };
    let state = &mut building.state;
    match name {
        "first" => {
            state.registration = Registration::NotConfigured;
            state.settings = Settings::default();
            state.intercoms.clear();
            state.unseen = 0;
            building.history.clear();
        }
        "empty" => {
            state.unseen = 0;
            building.history.clear();
        }
        "dnd" => state.settings.do_not_disturb = true,
        "quiet" => {
            state.settings.quiet_hours = QuietHours { on: true, from: 0, until: 0, ..QuietHours::default() };
        }
        "registering" => state.registration = Registration::Registering,
        "wrong-password" => state.registration = failed(RegistrationFailure::WrongPassword, None),
        "refused" => state.registration = failed(RegistrationFailure::Refused { status: 404 }, retry_at),
        "unreachable" => state.registration = failed(RegistrationFailure::Unreachable, retry_at),
        "no-such-server" => state.registration = failed(RegistrationFailure::NoSuchServer, retry_at),
        "keychain-locked" => state.storage = StorageState::KeychainLocked,
        "no-keychain" => state.storage = StorageState::NoKeychain,
        "started-anew" => {
            let kept_as = "vestibule/cache.db.2026-11-21".to_owned();
            state.storage = StorageState::StartedAnew { kept_as, why: StartedAnew::Damaged };
        }
        "newer" => state.storage = StorageState::FromNewerVersion { found: 7, known: 1 },
        "unusable" => state.storage = StorageState::Unusable { message: "The disk is full.".to_owned() },
        _ => return false,
    }
    true
}

fn set_up_site(building: &mut Building, name: &str) -> bool {
    let now = now();
    let records = &mut building.records;
    let mobile = &mut records.mobile;
    let Some(site) = &mut building.state.site else { return false };
    match name {
        "no-site" => building.state.site = None,
        "link" => (building.state.site, building.state.link_waits) = (None, true),
        "offline" => {
            site.online = false;
            site.read_at = Timestamp(now.0 - 3 * 3_600_000);
        }
        "signed-out" => (site.online, site.signed_in) = (false, false),
        "automatic" => {
            let account = building.state.settings.account.as_ref();
            site.phone.profile = account.map(|account| SipProfile {
                user: account.user.clone(),
                domain: account.domain.clone(),
                servers: account.servers.clone(),
            });
            site.phone.mode = ConfigurationMode::Automatic;
            for intercom in &mut building.state.intercoms {
                intercom.device = Some(DeviceId(intercom.id.0));
            }
        }
        "own-account" => site.phone.state = PhoneState::OwnAccount,
        "phone-removed" => site.phone.state = PhoneState::Removed,
        "licence-expired" => site.licence = Licence::UnlicensedToPurchase,
        "flat" => building.state.settings.apartment = Some(ApartmentId(2)),
        "one-flat" => site.apartments.truncate(1),
        "no-qr" => site.qr_codes = false,
        "crowd" => records.crowd(now, 5_000),
        "long-log" => records.long_log(now, 100_000),
        "alone" => records.members.truncate(1),
        "no-household" => (site.household, records.members) = (false, Vec::new()),
        "no-visitors" => records.visitors.clear(),
        "no-reports" => records.clear_tickets(),
        "odd-names" => {
            let long = "Grandparents with luggage and the dog ".repeat(6);
            let names = [long.trim(), "👩‍👩‍👧‍👦 🚪 family 🎂", "ضيف من القاهرة", "אורח", "<b>not bold</b>"];
            for (visitor, name) in records.visitors.iter_mut().zip(names) {
                visitor.name = name.to_owned();
            }
        }
        "card-off" => mobile.card = CardState::Off,
        "card-elsewhere" => mobile.card = CardState::Elsewhere { device: "Other phone".to_owned() },
        "card-not-allowed" => mobile.card = CardState::NotAllowed,
        "bluetooth-off" => mobile.adapter = AdapterState::Off,
        "bluetooth-missing" => mobile.adapter = AdapterState::Missing,
        "bluetooth-denied" => mobile.adapter = AdapterState::NoPermission,
        "doors" => {
            let states = [DoorState::OutOfRange, DoorState::TimedOut, DoorState::NotTrusted];
            for (door, state) in mobile.doors.iter_mut().zip(states) {
                door.state = state;
            }
        }
        "card-moving" => mobile.card = CardState::Moving,
        "nothing-near" => mobile.doors.clear(),
        "desktop" => mobile.modes.truncate(1),
        _ => return false,
    }
    if mobile_is_silent(building) {
        building.records.mobile.doors.clear();
        building.records.mobile.searching = false;
    }
    true
}

fn mobile_is_silent(building: &Building) -> bool {
    let mobile = &building.records.mobile;
    mobile.adapter != AdapterState::Ready || !matches!(mobile.card, CardState::Active { .. })
}

fn set_up_call(building: &mut Building, name: &str) {
    let Some(intercom) = building.state.intercoms.iter().find(|i| i.id == IntercomId(3)).cloned() else {
        return;
    };
    let direction = if name == "outgoing" { Direction::Outgoing } else { Direction::Incoming };
    let known = ["ringing", "ringing-plain", "outgoing"].contains(&name)
        || ["active", "muted", "connecting", "on-hold", "no-video", "weak"].contains(&name)
        || ["no-microphone", "no-speaker", "switches", "waiting"].contains(&name)
        || name.starts_with("ended-");
    if !known {
        return;
    }
    let mut call = play::begin(building, &intercom, direction);
    let up = Timestamp(now().0 - 42_000);
    if !["ringing", "ringing-plain", "outgoing", "connecting"].contains(&name) {
        call.phase = CallPhase::Live;
        call.answered = Some(up);
        call.audio.microphone = MicrophoneState::On;
    }
    let ended = |reason| CallPhase::Ended { reason };
    match name {
        "ringing-plain" => {
            call.video = VideoState::None;
            call.switches.clear();
        }
        "connecting" => call.phase = CallPhase::Connecting,
        "on-hold" => call.phase = CallPhase::OnHold,
        "no-video" => call.video = VideoState::None,
        "weak" => call.video = VideoState::Weak,
        "muted" => call.audio.microphone = MicrophoneState::Muted,
        "no-microphone" => call.audio.microphone = MicrophoneState::Missing,
        "no-speaker" => call.audio.has_speaker = false,
        "switches" => every_switch_state(&mut call),
        "outgoing" => call.video = VideoState::Waiting,
        "waiting" => {
            if let Some(other) = building.state.intercoms.first().cloned() {
                let mut second = play::begin(building, &other, Direction::Incoming);
                second.waiting = true;
                building.state.calls.push(second);
            }
        }
        "ended-elsewhere" => call.phase = ended(EndReason::AnsweredElsewhere),
        "ended-gave-up" => call.phase = ended(EndReason::CallerGaveUp),
        "ended-lost" => call.phase = ended(EndReason::Vanished),
        "ended-failed" => call.phase = ended(EndReason::Failed),
        _ => (),
    }
    building.state.calls.insert(0, call);
}

/// One switch in each state.
fn every_switch_state(call: &mut CallView) {
    let at = Timestamp(now().0 - 5_000);
    let states = [
        ("Main door", SwitchKind::Door, SwitchState::Confirmed { at }),
        ("Courtyard gate", SwitchKind::Gate, SwitchState::CodeSent { at: Timestamp(at.0 - 1) }),
        ("Stair light", SwitchKind::Light, SwitchState::Confirmed { at: Timestamp(at.0 - 1) }),
        ("Back door", SwitchKind::Door, SwitchState::NoConfirmation { at: Timestamp(at.0 - 2) }),
        ("Garage", SwitchKind::Gate, SwitchState::Refused { at: Timestamp(at.0 - 2) }),
        ("Cellar", SwitchKind::Door, SwitchState::NotSent { at: Timestamp(at.0 - 2) }),
        ("Bicycle room", SwitchKind::Door, SwitchState::Sending),
    ];
    call.switches = (1..)
        .zip(states)
        .map(|(id, (name, kind, state))| SwitchView { id: SwitchId(id), name: name.to_owned(), kind, state })
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_the_state() {
        assert_eq!(asked("?fake=ringing&theme=dark"), "ringing");
        assert_eq!(asked("?theme=dark&fake=first"), "first");
        assert_eq!(asked(""), "");
    }
}
