//! What is done with a call that comes in: a decision without I/O.

use vestibule_model::{Caller, Intercom, IntercomId, SecondCall, Settings, SipAddress};

/// Where a call came from, as far as the network proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The registrar passed it on, so its From is as good as the registrar's word.
    Registrar,
    /// It came straight from this host; its From proves nothing.
    Direct(std::net::IpAddr),
}

/// What is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It rings.
    Ring,
    /// It is shown beside the call that is up.
    Wait,
    /// The caller hears that we are busy (486); it is logged as missed.
    Busy,
    /// Do not disturb: nobody is told but the history (480).
    DoNotDisturb,
}

/// What becomes of a call of this intercom. `local` tells day and minute on the clock of this device, and is asked only
/// where quiet hours are switched on: the zone may have to be read from the disk.
pub(crate) fn admit(
    settings: &Settings,
    intercom: Option<IntercomId>,
    local: impl FnOnce() -> (u8, u16),
    busy: bool,
) -> Admission {
    let silent = intercom.is_some_and(|intercom| settings.silent.contains(&intercom));
    let hours = &settings.quiet_hours;
    let quiet = settings.do_not_disturb
        || silent
        || hours.on && {
            let (day, minute) = local();
            hours.hold(day, minute)
        };
    match (quiet, busy, settings.second_call) {
        (true, _, _) => Admission::DoNotDisturb,
        (false, false, _) => Admission::Ring,
        (false, true, SecondCall::Waiting) => Admission::Wait,
        (false, true, SecondCall::Busy) => Admission::Busy,
    }
}

/// Finds the intercom that this caller is, and the name to show.
///
/// Behind the registrar the address of record decides. Past it only a device that may call directly is taken, and
/// only from its own IP address: anybody can write any From.
pub(crate) fn identify(
    address: &str,
    display_name: Option<&str>,
    origin: &Origin,
    own_hosts: &[String],
    intercoms: &[Intercom],
) -> Caller {
    let from: Option<SipAddress> = address.parse().ok();
    let matched = from.as_ref().and_then(|from| {
        intercoms.iter().find(|intercom| {
            let known = &intercom.address;
            known.user() == from.user()
                && match origin {
                    Origin::Registrar => same_domain(known.host(), from.host(), own_hosts),
                    Origin::Direct(ip) => intercom.direct && host_is(known.host(), *ip),
                }
        })
    });
    let said = display_name.map(str::trim).filter(|name| !name.is_empty());
    let name = match (matched, said, &from) {
        (Some(intercom), _, _) => intercom.name.clone(),
        (None, Some(said), _) => said.to_owned(),
        (None, None, Some(from)) => from.user().to_owned(),
        (None, None, None) => address.to_owned(),
    };
    Caller { intercom: matched.map(|intercom| intercom.id), name, address: address.to_owned() }
}

/// A registrar writes its domain, its own name or its IP address into From: all of them mean "here".
fn same_domain(known: &str, said: &str, own_hosts: &[String]) -> bool {
    let is_own = |host: &str| own_hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    known.eq_ignore_ascii_case(said) || (is_own(known) && is_own(said))
}

fn host_is(host: &str, ip: std::net::IpAddr) -> bool {
    host.trim_matches(['[', ']']).parse() == Ok(ip)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use vestibule_model::QuietHours;

    use vestibule_model::IntercomId;

    use super::*;

    fn intercom(id: i64, address: &str, direct: bool) -> Intercom {
        Intercom {
            id: IntercomId(id),
            name: format!("Intercom {id}"),
            address: address.parse().unwrap(),
            direct,
            device: None,
            switches: Vec::new(),
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn do_not_disturb_comes_before_everything() {
        let mut settings = Settings { do_not_disturb: true, ..Settings::default() };
        let admit = |settings: &Settings, busy| admit(settings, None, || (1, 0), busy);
        assert_eq!(admit(&settings, true), Admission::DoNotDisturb);
        assert_eq!(admit(&settings, false), Admission::DoNotDisturb);
        settings.do_not_disturb = false;
        assert_eq!(admit(&settings, false), Admission::Ring);
        assert_eq!(admit(&settings, true), Admission::Wait);
        settings.second_call = SecondCall::Busy;
        assert_eq!(admit(&settings, true), Admission::Busy);
        assert_eq!(admit(&settings, false), Admission::Ring);
    }

    #[test]
    fn quiet_hours_and_silent_intercoms_do_not_ring() {
        let nights = QuietHours { on: true, ..QuietHours::default() };
        let settings = Settings { quiet_hours: nights, silent: vec![IntercomId(2)], ..Settings::default() };
        let noon = (3, 12 * 60);
        for (intercom, moment, expected) in [
            (Some(1), noon, Admission::Ring),
            (None, noon, Admission::Ring),
            (Some(2), noon, Admission::DoNotDisturb),
            (Some(1), (3, 23 * 60), Admission::DoNotDisturb),
            (None, (3, 60), Admission::DoNotDisturb),
        ] {
            assert_eq!(
                admit(&settings, intercom.map(IntercomId), || moment, false),
                expected,
                "{intercom:?}"
            );
        }
    }

    #[test]
    fn the_registrar_vouches_for_the_address_of_record() {
        let known = [intercom(1, "door@site.example", false)];
        let own = ["site.example".to_owned(), "192.0.2.1".to_owned()];
        let who = |address: &str| identify(address, Some("Door"), &Origin::Registrar, &own, &known).intercom;
        assert_eq!(who("door@site.example"), Some(IntercomId(1)));
        assert_eq!(who("door@SITE.example:5060"), Some(IntercomId(1)));
        assert_eq!(who("door@192.0.2.1"), Some(IntercomId(1)));
        assert_eq!(who("door@elsewhere.example"), None);
        assert_eq!(who("garage@site.example"), None);
    }

    #[test]
    fn past_the_registrar_only_a_listed_host_is_known() {
        let known = [intercom(1, "door@192.0.2.7", true), intercom(2, "gate@192.0.2.8", false)];
        let who = |address: &str, from: &str| {
            identify(address, None, &Origin::Direct(ip(from)), &[], &known).intercom
        };
        assert_eq!(who("door@192.0.2.7", "192.0.2.7"), Some(IntercomId(1)));
        assert_eq!(who("door@anything", "192.0.2.7"), Some(IntercomId(1)));
        assert_eq!(who("door@192.0.2.7", "192.0.2.66"), None, "a forged From");
        assert_eq!(who("gate@192.0.2.8", "192.0.2.8"), None, "not allowed to call directly");
    }

    #[test]
    fn the_name_is_the_sites_else_the_callers_else_the_address() {
        let known = [intercom(1, "door@site.example", false)];
        let name =
            |address: &str, said: Option<&str>| identify(address, said, &Origin::Registrar, &[], &known).name;
        assert_eq!(name("door@site.example", Some("Evil twin")), "Intercom 1");
        assert_eq!(name("x@site.example", Some("Reception")), "Reception");
        assert_eq!(name("x@site.example", Some(" ")), "x");
        assert_eq!(name("not an address", None), "not an address");
    }
}
