//! What is typed for an intercom, and what is wrong with it.

use vestibule_model::{
    DoorSwitch, Intercom, IntercomId, SipAddressError, SwitchCode, SwitchCodeError, SwitchId, SwitchKind,
};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Name,
    Address(SipAddressError),
    /// The name of the switch at this place.
    SwitchName(usize),
    /// The code of the switch at this place.
    Code(usize, SwitchCodeError),
}

/// A switch as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TypedSwitch {
    pub(super) id: SwitchId,
    pub(super) name: String,
    pub(super) kind: SwitchKind,
    pub(super) code: String,
}

impl TypedSwitch {
    /// A switch with the code that intercoms come with.
    pub(super) fn new() -> Self {
        let code = SwitchCode::default().reveal().to_owned();
        Self { id: SwitchId(0), name: String::new(), kind: SwitchKind::Door, code }
    }

    pub(super) fn of(switch: &DoorSwitch) -> Self {
        Self {
            id: switch.id,
            name: switch.name.clone(),
            kind: switch.kind,
            code: switch.code.reveal().to_owned(),
        }
    }
}

/// The intercom, or everything that is wrong, in the order of the fields.
pub(super) fn check(
    id: IntercomId,
    name: &str,
    address: &str,
    direct: bool,
    switches: &[TypedSwitch],
) -> Result<Intercom, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let name = name.trim();
    if name.is_empty() {
        wrong.push(Wrong::Name);
    }
    let address = address.trim().parse().map_err(|problem| wrong.push(Wrong::Address(problem)));
    let mut checked = Vec::new();
    for (place, switch) in switches.iter().enumerate() {
        let switch_name = switch.name.trim();
        if switch_name.is_empty() {
            wrong.push(Wrong::SwitchName(place));
        }
        match switch.code.trim().parse::<SwitchCode>() {
            Err(problem) => wrong.push(Wrong::Code(place, problem)),
            Ok(code) => {
                checked.push(DoorSwitch {
                    id: switch.id,
                    name: switch_name.to_owned(),
                    kind: switch.kind,
                    code,
                });
            }
        }
    }
    match address {
        Ok(address) if wrong.is_empty() => {
            Ok(Intercom { id, name: name.to_owned(), address, direct, device: None, switches: checked })
        }
        _ => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(name: &str, code: &str) -> TypedSwitch {
        TypedSwitch { name: name.to_owned(), code: code.to_owned(), ..TypedSwitch::new() }
    }

    #[test]
    fn a_new_switch_has_the_usual_code() {
        assert_eq!(TypedSwitch::new().code, "00*");
    }

    #[test]
    fn a_good_intercom_passes_trimmed() {
        let intercom =
            check(IntercomId(3), " Garage ", " garage@example.org ", true, &[door("Gate", " 12# ")]).unwrap();
        assert_eq!(
            (intercom.name.as_str(), intercom.address.to_string()),
            ("Garage", "garage@example.org".to_owned())
        );
        assert_eq!(intercom.switches.first().map(|s| s.code.reveal()), Some("12#"));
        assert!(intercom.direct);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let switches =
            [door("", "00*"), door("Gate", ""), door("Light", "1234567890123456"), door("Lift", "0A")];
        let wrong = check(IntercomId(0), " ", "door", false, &switches).unwrap_err();
        assert_eq!(
            wrong,
            [
                Wrong::Name,
                Wrong::Address(SipAddressError::Shape),
                Wrong::SwitchName(0),
                Wrong::Code(1, SwitchCodeError::Empty),
                Wrong::Code(2, SwitchCodeError::TooLong),
                Wrong::Code(3, SwitchCodeError::BadCharacter('A')),
            ]
        );
    }
}
