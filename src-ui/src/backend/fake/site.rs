//! The site server of the made-up building: visitors, access log, the phone as a key, help.

use std::any::Any;
use std::rc::Rc;

use vestibule_ipc::*;
use vestibule_model::*;
use wasm_bindgen_futures::spawn_local;

use super::{Inner, pause, run};
use crate::state::now;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Rows of a page where the question names no number.
const PAGE: usize = 50;

/// What the site server knows, apart from [`AppState::site`].
pub(super) struct Records {
    pub(super) visitors: Vec<Visitor>,
    /// Newest first.
    pub(super) access: Vec<AccessEntry>,
    pub(super) mobile: MobileAccess,
    pub(super) contacts: Vec<Contact>,
    tickets: u32,
}

impl Records {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            visitors: visitors(now),
            access: access(now, 120),
            mobile: mobile(now),
            contacts: contacts(),
            tickets: 4711,
        }
    }

    /// So many visitors more, for lists that have to be long.
    pub(super) fn crowd(&mut self, now: Timestamp, count: i64) {
        let many = (0..count).map(|n| {
            let until = Some(Timestamp(now.0 + (n % 90 - 30) * DAY));
            visitor(100 + n, &format!("Guest {n}"), Some(Timestamp(now.0 - 40 * DAY)), until)
        });
        self.visitors.extend(many);
    }

    /// An access log of so many rows.
    pub(super) fn long_log(&mut self, now: Timestamp, rows: i64) {
        self.access = access(now, rows);
    }

    fn find(&mut self, id: VisitorId) -> Result<&mut Visitor, Error> {
        let found = self.visitors.iter_mut().find(|visitor| visitor.id == id);
        found.ok_or_else(|| Error::new(ErrorCode::BadValue, "no such visitor"))
    }

    fn page(&self, filter: &AccessFilter) -> AccessPage {
        let text = filter.text.to_lowercase();
        let limit = if filter.limit == 0 { PAGE } else { filter.limit as usize };
        let mut rows = self.access.iter().filter(|row| {
            let named = row.door.to_lowercase().contains(&text) || row.person.to_lowercase().contains(&text);
            let denied = matches!(row.result, AccessResult::Denied { .. });
            named
                && (denied || !filter.problems_only)
                && filter.method.is_none_or(|method| method == row.method)
                && filter.before.is_none_or(|before| row.id < before)
        });
        let entries = rows.by_ref().take(limit).cloned().collect();
        AccessPage { entries, more: rows.next().is_some() }
    }
}

/// The building as its residents see it.
pub(super) fn site(now: Timestamp) -> Site {
    let device = |name: &str, kind, status, intercom: Option<i64>| Device {
        name: name.to_owned(),
        kind,
        status,
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
        ],
        licence: Licence::Ready,
        read_at: now,
        online: true,
    }
}

/// Answers a command about the building; `None` when it is not one.
pub(super) fn reply(inner: &Rc<Inner>, name: &str, args: Box<dyn Any>) -> Result<Box<dyn Any>, Error> {
    match name {
        ListVisitors::NAME => {
            run(args, |ListVisitors {}| Ok(inner.building.borrow().records.visitors.clone()))
        }
        SaveVisitor::NAME => run(args, |c: SaveVisitor| save_visitor(inner, c.visitor)),
        RenewPin::NAME => run(args, |c: RenewPin| {
            edit_visitor(inner, c.visitor, |visitor, pin| {
                if let Some(codes) = &mut visitor.codes {
                    codes.pin = pin;
                }
            })
        }),
        RevokeVisitor::NAME => {
            run(args, |c: RevokeVisitor| edit_visitor(inner, c.visitor, |v, _| v.revoked = true))
        }
        DeleteVisitor::NAME => run(args, |c: DeleteVisitor| {
            inner.building.borrow_mut().records.visitors.retain(|visitor| visitor.id != c.visitor);
            inner.emit(Event::VisitorsChanged);
            Ok(())
        }),
        ListAccess::NAME => run(args, |c: ListAccess| Ok(inner.building.borrow().records.page(&c.filter))),
        GetMobileAccess::NAME => {
            run(args, |GetMobileAccess {}| Ok(inner.building.borrow().records.mobile.clone()))
        }
        SetAccessCard::NAME => run(args, |c: SetAccessCard| {
            set_card(inner, c.active);
            Ok(())
        }),
        SetAccessMode::NAME => run(args, |c: SetAccessMode| {
            edit_mobile(inner, |mobile| {
                mobile.enabled.retain(|mode| *mode != c.mode);
                if c.on {
                    mobile.enabled.push(c.mode);
                }
            });
            Ok(())
        }),
        SearchDoors::NAME => run(args, |c: SearchDoors| {
            edit_mobile(inner, |mobile| mobile.searching = c.on && mobile.adapter == AdapterState::Ready);
            Ok(())
        }),
        OpenNearby::NAME => run(args, |c: OpenNearby| {
            open_nearby(inner, c.door);
            Ok(())
        }),
        ListContacts::NAME => {
            run(args, |ListContacts {}| Ok(inner.building.borrow().records.contacts.clone()))
        }
        PreviewDiagnostics::NAME => run(args, |PreviewDiagnostics {}| Ok(diagnostics())),
        SendTicket::NAME => run(args, |c: SendTicket| Ok(send_ticket(inner, c.ticket))),
        SignIn::NAME => run(args, |c: SignIn| sign_in(inner, c.with)),
        other => Err(super::internal(format!("there is no command {other}"))),
    }
}

