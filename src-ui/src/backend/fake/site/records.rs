//! What the site server of the made-up building knows.

use vestibule_ipc::*;
use vestibule_model::api::ConfigurationMode;
use vestibule_model::*;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Rows of a page where the question names no number.
const PAGE: usize = 50;

/// What the site server knows, apart from [`AppState::site`].
pub(in crate::backend::fake) struct Records {
    pub(in crate::backend::fake) visitors: Vec<Visitor>,
    /// Newest first.
    pub(super) access: Vec<AccessEntry>,
    pub(in crate::backend::fake) mobile: MobileAccess,
    pub(super) contacts: Vec<Contact>,
    pub(super) tickets: Vec<Ticket>,
    pub(in crate::backend::fake) members: Vec<Member>,
}

impl Records {
    pub(in crate::backend::fake) fn new(now: Timestamp) -> Self {
        Self {
            visitors: visitors(now),
            access: access(now, 120),
            mobile: mobile(now),
            contacts: contacts(),
            tickets: tickets(now),
            members: super::household::members(),
        }
    }

    /// So many visitors more, for lists that have to be long.
    pub(in crate::backend::fake) fn crowd(&mut self, now: Timestamp, count: i64) {
        let many = (0..count).map(|n| {
            let until = Some(Timestamp(now.0 + (n % 90 - 30) * DAY));
            visitor(100 + n, &format!("Guest {n}"), Some(Timestamp(now.0 - 40 * DAY)), until)
        });
        self.visitors.extend(many);
    }

    pub(in crate::backend::fake) fn clear_tickets(&mut self) {
        self.tickets.clear();
    }

    /// An access log of so many rows.
    pub(in crate::backend::fake) fn long_log(&mut self, now: Timestamp, rows: i64) {
        self.access = access(now, rows);
    }

    pub(super) fn find(&mut self, id: VisitorId) -> Result<&mut Visitor, Error> {
        let found = self.visitors.iter_mut().find(|visitor| visitor.id == id);
        found.ok_or_else(|| Error::new(ErrorCode::BadValue, "no such visitor"))
    }

    pub(super) fn page(&self, filter: &AccessFilter) -> AccessPage {
        let text = filter.text.to_lowercase();
        let limit = if filter.limit == 0 { PAGE } else { filter.limit as usize };
        let mut rows = self.access.iter().filter(|row| {
            let named = |name: &str| name.to_lowercase().contains(&text);
            let denied = matches!(row.result, AccessResult::Denied { .. });
            // What is slow comes last: a long log is searched from its begin for every page.
            filter.before.is_none_or(|before| row.id < before)
                && (denied || !filter.problems_only)
                && filter.apartment.is_none_or(|id| home_of(row).is_none_or(|home| home == id))
                && filter.method.is_none_or(|method| method == row.method)
                && (text.is_empty() || named(&row.door) || named(&row.person))
        });
        let entries = rows.by_ref().take(limit).cloned().collect();
        AccessPage { entries, more: rows.next().is_some() }
    }
}

/// Whose visit a row is about; none for what is of the whole house.
fn home_of(row: &AccessEntry) -> Option<ApartmentId> {
    match row.person.as_str() {
        "" => None,
        "Guest" => Some(ApartmentId(2)),
        _ => Some(ApartmentId(1)),
    }
}

