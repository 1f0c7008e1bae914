use std::collections::HashSet;

use proptest::prelude::*;
use vestibule_model::api::{Apartment, Role, SiteKind, User, UserId};
use vestibule_model::{DeviceKind, DeviceStatus, Language};

use super::*;
use crate::db::table::{apartment, person, site};

/// Something that somebody does, or time that passes.
#[derive(Clone, Debug)]
enum Deed {
    Redeem {
        apartment: bool,
        units: u32,
        years: u32,
    },
    /// Again what was redeemed already.
    RedeemAgain(usize),
    AddUnit {
        flat: Option<usize>,
    },
    AddPhone {
        owner: usize,
    },
    Remove(usize),
    Use {
        device: usize,
        on: bool,
    },
    Pass(i64),
}

/// A house with fees, two flats with a resident each, and one resident of both.
struct House {
    db: Connection,
    site: SiteId,
    flats: Vec<ApartmentId>,
    people: Vec<UserId>,
    devices: Vec<DeviceId>,
    codes: Vec<Secret>,
    names: u32,
    begun: Timestamp,
    now: Timestamp,
}

/// Id, unit, apartment, device, begin and end of a month that was used.
type Row = (i64, String, Option<i64>, Option<i64>, i64, i64);

fn deed() -> impl Strategy<Value = Deed> {
    let pass = prop_oneof![
        Just(1),
        Just(GRACE - 1),
        Just(GRACE),
        Just(MONTH),
        Just(TRIAL),
        1_i64..4 * DAY,
        DAY..50 * DAY
    ];
    prop_oneof![
        2 => (any::<bool>(), 1_u32..3, Just(1_u32))
            .prop_map(|(apartment, units, years)| Deed::Redeem { apartment, units, years }),
        1 => (0_usize..4).prop_map(Deed::RedeemAgain),
        2 => prop::option::of(0_usize..2).prop_map(|flat| Deed::AddUnit { flat }),
        2 => (0_usize..3).prop_map(|owner| Deed::AddPhone { owner }),
        1 => (0_usize..8).prop_map(Deed::Remove),
        1 => (0_usize..8, any::<bool>()).prop_map(|(device, on)| Deed::Use { device, on }),
        8 => pass.prop_map(Deed::Pass),
    ]
}

impl House {
    fn new() -> Self {
        let db = crate::db::in_memory();
        db.execute("INSERT INTO server (id, epoch, pruned, keys) VALUES (1, 0, 0, x'')", []).unwrap();
        let new = Site {
            id: SiteId(0),
            name: "Sample house".into(),
            kind: SiteKind::Residential,
            language: Language::En,
            zone: "Europe/Prague".into(),
            address: String::new(),
            pin_length: 5,
            qr_codes: false,
            licence: Licence::Ready,
        };
        let site = site::add(&db, &new).unwrap();
        let flat = |number: u8| Apartment {
            id: ApartmentId(0),
            site,
            floor: 1,
            number: number.to_string(),
            name: format!("Flat {number}"),
            has_access_unit: false,
        };
        let flats: Vec<_> = [12, 13].map(|number| apartment::add(&db, &flat(number)).unwrap()).to_vec();
        let homes = [vec![flats[0]], vec![flats[1]], flats.clone()];
        let people = homes.into_iter().enumerate().map(|(at, apartments)| {
            let (name, email) = ("Resident".to_owned(), format!("{at}@site.example"));
            let (role, language) = (Role::SiteUser, Language::En);
            let user = User { id: UserId(0), site, name, email, role, language, apartments };
            person::add(&db, &user, None).unwrap()
        });
        let people = people.collect();
        let now = Timestamp(1_700_000_000_000);
        licence::set_fees(&db, site, true, now).unwrap();
        let (devices, codes) = (Vec::new(), Vec::new());
        Self { db, site, flats, people, devices, codes, names: 0, begun: now, now }
    }

    fn device(&mut self, kind: DeviceKind, apartment: Option<ApartmentId>) -> DeviceId {
        self.names += 1;
        let new = Device {
            id: DeviceId(0),
            site: self.site,
            name: format!("Device {}", self.names),
            kind,
            status: DeviceStatus::Ready,
            apartment,
            logging: false,
            hardware: vestibule_model::api::Hardware::default(),
            licence: Licence::Ready,
        };
        let id = device::add(&self.db, &new, None).unwrap();
        self.devices.push(id);
        id
    }

    fn all(&self) -> Vec<Cover> {
        licence::covers(&self.db, self.site, None).unwrap()
    }