fn online(inner: &Inner) -> bool {
    inner.building.borrow().state.site.as_ref().is_some_and(|site| site.online)
}

fn save_visitor(inner: &Rc<Inner>, mut visitor: Visitor) -> Result<VisitorId, Error> {
    if visitor.name.trim().is_empty()
        || visitor.until.is_some_and(|until| visitor.from.is_some_and(|from| until <= from))
    {
        return Err(Error::new(ErrorCode::BadValue, "a visitor needs a name, and an end after the begin"));
    }
    let online = online(inner);
    let id = {
        let mut building = inner.building.borrow_mut();
        let qr = building.state.site.as_ref().is_some_and(|site| site.qr_codes);
        visitor.delivery = if online { Delivery::Sent } else { Delivery::Waiting };
        if visitor.id == VisitorId(0) {
            visitor.id = VisitorId(building.fresh());
            visitor.codes = online.then(|| codes(visitor.id.0, qr));
        } else {
            visitor.codes = building.records.find(visitor.id)?.codes.clone();
        }
        let id = visitor.id;
        building.records.visitors.retain(|known| known.id != id);
        building.records.visitors.push(visitor);
        id
    };
    inner.emit(Event::VisitorsChanged);
    Ok(id)
}

fn edit_visitor(inner: &Inner, id: VisitorId, edit: impl FnOnce(&mut Visitor, Secret)) -> Result<(), Error> {
    {
        let mut building = inner.building.borrow_mut();
        let fresh = building.fresh();
        edit(building.records.find(id)?, pin(fresh));
    }
    inner.emit(Event::VisitorsChanged);
    Ok(())
}

fn edit_mobile(inner: &Inner, edit: impl FnOnce(&mut MobileAccess)) {
    let now = {
        let mut building = inner.building.borrow_mut();
        edit(&mut building.records.mobile);
        building.records.mobile.clone()
    };
    inner.emit(Event::MobileAccess(now));
}

fn set_card(inner: &Rc<Inner>, active: bool) {
    if !active {
        return edit_mobile(inner, |mobile| mobile.card = CardState::Off);
    }
    edit_mobile(inner, |mobile| mobile.card = CardState::Moving);
    let inner = inner.clone();
    spawn_local(async move {
        pause(900).await;
        edit_mobile(&inner, |mobile| mobile.card = CardState::Active { since: now() });
    });
}

fn open_nearby(inner: &Rc<Inner>, id: DoorId) {
    let set = move |inner: &Inner, state: DoorState| {
        edit_mobile(inner, |mobile| {
            if let Some(door) = mobile.doors.iter_mut().find(|door| door.id == id) {
                door.state = state;
            }
        });
    };
    set(inner, DoorState::Opening);
    let inner = inner.clone();
    spawn_local(async move {
        pause(700).await;
        // The cellar is not for this flat.
        set(
            &inner,
            if id == DoorId(3) { DoorState::Denied { at: now() } } else { DoorState::Granted { at: now() } },
        );
        pause(6_000).await;
        set(&inner, DoorState::Ready);
    });
}

fn send_ticket(inner: &Inner, mut ticket: Ticket) -> Ticket {
    if online(inner) {
        let mut building = inner.building.borrow_mut();
        building.records.tickets += 1;
        ticket.number = Some(format!("VS-{}", building.records.tickets));
        ticket.delivery = Delivery::Sent;
    } else {
        ticket.delivery = Delivery::Waiting;
    }
    ticket
}

/// `wrong` as password or link is refused, `used` as link is one that was used; a password asks for a second factor.
fn sign_in(inner: &Inner, with: SignInWith) -> Result<SignedIn, Error> {
    match with {
        SignInWith::Password { server, .. } if server.contains("nowhere") => {
            Err(Error::new(ErrorCode::Network, "the server does not answer"))
        }
        SignInWith::Password { password, .. } if password.reveal() == "wrong" => {
            Err(Error::new(ErrorCode::BadAccount, "wrong password"))
        }
        SignInWith::Password { code: None, .. } => Ok(SignedIn::CodeNeeded),
        SignInWith::Link { link } if !link.reveal().starts_with("vestibule://provision") => {
            Err(Error::new(ErrorCode::BadValue, "this is no link of a site server"))
        }
        SignInWith::Link { link } if link.reveal().contains("used") => {
            Err(Error::new(ErrorCode::WrongPhase, "the link was used"))
        }
        SignInWith::Password { .. } | SignInWith::Link { .. } => {
            let site = site(now());
            inner.building.borrow_mut().state.site = Some(site.clone());
            inner.emit(Event::Site(site));
            Ok(SignedIn::Done)
        }
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
    let upcoming = visitor(4, "Weekend guest", at(2 * DAY), at(4 * DAY));
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
fn pin(id: i64) -> Secret {
    Secret::new(format!("{:05}", (id * 48_271 + 11_213) % 100_000))
}

fn codes(id: i64, qr: bool) -> VisitorCodes {
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
            "+49 30 5550 1201",
            "caretaker@example.org",
        ),
        contact(
            "Door service",
            "Intercoms, doors, keys",
            ContactPurpose::Technical,
            "+49 30 5550 1202",
            "doors@example.org",
        ),
        contact("Office", "Contracts and bills", ContactPurpose::Billing, "", "office@example.org"),
    ]
}

fn diagnostics() -> Vec<String> {
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