/// The building as its residents see it.
pub(in crate::backend::fake) fn site(now: Timestamp) -> Site {
    let device = |name: &str, kind, status, intercom: Option<i64>| Device {
        name: name.to_owned(),
        kind,
        status,
        apartment: None,
        intercom: intercom.map(IntercomId),
    };
    let flat = |id, name: &str, has_access_unit| Apartment {
        id: ApartmentId(id),
        name: name.to_owned(),
        has_access_unit,
    };
    Site {
        name: "Linden Court".to_owned(),
        address: "Lindenstraße 5, 10969 Berlin".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        pin_length: 5,
        qr_codes: true,
        apartments: vec![flat(1, "Flat 12", true), flat(2, "Studio 3", false)],
        devices: vec![
            device("Courtyard gate", DeviceKind::Intercom, DeviceStatus::Ready, Some(1)),
            device("Garage", DeviceKind::Intercom, DeviceStatus::Offline, Some(2)),
            device("Main entrance", DeviceKind::Intercom, DeviceStatus::Registered, Some(3)),
            device("Reception desk", DeviceKind::AnsweringUnit, DeviceStatus::MissingCallSettings, Some(4)),
            device("Bicycle room", DeviceKind::AccessUnit, DeviceStatus::Ready, None),
            Device {
                apartment: Some(ApartmentId(1)),
                ..device("Flat 12 door", DeviceKind::AccessUnit, DeviceStatus::Ready, None)
            },
        ],
        household: true,
        licence: Licence::Ready,
        phone: PhoneSetup {
            state: PhoneState::Configured,
            mode: ConfigurationMode::Manual,
            read_at: Some(now),
            ..PhoneSetup::default()
        },
        read_at: now,
        online: true,
        signed_in: true,
    }
}

fn visitors(now: Timestamp) -> Vec<Visitor> {
    let at = |millis: i64| Some(Timestamp(now.0 + millis));
    let mut cleaner = visitor(3, "Cleaning", at(-30 * DAY), None);
    cleaner.schedule = vec![VisitingHours { days: vec![2, 5], from: 9 * 60, until: 12 * 60 }];
    cleaner.apartment_door = true;
    let mut courier = visitor(1, "Courier", at(-HOUR), at(4 * HOUR));
    courier.uses = Some(Uses { allowed: 1, used: 0 });
    let mut queued = visitor(6, "Plumber", at(DAY), at(2 * DAY));
    (queued.codes, queued.delivery) = (None, Delivery::Waiting);
    let mut refused = visitor(7, "Removal firm", at(DAY), at(2 * DAY));
    (refused.codes, refused.delivery) = (None, Delivery::Refused { why: Refusal::TooMany });
    let mut revoked = visitor(8, "Former guest", at(-9 * DAY), at(9 * DAY));
    revoked.revoked = true;
    let mut used = visitor(9, "Parcel", at(-2 * DAY), at(DAY));
    used.uses = Some(Uses { allowed: 1, used: 1 });
    let mut typed = visitor(2, "Guest", at(-20 * HOUR), at(3 * HOUR + 20 * MINUTE));
    typed.codes = typed.codes.map(|codes| VisitorCodes { qr: None, ..codes });
    let mut upcoming = visitor(4, "Weekend guest", at(2 * DAY), at(4 * DAY));
    upcoming.apartment = ApartmentId(2);
    typed.apartment = ApartmentId(2);
    vec![
        courier,
        typed,
        cleaner,
        upcoming,
        queued,
        refused,
        revoked,
        used,
        visitor(5, "Electrician", at(-6 * DAY), at(-5 * DAY)),
    ]
}

fn visitor(id: i64, name: &str, from: Option<Timestamp>, until: Option<Timestamp>) -> Visitor {
    Visitor {
        id: VisitorId(id),
        name: name.to_owned(),
        apartment: ApartmentId(1),
        from,
        until,
        schedule: Vec::new(),
        uses: None,
        apartment_door: false,
        codes: Some(codes(id, true)),
        revoked: false,
        delivery: Delivery::Sent,
    }
}

/// Digits that differ from visitor to visitor. A building that is made up needs no secret.
pub(super) fn pin(id: i64) -> Secret {
    Secret::new(format!("{:05}", (id * 48_271 + 11_213) % 100_000))
}

pub(super) fn codes(id: i64, qr: bool) -> VisitorCodes {
    VisitorCodes { pin: pin(id), qr: qr.then(|| Secret::new(format!("V1-{:016X}", id * 0x9E37_79B9))) }
}

