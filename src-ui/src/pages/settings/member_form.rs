//! What somebody of the household has to be before the site server is asked.

use vestibule_model::Member;

use crate::pages::report::email;

/// Characters of a name, at most.
const NAME: usize = 100;

/// What is wrong, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Name,
    Email,
    /// Somebody else has the address, as the server says.
    Taken,
    Apartments,
}

/// The person without the space around the words, or everything that is wrong.
pub(super) fn check(typed: Member) -> Result<Member, Vec<Wrong>> {
    let member = Member { name: typed.name.trim().to_owned(), email: typed.email.trim().to_owned(), ..typed };
    let mut wrong = Vec::new();
    if member.name.is_empty() || member.name.chars().count() > NAME {
        wrong.push(Wrong::Name);
    }
    if !email::is_address(&member.email) {
        wrong.push(Wrong::Email);
    }
    if member.apartments.is_empty() {
        wrong.push(Wrong::Apartments);
    }
    if wrong.is_empty() { Ok(member) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use vestibule_model::{ApartmentId, MemberId, MemberRole};

    use super::*;

    fn typed() -> Member {
        Member {
            id: MemberId(0),
            name: " Guest ".to_owned(),
            email: " guest@example.org ".to_owned(),
            role: MemberRole::Resident,
            apartments: vec![ApartmentId(1)],
            is_self: false,
            may_change: true,
        }
    }

    #[test]
    fn what_is_right_is_trimmed() {
        let member = check(typed()).unwrap();
        assert_eq!((member.name.as_str(), member.email.as_str()), ("Guest", "guest@example.org"));
        assert!(check(Member { name: "ä".repeat(100), ..typed() }).is_ok());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let bad = Member {
            name: " ".to_owned(),
            email: "guest@host".to_owned(),
            apartments: Vec::new(),
            ..typed()
        };
        assert_eq!(check(bad), Err(vec![Wrong::Name, Wrong::Email, Wrong::Apartments]));
        assert_eq!(check(Member { name: "x".repeat(101), ..typed() }), Err(vec![Wrong::Name]));
    }
}
