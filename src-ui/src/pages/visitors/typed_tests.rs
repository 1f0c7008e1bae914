use vestibule_model::{ApartmentId, Delivery, VisitorId};

use super::*;

fn now() -> Wall {
    // A Saturday.
    Wall::parse("2026-11-21T10:00").unwrap()
}

fn guest() -> Typed {
    Typed { name: " Guest ".to_owned(), ..Typed::preset(Preset::Guest, now()) }
}

fn visitor() -> Visitor {
    Visitor {
        id: VisitorId(1),
        name: "Cleaning".to_owned(),
        apartment: ApartmentId(1),
        from: Some(Timestamp(10 * 60_000 + 7)),
        until: None,
        schedule: vec![
            VisitingHours { days: vec![2, 5], from: 540, until: 720 },
            VisitingHours { days: vec![6], from: 600, until: 1440 },
        ],
        uses: Some(Uses { allowed: 4, used: 1 }),
        apartment_door: true,
        codes: None,
        revoked: false,
        delivery: Delivery::Sent,
    }
}

fn wall(at: Timestamp) -> Wall {
    Wall(at.0 / 60_000)
}

fn at(wall: Wall) -> Timestamp {
    Timestamp(wall.0 * 60_000)
}

#[test]
fn presets_need_no_more_than_a_name() {
    for (preset, until, allowed) in [
        (Preset::Delivery, Some("2026-11-21T23:59"), Some(1)),
        (Preset::Guest, Some("2026-11-22T10:00"), None),
        (Preset::Regular, None, None),
        (Preset::Custom, None, None),
    ] {
        let draft = Typed { name: "A".to_owned(), ..Typed::preset(preset, now()) }.check(now()).unwrap();
        assert_eq!(draft.until.map(Wall::text).as_deref(), until, "{preset:?}");
        assert_eq!((draft.allowed, draft.hours.is_some()), (allowed, preset == Preset::Regular));
    }
}

#[test]
fn a_delivery_late_in_the_evening_has_two_hours() {
    let late = Wall::parse("2026-11-21T23:30").unwrap();
    assert_eq!(Typed::preset(Preset::Delivery, late).until, "2026-11-22T01:30");
}

#[test]
fn every_wrong_field_is_named() {
    let typed = |edit: fn(&mut Typed)| {
        let mut typed = guest();
        edit(&mut typed);
        typed.check(now()).unwrap_err()
    };
    assert_eq!(typed(|t| t.name = " ".into()), [Wrong::NoName]);
    assert_eq!(typed(|t| t.name = "é".repeat(NAME_LENGTH + 1)), [Wrong::LongName]);
    assert_eq!(typed(|t| t.from = INCOMPLETE.into()), [Wrong::From]);
    assert_eq!(typed(|t| t.until = INCOMPLETE.into()), [Wrong::Until]);
    assert_eq!(typed(|t| t.until = "2026-11-21T10:00".into()), [Wrong::EndIsPast]);
    assert_eq!(typed(|t| t.from = "2026-11-23T10:00".into()), [Wrong::EndBeforeBegin]);
    assert_eq!(
        typed(|t| {
            t.weekly = true;
            t.days.clear();
            t.hours_until = "08:00".into();
        }),
        [Wrong::NoDays, Wrong::HoursOrder]
    );
    assert_eq!(
        typed(|t| {
            t.limit = Limit::Several;
            t.several = "1".into();
        }),
        [Wrong::Several]
    );
    let mut longest = guest();
    longest.name = "é".repeat(NAME_LENGTH);
    assert!(longest.check(now()).is_ok());
}

#[test]
fn the_end_of_a_day_is_written_as_midnight() {
    let mut typed = guest();
    (typed.weekly, typed.hours_until) = (true, "00:00".to_owned());
    assert_eq!(typed.check(now()).unwrap().hours.map(|hours| hours.until), Some(1440));
}

#[test]
fn a_visitor_whose_fields_stay_stays_the_same() {
    let typed = Typed::of(&visitor(), wall);
    let draft = typed.check(now()).unwrap();
    assert_eq!(draft.apply(visitor(), wall, at), visitor());
}

#[test]
fn what_is_typed_takes_the_place_of_what_was() {
    let mut typed = Typed::of(&visitor(), wall);
    (typed.from, typed.weekly, typed.limit) = (String::new(), false, Limit::Unlimited);
    typed.until = "2026-12-01T08:00".to_owned();
    let changed = typed.check(now()).unwrap().apply(visitor(), wall, at);
    assert_eq!((changed.from, changed.uses, changed.schedule.len()), (None, None, 0));
    assert_eq!(changed.until.map(wall), Wall::parse("2026-12-01T08:00"));
}