fn access(now: Timestamp, rows: i64) -> Vec<AccessEntry> {
    let kinds = [
        ("Main entrance", "Flat 12", AccessMethod::Mobile, AccessResult::Allowed),
        ("Main entrance", "Courier", AccessMethod::Pin, AccessResult::Allowed),
        ("Bicycle room", "Flat 12", AccessMethod::Card, AccessResult::Allowed),
        ("Courtyard gate", "", AccessMethod::Pin, AccessResult::Denied { why: Denial::Unknown }),
        ("Main entrance", "Guest", AccessMethod::Qr, AccessResult::Allowed),
        ("Garage", "Electrician", AccessMethod::Pin, AccessResult::Denied { why: Denial::OutsideTime }),
        ("Courtyard gate", "Flat 12", AccessMethod::Mobile, AccessResult::Allowed),
        ("Cellar", "Guest", AccessMethod::Qr, AccessResult::Denied { why: Denial::NoRight }),
        ("Main entrance", "Former guest", AccessMethod::Pin, AccessResult::Denied { why: Denial::Revoked }),
    ];
    (0..rows)
        .zip(kinds.iter().cycle())
        .map(|(n, (door, person, method, result))| AccessEntry {
            id: AccessId(rows - n),
            at: Timestamp(now.0 - 25 * MINUTE - n * 2 * HOUR),
            door: (*door).to_owned(),
            person: (*person).to_owned(),
            method: *method,
            result: *result,
        })
        .collect()
}

fn mobile(now: Timestamp) -> MobileAccess {
    let door = |id, name: &str, strength| NearbyDoor {
        id: DoorId(id),
        name: name.to_owned(),
        strength,
        state: DoorState::Ready,
    };
    MobileAccess {
        card: CardState::Active { since: Timestamp(now.0 - 12 * DAY) },
        adapter: AdapterState::Ready,
        modes: vec![AccessMode::Press, AccessMode::Touch, AccessMode::Card, AccessMode::Motion],
        enabled: vec![AccessMode::Press],
        doors: vec![door(1, "Main door", 4), door(2, "Courtyard gate", 2), door(3, "Cellar", 1)],
        searching: true,
    }
}

/// Reports, the newest first: one of each state.
fn tickets(now: Timestamp) -> Vec<Ticket> {
    let ticket = |ago: i64, description: &str, number: Option<&str>, delivery| Ticket {
        at: Timestamp(now.0 - ago),
        description: description.to_owned(),
        email: "flat12@example.org".to_owned(),
        diagnostics: Vec::new(),
        number: number.map(str::to_owned),
        delivery,
    };
    let refused = Delivery::Refused { why: Refusal::TooMany };
    let mut first = ticket(
        30 * DAY,
        "The courtyard gate rings, but no picture comes. It did until Thursday. The sound is good, and the gate opens.",
        Some("VS-4709"),
        Delivery::Sent,
    );
    first.diagnostics = super::super::building::diagnostics();
    vec![
        ticket(20 * MINUTE, "The garage door opens late.", None, Delivery::Waiting),
        ticket(2 * DAY, "The bell of the main entrance is too quiet.", None, refused),
        ticket(
            9 * DAY,
            "The reader of the bicycle room does not take the QR code.",
            Some("VS-4711"),
            Delivery::Sent,
        ),
        first,
    ]
}

fn contacts() -> Vec<Contact> {
    let contact = |name: &str, role: &str, purpose, phone: &str, email: &str| Contact {
        name: name.to_owned(),
        role: role.to_owned(),
        purpose,
        phone: phone.to_owned(),
        email: email.to_owned(),
    };
    vec![
        contact(
            "Caretaker",
            "House and yard",
            ContactPurpose::Operations,
            "+49 30 23125 201",
            "caretaker@example.org",
        ),
        contact(
            "Door service",
            "Intercoms, doors, keys",
            ContactPurpose::Technical,
            "+49 30 23125 202",
            "doors@example.org",
        ),
        contact("Office", "Contracts and bills", ContactPurpose::Billing, "", "office@example.org"),
    ]
}
