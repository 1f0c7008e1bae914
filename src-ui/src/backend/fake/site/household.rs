//! Who lives in the made-up apartments.

use vestibule_ipc::{Error, ErrorCode, Event};
use vestibule_model::{ApartmentId, Member, MemberId, MemberRole, Secret, SignInLink, Timestamp};

use super::Inner;
use crate::state::now;

/// Milliseconds that a link is good for: 15 minutes.
const GOOD: i64 = 15 * 60_000;

/// The household on an ordinary afternoon.
pub(super) fn members() -> Vec<Member> {
    use MemberRole::{Administrator, BuildingAdministrator, Resident, WithoutLogin};
    let member = |id: i64, name: &str, role, apartments: &[i64]| Member {
        id: MemberId(id),
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase().replace(' ', "-")),
        role,
        apartments: apartments.iter().map(|id| ApartmentId(*id)).collect(),
        is_self: id == 1,
        may_change: matches!(role, Resident | WithoutLogin),
    };
    vec![
        member(1, "Flat 12", Administrator, &[1, 2]),
        member(2, "Resident", Resident, &[1]),
        member(3, "Cleaning", WithoutLogin, &[1, 2]),
        member(4, "Caretaker", BuildingAdministrator, &[2]),
    ]
}

/// Makes or changes somebody, as a site server would.
pub(super) fn save(inner: &Inner, mut member: Member) -> Result<MemberId, Error> {
    if !member.email.contains('@') || member.name.trim().is_empty() || member.apartments.is_empty() {
        return Err(Error::new(ErrorCode::BadValue, "a value is missing"));
    }
    online(inner)?;
    let id = {
        let mut building = inner.building.borrow_mut();
        let members = &building.records.members;
        if members.iter().any(|known| known.id != member.id && known.email == member.email) {
            return Err(Error::new(ErrorCode::Taken, "somebody has this address"));
        }
        if member.id == MemberId(0) {
            member.id = MemberId(building.fresh());
            building.records.members.push(member.clone());
        } else {
            let known = building.records.members.iter_mut().find(|known| known.id == member.id);
            let known = known.ok_or_else(gone)?;
            if !known.may_change {
                return Err(Error::new(ErrorCode::NotAllowed, "administrators are not changed here"));
            }
            known.clone_from(&member);
        }
        member.id
    };
    inner.emit(Event::HouseholdChanged);
    Ok(id)
}

pub(super) fn remove(inner: &Inner, id: MemberId) -> Result<(), Error> {
    online(inner)?;
    inner.building.borrow_mut().records.members.retain(|known| known.id != id);
    inner.emit(Event::HouseholdChanged);
    Ok(())
}

/// A link that signs nobody in: the building is made up.
pub(super) fn link(inner: &Inner, id: MemberId) -> Result<SignInLink, Error> {
    online(inner)?;
    let mut building = inner.building.borrow_mut();
    if !building.records.members.iter().any(|known| known.id == id) {
        return Err(gone());
    }
    let token = building.fresh();
    let link =
        format!("vestibule://provision?server=https%3A%2F%2Fsite.example.org%2F&token=made-up-{token:08}");
    Ok(SignInLink { link: Secret::new(link), until: Timestamp(now().0 + GOOD) })
}

fn online(inner: &Inner) -> Result<(), Error> {
    if super::online(inner) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::Network, "the site server cannot be reached"))
    }
}

fn gone() -> Error {
    Error::new(ErrorCode::NoSuchMember, "nobody has this number")
}
