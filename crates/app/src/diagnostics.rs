//! What a person who helps needs to know of this installation. English, for it is read by support; no name, address,
//! number, code or secret goes in.

use vestibule_ipc::{Error, PreviewDiagnostics, StorageState};
use vestibule_media::audio;
use vestibule_model::{HistoryEntry, HistoryFilter, Registration, RegistrationFailure, Settings};

use crate::storage::blocking;
use crate::{App, clock};

/// Calls that are told.
const CALLS: u32 = 5;

impl App {
    /// See [`PreviewDiagnostics`].
    pub async fn preview_diagnostics(&self, _: PreviewDiagnostics) -> Result<Vec<String>, Error> {
        let state = self.inner.hub.snapshot();
        let doors: usize = state.intercoms.iter().map(|intercom| intercom.switches.len()).sum();
        let sound = blocking(audio::list).await?;
        let mut lines = vec![
            format!("Vestibule {}, {} {}", state.version, std::env::consts::OS, std::env::consts::ARCH),
            format!("Registration: {}", registration(&state.registration)),
            account(&state.settings),
            format!("Calls: {}", ringing(&state.settings)),
            format!("Cache: {}", storage(&state.storage)),
            format!("Intercoms: {}, switches: {doors}", state.intercoms.len()),
            format!("Microphones: {}, loudspeakers: {}", sound.inputs.len(), sound.outputs.len()),
        ];
        lines.push(format!("Building: {}", self.building().await));
        let filter = HistoryFilter { limit: CALLS, ..HistoryFilter::default() };
        // A cache that cannot be read is told above.
        if let Ok((calls, _)) = self.inner.storage.with(move |store| store.history(&filter)).await {
            lines.extend(calls.iter().map(call));
        }
        Ok(lines)
    }

    /// Which building it is would say who asks.
    async fn building(&self) -> String {
        let read = self.inner.storage.with(|store| Ok((store.membership()?, store.waiting()?))).await;
        let (Some(site), Ok((Some(membership), waiting))) = (self.inner.hub.site(), read) else {
            return "none".to_owned();
        };
        let state = match (site.signed_in, site.online) {
            (false, _) => "signed out elsewhere",
            (true, true) => "online",
            (true, false) => "offline",
        };
        let minutes = clock::now().millis_since(site.read_at) / 60_000;
        let log = if membership.access_cursor.is_some() { "not yet" } else { "whole" };
        format!("{state}, read {minutes} min ago, waiting: {waiting}, access log: {log} read")
    }
}

fn registration(registration: &Registration) -> String {
    match registration {
        Registration::NotConfigured => "no account".to_owned(),
        Registration::Unregistered => "not registered".to_owned(),
        Registration::Registering => "under way".to_owned(),
        Registration::Registered { .. } => "registered".to_owned(),
        Registration::Failed { why, .. } => match why {
            RegistrationFailure::WrongPassword => "failed, wrong password".to_owned(),
            RegistrationFailure::Refused { status } => format!("failed, refused with {status}"),
            RegistrationFailure::Unreachable => "failed, no server answers".to_owned(),
            RegistrationFailure::NoSuchServer => "failed, the server's name is not found".to_owned(),
        },
    }
}

fn account(settings: &Settings) -> String {
    match &settings.account {
        None => "Account: none".to_owned(),
        Some(account) => format!(
            "Account: transport {:?}, DTMF {:?}, servers {}, codecs {:?}",
            account.transport,
            account.dtmf,
            account.servers.len(),
            account.codecs
        ),
    }
}

fn ringing(settings: &Settings) -> String {
    let (day, minute) = clock::local();
    let now = match (settings.do_not_disturb, settings.quiet_hours.hold(day, minute)) {
        (true, _) => "do not disturb",
        (false, true) => "quiet hours",
        (false, false) => "ring",
    };
    format!("{now}, silent intercoms: {}, a second call: {:?}", settings.silent.len(), settings.second_call)
}

fn storage(storage: &StorageState) -> String {
    match storage {
        StorageState::Ready => "open".to_owned(),
        StorageState::KeychainLocked => "the keychain is locked".to_owned(),
        StorageState::NoKeychain => "there is no keychain".to_owned(),
        StorageState::KeyInFile => "open, its key in a file".to_owned(),
        // Where the old one is kept names the user's folder.
        StorageState::StartedAnew { why, .. } => format!("begun anew ({why:?})"),
        StorageState::FromNewerVersion { found, known } => format!("of version {found}, newer than {known}"),
        StorageState::Unusable { .. } => "cannot be opened".to_owned(),
    }
}

fn call(entry: &HistoryEntry) -> String {
    let ago = (clock::now().0 - entry.started.0) / 60_000;
    let talked = entry.answered.zip(entry.ended).map(|(from, until)| (until.0 - from.0) / 1000);
    let talked = talked.map(|seconds| format!(", {seconds} s")).unwrap_or_default();
    let codes: Vec<_> = entry.actions.iter().map(|action| format!("{:?}", action.outcome)).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(", codes: {}", codes.join(", ")) };
    format!("Call {ago} min ago: {:?}, {:?}{talked}{codes}", entry.direction, entry.status)
}