    fn rows(&self) -> Vec<Row> {
        let sql = "SELECT id, unit, apartment, device, begins, ends FROM licence ORDER BY id";
        let mut statement = self.db.prepare(sql).unwrap();
        let read = |row: &rusqlite::Row<'_>| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        };
        statement.query_map([], read).unwrap().map(Result::unwrap).collect()
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Redeem { apartment, units, years } => {
                let unit = if apartment { LicenceUnit::Apartment } else { LicenceUnit::Device };
                let (_, code) = make(&self.db, unit, units, years, self.now).unwrap();
                redeem(&self.db, self.site, &code, self.now).unwrap();
                self.codes.push(code);
            }
            Deed::RedeemAgain(at) => {
                if let Some(code) = self.codes.get(at) {
                    redeem(&self.db, self.site, code, self.now).unwrap_err();
                }
            }
            Deed::AddUnit { flat } => {
                let flat = flat.map(|at| self.flats[at]);
                self.device(DeviceKind::AnsweringUnit, flat);
            }
            Deed::AddPhone { owner } => {
                let id = self.device(DeviceKind::Phone, None);
                let handle = Digest::of(&id.0.to_string());
                device::set_owner(&self.db, id, self.people[owner], handle).unwrap();
            }
            Deed::Remove(at) if at < self.devices.len() => {
                device::delete(&self.db, self.devices.remove(at)).unwrap();
            }
            Deed::Use { device, on } => {
                if let Some(id) = self.devices.get(device) {
                    licence::set_off(&self.db, *id, !on).unwrap();
                }
            }
            Deed::Remove(_) => (),
            Deed::Pass(by) => self.now.0 += by,
        }
    }

    /// What holds before anything was seen to: the clock alone decides.
    fn judge_by_the_clock(&self) {
        let terms = Terms::read(&self.db, self.site, self.now).unwrap();
        let trial = self.begun.0 + TRIAL;
        for cover in self.all().iter().filter(|cover| !cover.off) {
            let at = |millis| terms.of(cover, Timestamp(millis));
            assert_eq!(at(trial - 1), Licence::Trial { until: Utc(Timestamp(trial)) });
            let Some(Timestamp(ends)) = cover.ends else {
                assert!(worse(&at(self.now.0.max(trial))) >= 3);
                continue;
            };
            assert_eq!(at(ends - 1), Licence::Ready);
            let until = Utc(Timestamp(ends + GRACE));
            for millis in [ends, ends + GRACE - 1] {
                assert_eq!(at(millis), Licence::Grace { until });
            }
            assert!(worse(&at(ends + GRACE)) >= 3);
        }
    }

    /// What holds when licences were seen to; `before` so many months had been used.
    fn judge(&self, before: usize) {
        let rows = self.rows();
        let (db, site, now) = (&self.db, self.site, self.now);
        for unit in [LicenceUnit::Apartment, LicenceUnit::Device] {
            let word = serde_json::to_value(unit).unwrap();
            let used = rows.iter().filter(|row| word == row.1.as_str()).count() as i64;
            let (left, _) = credit(db, site, unit, now).unwrap();
            assert_eq!(left + used, voucher::months(db, site, unit).unwrap(), "none is lost or made");
            assert!(left >= 0, "none is used twice");
        }
        let mut holders = HashSet::new();
        for (id, unit, apartment, device, begins, ends) in &rows {
            assert_eq!(ends - begins, MONTH);
            assert!(*begins >= self.begun.0 + TRIAL, "nothing is used in the trial");
            match (unit.as_str(), apartment, device) {
                (_, None, None) | ("apartment", Some(_), None) | ("device", None, Some(_)) => (),
                other => panic!("{id}: {other:?}"),
            }
            if *ends > now.0 && (apartment.is_some() || device.is_some()) {
                assert!(holders.insert((apartment, device)), "one at a time");
            }
        }
        for (.., begins, _) in rows.iter().skip(before) {
            assert!((0..GRACE).contains(&(now.0 - begins)), "nobody pays for what was over");
        }
        if now.0 < self.begun.0 + TRIAL {
            assert!(rows.is_empty());
            return;
        }
        let free = |unit: &str| {
            rows.iter().any(|row| row.1 == unit && row.5 > now.0 && row.2.is_none() && row.3.is_none())
        };
        let left = |unit| credit(db, site, unit, now).unwrap().0 > 0;
        for cover in self.all().iter().filter(|cover| Terms::waits(cover, now)) {
            assert!(!left(LicenceUnit::Device) && !free("device"), "credit is used at once");
            assert!(!cover.home || !left(LicenceUnit::Apartment) && !free("apartment"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is redeemed, added, removed and switched off, and however time passes.
    #[test]
    fn no_licence_is_used_twice_none_is_lost_and_grace_is_three_days(
        deeds in prop::collection::vec(deed(), 1..60),
    ) {
        let mut house = House::new();
        for deed in deeds {
            let before = house.rows().len();
            let passed = matches!(deed, Deed::Pass(_));
            house.perform(deed);
            house.judge_by_the_clock();
            // As the server does: after every write, and again and again.
            if passed { settle(&house.db, house.now).unwrap() } else { follow(&house.db, house.now).unwrap() }
            house.judge(before);
            assert!(!licence::is_due(&house.db).unwrap());
        }
    }
}

#[test]
fn a_code_is_read_as_people_write_it() {
    let db = crate::db::in_memory();
    let now = Timestamp(0);
    let (made, code) = make(&db, LicenceUnit::Device, 1, 1, now).unwrap();
    assert_eq!(code.reveal().len(), 19);
    assert_eq!(digest(&code), digest(&Secret::new(code.reveal().to_lowercase().replace('-', " "))));
    assert_eq!(digest(&Secret::new("O0Il")), digest(&Secret::new("0011")));
    assert_eq!(made.until.0.0, VALID);
    for (units, years) in [(0, 1), (10_001, 1), (1, 0), (1, 11)] {
        make(&db, LicenceUnit::Device, units, years, now).unwrap_err();
    }
}
