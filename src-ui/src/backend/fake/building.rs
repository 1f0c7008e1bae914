//! Who lives there: intercoms, settings, past calls.

use vestibule_ipc::*;
use vestibule_model::*;

use super::site::{self, Records};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Rows of a page where the question names no number.
const PAGE: usize = 50;

/// Everything that the fake knows.
pub(super) struct Building {
    pub(super) state: AppState,
    /// Newest first.
    pub(super) history: Vec<HistoryEntry>,
    pub(super) records: Records,
    next: i64,
}

impl Building {
    /// A building on an ordinary afternoon.
    pub(super) fn new(now: Timestamp) -> Self {
        let intercoms = vec![
            intercom(1, "Courtyard gate", "gate", vec![switch(1, "Courtyard gate", SwitchKind::Gate, "11*")]),
            intercom(2, "Garage", "garage", vec![switch(2, "Garage door", SwitchKind::Gate, "22#")]),
            intercom(
                3,
                "Main entrance",
                "door",
                vec![
                    switch(3, "Main door", SwitchKind::Door, "00*"),
                    switch(4, "Courtyard gate", SwitchKind::Gate, "11*"),
                    switch(5, "Stair light", SwitchKind::Light, "33#"),
                ],
            ),
            intercom(4, "Reception desk", "reception", Vec::new()),
        ];
        let account = SipAccount {
            user: "flat12".to_owned(),
            domain: "sip.example.org".to_owned(),
            servers: Vec::new(),
            auth_user: None,
            display_name: Some("Flat 12".to_owned()),
            transport: SipTransport::Udp,
            dtmf: DtmfMode::Rfc4733,
            codecs: SipAccount::default_codecs(),
            expires: SipAccount::default_expires(),
        };
        let state = AppState {
            registration: Registration::Registered { since: Timestamp(now.0 - 5 * HOUR) },
            settings: Settings { account: Some(account), ..Settings::default() },
            calls: Vec::new(),
            intercoms,
            unseen: 0,
            storage: StorageState::Ready,
            site: Some(site::site(now)),
            link_waits: false,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let mut building = Self { state, history: past(now), records: Records::new(now), next: 1000 };
        building.count_unseen();
        building
    }

    /// A number that was not used before.
    pub(super) fn fresh(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    pub(super) fn has_call(&self) -> bool {
        !self.state.calls.is_empty()
    }

    pub(super) fn call_mut(&mut self, id: CallId) -> Result<&mut CallView, Error> {
        let found = self.state.calls.iter_mut().find(|call| call.id == id);
        found.ok_or_else(|| Error::new(ErrorCode::NoSuchCall, "no such call"))
    }

    /// The call whose picture there is to see, if any.
    pub(super) fn seen_call(&self) -> Option<CallId> {
        let call = self.state.calls.iter().find(|call| !matches!(call.phase, CallPhase::Ended { .. }))?;
        (call.video != VideoState::None && call.video != VideoState::Waiting).then_some(call.id)
    }

    pub(super) fn entry_mut(&mut self, id: CallId) -> Option<&mut HistoryEntry> {
        self.history.iter_mut().find(|entry| entry.id == id)
    }

    pub(super) fn count_unseen(&mut self) -> u32 {
        let new = |entry: &&HistoryEntry| entry.status == CallStatus::Missed && !entry.seen;
        self.state.unseen = u32::try_from(self.history.iter().filter(new).count()).unwrap_or(u32::MAX);
        self.state.unseen
    }

    pub(super) fn mark_seen(&mut self, up_to: CallId) {
        for entry in self.history.iter_mut().filter(|entry| entry.id <= up_to) {
            entry.seen = true;
        }
    }

    pub(super) fn save_intercom(&mut self, mut intercom: Intercom) -> IntercomId {
        if intercom.id == IntercomId(0) {
            intercom.id = IntercomId(self.fresh());
        }
        for switch in &mut intercom.switches {
            if switch.id == SwitchId(0) {
                switch.id = SwitchId(self.fresh());
            }
        }
        let id = intercom.id;
        self.state.intercoms.retain(|known| known.id != id);
        self.state.intercoms.push(intercom);
        self.state.intercoms.sort_by(|a, b| a.name.cmp(&b.name));
        id
    }

    /// A page of the history, as the store would give it.
    pub(super) fn page(&self, filter: &HistoryFilter) -> HistoryPage {
        let text = filter.text.to_lowercase();
        let limit = if filter.limit == 0 { PAGE } else { filter.limit as usize };
        let mut rows = self.history.iter().filter(|entry| {
            let named =
                entry.caller.name.to_lowercase().contains(&text) || entry.caller.address.contains(&text);
            let older = filter.before.is_none_or(|before| entry.id < before);
            named && older && (!filter.missed_only || entry.status == CallStatus::Missed)
        });
        let entries = rows.by_ref().take(limit).cloned().collect();
        HistoryPage { entries, more: rows.next().is_some() }
    }

    /// The picture of a past call, or of one that is up.
    pub(super) fn picture(&self, call: CallId) -> String {
        let caller = self.history.iter().find(|entry| entry.id == call).and_then(|e| e.caller.intercom);
        let scene = match caller {
            Some(IntercomId(1)) if call.0 % 2 == 0 => "scene-gate",
            Some(IntercomId(2)) => "scene-garage",
            Some(IntercomId(3)) if call.0 % 3 == 0 => "scene-guest",
            Some(IntercomId(3)) => "door-scene",
            Some(_) => "scene-guest",
            None => "scene-porch",
        };
        format!("fake/{scene}.svg")
    }
}

/// Devices of an ordinary desk.
pub(super) fn audio_devices() -> AudioDevices {
    let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    AudioDevices {
        inputs: names(&["Built-in microphone", "USB headset"]),
        outputs: names(&["Built-in speakers", "USB headset", "HDMI"]),
    }
}

fn intercom(id: i64, name: &str, user: &str, switches: Vec<DoorSwitch>) -> Intercom {
    let address = format!("{user}@sip.example.org").parse();
    // The parts are fixed above; an address that does not read would be a slip in this file.
    let address: SipAddress = address.unwrap_or_else(|problem| unreachable!("{problem}"));
    Intercom { id: IntercomId(id), name: name.to_owned(), address, direct: false, device: None, switches }
}

fn switch(id: i64, name: &str, kind: SwitchKind, code: &str) -> DoorSwitch {
    DoorSwitch { id: SwitchId(id), name: name.to_owned(), kind, code: code.parse().unwrap_or_default() }
}

/// Past calls: an ordinary day, the days before, and enough weeks for several pages.
fn past(now: Timestamp) -> Vec<HistoryEntry> {
    use CallStatus::*;
    use Direction::*;
    let opened = [("Main door", Outcome::Confirmed)];
    let sent = [("Main door", Outcome::Sent)];
    let refused = [("Courtyard gate", Outcome::Refused)];
    let mut rows = vec![
        row(now, 3, Incoming, Answered, 38 * MINUTE, 42, &sent),
        row(now, 1, Incoming, Missed, 3 * HOUR, 0, &[]),
        row(now, 3, Incoming, AnsweredElsewhere, DAY + HOUR, 0, &[]),
        row(now, 3, Incoming, Declined, DAY + 2 * HOUR, 0, &[]),
        row(now, 1, Outgoing, Answered, DAY + 5 * HOUR, 70, &refused),
        row(now, 2, Incoming, Failed, 2 * DAY, 0, &[]),
        row(now, 3, Incoming, Answered, 2 * DAY + 4 * HOUR, 18, &opened),
        row(now, 0, Incoming, Missed, 2 * DAY + 5 * HOUR, 0, &[]),
    ];
    for n in 0..120 {
        let (intercom, status, seconds) = match n % 5 {
            0 => (3, Answered, 25),
            1 => (1, Missed, 0),
            2 => (3, Answered, 61),
            3 => (2, Declined, 0),
            _ => (3, AnsweredElsewhere, 0),
        };
        let actions: &[(&str, Outcome)] = if n % 5 == 0 { &sent } else { &[] };
        rows.push(row(now, intercom, Incoming, status, 3 * DAY + n * 7 * HOUR, seconds, actions));
    }
    let count = i64::try_from(rows.len()).unwrap_or(0);
    for (place, row) in (0..).zip(&mut rows) {
        row.id = CallId(count - place);
        // Only the newest missed call has not been seen.
        row.seen = place > 1;
        row.has_picture = !matches!(row.status, Failed) && row.caller.intercom.is_some();
    }
    rows
}

fn row(
    now: Timestamp,
    intercom: i64,
    direction: Direction,
    status: CallStatus,
    ago: i64,
    seconds: i64,
    actions: &[(&str, Outcome)],
) -> HistoryEntry {
    let (name, user) = match intercom {
        1 => ("Courtyard gate", "gate"),
        2 => ("Garage", "garage"),
        3 => ("Main entrance", "door"),
        _ => ("unknown@192.0.2.44", "unknown"),
    };
    let started = Timestamp(now.0 - ago);
    let answered = (status == CallStatus::Answered).then_some(Timestamp(started.0 + 6_000));
    let ended = answered.map_or(started.0 + 30_000, |at| at.0 + seconds * 1000);
    let actions = (0..).zip(actions).map(|(n, (name, outcome))| DoorAction {
        switch_name: (*name).to_owned(),
        at: Timestamp(started.0 + 12_000 + n * 4_000),
        outcome: *outcome,
    });
    HistoryEntry {
        id: CallId(0),
        caller: Caller {
            intercom: (intercom > 0).then_some(IntercomId(intercom)),
            name: name.to_owned(),
            address: format!("{user}@sip.example.org"),
        },
        direction,
        status,
        started,
        answered,
        ended: Some(Timestamp(ended)),
        failure: None,
        has_picture: false,
        seen: true,
        actions: actions.collect(),
    }
}

pub(super) fn diagnostics() -> Vec<String> {
    [
        concat!("Vestibule ", env!("CARGO_PKG_VERSION"), ", in a browser"),
        "Registered for 5 hours, by UDP",
        "Last call 38 minutes ago: answered, 42 s, 0.1 % of packets lost",
        "Account: ***@sip.example.org",
        "Microphone: present; loudspeaker: present",
    ]
    .map(str::to_owned)
    .into()
}
