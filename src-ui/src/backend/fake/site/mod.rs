//! The site server of the made-up building: visitors, access log, the phone as a key, help.

mod household;
mod records;

use std::any::Any;
use std::rc::Rc;

use vestibule_ipc::*;
use vestibule_model::*;
use wasm_bindgen_futures::spawn_local;

pub(super) use self::records::{Records, site};
use self::records::{codes, pin};
use super::{Inner, pause, run};
use crate::state::now;

/// The number of the first report.
const FIRST_TICKET: usize = 4712;

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
        SendTicket::NAME => run(args, |c: SendTicket| send_ticket(inner, c.ticket)),
        ListTickets::NAME => run(args, |ListTickets {}| Ok(inner.building.borrow().records.tickets.clone())),
        RenewConfiguration::NAME => run(args, |RenewConfiguration {}| renew_configuration(inner)),
        TakeLink::NAME => run(args, |TakeLink {}| {
            let mut building = inner.building.borrow_mut();
            let waits = std::mem::take(&mut building.state.link_waits);
            let link = "vestibule://provision?server=vestibule.linden-court.example&token=made-up";
            Ok(waits.then(|| Secret::new(link)))
        }),
        ListHousehold::NAME => {
            run(args, |ListHousehold {}| Ok(inner.building.borrow().records.members.clone()))
        }
        SaveMember::NAME => run(args, |c: SaveMember| household::save(inner, c.member)),
        RemoveMember::NAME => run(args, |c: RemoveMember| household::remove(inner, c.member)),
        MakeSignInLink::NAME => run(args, |c: MakeSignInLink| household::link(inner, c.member)),
        SignIn::NAME => run(args, |c: SignIn| sign_in(inner, c.with)),
        other => Err(super::internal(format!("there is no command {other}"))),
    }
}

fn online(inner: &Inner) -> bool {
    inner.building.borrow().state.site.as_ref().is_some_and(|site| site.online)
}

fn renew_configuration(inner: &Inner) -> Result<PhoneState, Error> {
    if !online(inner) {
        return Err(Error::new(ErrorCode::Network, "the building is made up, and off the network"));
    }
    let mut building = inner.building.borrow_mut();
    let site = building.state.site.as_mut().ok_or_else(|| super::internal("nobody is signed in"))?;
    site.phone.state = PhoneState::Configured;
    site.phone.read_at = Some(now());
    let event = Event::Site(Some(site.clone()));
    drop(building);
    inner.emit(event);
    Ok(PhoneState::Configured)
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
            let known = building.records.find(visitor.id)?.codes.clone();
            visitor.codes = known.or_else(|| online.then(|| codes(visitor.id.0, qr)));
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
        let online = building.state.site.as_ref().is_some_and(|site| site.online);
        let visitor = building.records.find(id)?;
        edit(visitor, pin(fresh));
        if !online {
            visitor.delivery = Delivery::Waiting;
        }
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
        // It may have been called off meanwhile.
        edit_mobile(&inner, |mobile| {
            if mobile.card == CardState::Moving {
                mobile.card = CardState::Active { since: now() };
            }
        });
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

fn send_ticket(inner: &Inner, mut ticket: Ticket) -> Result<Ticket, Error> {
    if ticket.description.trim().is_empty() {
        return Err(Error::new(ErrorCode::BadValue, "a report needs a description"));
    }
    let online = online(inner);
    {
        let tickets = &mut inner.building.borrow_mut().records.tickets;
        ticket.delivery = if online { Delivery::Sent } else { Delivery::Waiting };
        ticket.number = online.then(|| format!("VS-{}", FIRST_TICKET + tickets.len()));
        tickets.insert(0, ticket.clone());
    }
    inner.emit(Event::TicketsChanged);
    Ok(ticket)
}

/// `wrong` as password or link is refused, `used` as link is one that was used; a password asks for a second factor.
fn sign_in(inner: &Inner, with: SignInWith) -> Result<SignedIn, Error> {
    match with {
        SignInWith::Password { server, .. } if server.contains("nowhere") => {
            Err(Error::new(ErrorCode::Network, "the server does not answer"))
        }
        SignInWith::Password { password, .. } if password.reveal() == "wrong" => {
            Err(Error::new(ErrorCode::SignInRefused, "wrong password"))
        }
        SignInWith::Password { code: None, .. } => Ok(SignedIn::CodeNeeded),
        SignInWith::Link { link } if !link.reveal().starts_with("vestibule://provision?") => {
            Err(Error::new(ErrorCode::BadValue, "this is no link of a site server"))
        }
        SignInWith::Link { link } if link.reveal().contains("used") => {
            Err(Error::new(ErrorCode::LinkInvalid, "the link was used"))
        }
        SignInWith::Password { .. } | SignInWith::Link { .. } => {
            let site = site(now());
            inner.building.borrow_mut().state.site = Some(site.clone());
            inner.emit(Event::Site(Some(site)));
            Ok(SignedIn::Done)
        }
    }
}
