//! What the app and the site server say to each other over HTTP.
//!
//! Both sides use these types. The app ignores fields that it does not know; the server refuses them, which it finds
//! out while it reads, so that no type here has to say so. Times are RFC 3339 in UTC; the site's zone stands in
//! [`Site`].

mod access;
mod account;
mod administer;
mod call;
mod group;
mod hardware;
mod help;
mod licence;
mod phone;
mod place;
mod presence;
mod problem;
mod sync;
mod utc;
mod visitor;

pub use access::{Access, DoorCheck, DoorDecision};
pub use account::{
    Claim, Link, NewLink, RecoveryCodes, Refresh, Role, SignIn, Tokens, TotpCode, TotpSecret, User, UserId,
};
pub use administer::{MadeDevice, NewApartment, NewContact, NewDevice, NewSite, NewUser};
pub use call::{CallOutcome, CallRecord, CallRecordId, NewCallRecord};
pub use group::{AccessGroup, AccessGroupId, Card, CardId, NewAccessGroup, NewCard};
pub use hardware::{Connection, Hardware, MacAddress, MacAddressError};
pub use help::{Contact, ContactId, NewTicket, Ticket, TicketId};
pub use licence::{
    Credit, Licence, LicenceUnit, LicenceUse, Licensing, Redeem, Redeemed, Voucher, VoucherId,
};
pub use phone::{
    Button, ButtonTarget, CallSettings, Codec, ConfigurationMode, DeviceConfiguration, Directory,
    DirectoryEntry, IntercomMake, IntercomSwitch, MediaEncryption, NewPhone, Phone, PhoneIntercom,
    RingMember, RingOrder, Signalling, SipProfile, SipSecret, Template,
};
pub use place::{Apartment, Device, DeviceId, Site, SiteId, SiteKind};
pub use presence::{Heartbeat, Presence};
pub use problem::{Problem, ProblemCode};
pub use sync::{Change, Changes, Page, Snapshot};
pub use utc::{Utc, UtcError};
pub use visitor::{NewVisitor, Visitor, VisitorChange};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{AccessId, AccessMethod, AccessResult, ApartmentId, Denial, Secret, Timestamp, VisitorState};

    #[test]
    fn a_visitor_looks_like_this_on_the_wire() {
        let json = json!({
            "id": 7,
            "revision": 2,
            "name": "Guest",
            "apartment": 12,
            "from": "2026-03-29T00:00:00.000Z",
            "until": null,
            "schedule": [{ "days": [1, 5], "from": 480, "until": 720 }],
            "uses": { "allowed": 3, "used": 1 },
            "apartment_door": false,
            "codes": { "pin": "12345", "qr": null },
            "revoked": false,
            "state": "upcoming",
            "zone": "Europe/Prague",
        });
        let visitor: Visitor = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&visitor).unwrap(), json);
        let now = Timestamp(1_774_742_399_999);
        assert_eq!(crate::Visitor::from(visitor.clone()).state(now), visitor.state);
        assert_eq!(crate::Visitor::from(visitor).state(Timestamp(now.0 + 1)), VisitorState::Active);
    }

    #[test]
    fn a_line_of_the_log_looks_like_this_on_the_wire() {
        let line = Access {
            id: AccessId(1),
            at: Utc(Timestamp(0)),
            device: Some(DeviceId(2)),
            door: "Main entrance".into(),
            apartment: Some(ApartmentId(12)),
            person: String::new(),
            method: AccessMethod::Pin,
            result: AccessResult::Denied { why: Denial::Unknown },
        };
        let json = json!({
            "id": 1,
            "at": "1970-01-01T00:00:00.000Z",
            "device": 2,
            "door": "Main entrance",
            "apartment": 12,
            "person": "",
            "method": "pin",
            "result": { "denied": { "why": "unknown" } },
        });
        assert_eq!(serde_json::to_value(line).unwrap(), json);
    }

    #[test]
    fn a_licence_looks_like_this_on_the_wire() {
        let until = Utc(Timestamp(0));
        for (licence, json) in [
            (Licence::Ready, json!({ "state": "ready" })),
            (Licence::Trial { until }, json!({ "state": "trial", "until": "1970-01-01T00:00:00.000Z" })),
            (Licence::UnlicensedCreditAvailable, json!({ "state": "unlicensed_credit_available" })),
        ] {
            assert_eq!(serde_json::to_value(licence).unwrap(), json);
            assert_eq!(serde_json::from_value::<Licence>(json).unwrap(), licence);
        }
        let newer = json!({ "state": "leased", "to": "somebody" });
        assert_eq!(serde_json::from_value::<Licence>(newer).unwrap(), Licence::Unknown);
    }

    #[test]
    fn an_older_app_reads_what_a_newer_server_says() {
        let problem = json!({ "type": "urn:vestibule:problem:new", "title": "New", "status": 422, "code": "new", "more": 1 });
        let problem: Problem = serde_json::from_value(problem).unwrap();
        assert_eq!(problem.code, ProblemCode::Unknown);
        let changes =
            json!({ "items": [{ "kind": "parcel", "id": 1, "now": {} }], "cursor": "1.2", "more": false });
        let changes: Changes = serde_json::from_value(changes).unwrap();
        assert_eq!(changes.items, [Change::Unknown]);
    }

    #[test]
    fn what_signs_in_never_prints() {
        let asked = SignIn {
            email: "a@site.example".into(),
            password: Secret::new("hush"),
            totp: Some(Secret::new("hush")),
            device: Secret::new("hush"),
        };
        assert!(!format!("{asked:?}").contains("hush"));
        assert_eq!(serde_json::to_value(asked).unwrap()["password"], "hush");
    }
}
