use jiff::tz::TimeZone;
use vestibule_model::{Timestamp, VisitingHours};

/// Minutes of a day that has 24 hours.
const DAY: u16 = 24 * 60;
/// Lines of a schedule: three a day.
pub(crate) const MOST: usize = 21;

/// Whether now lies in one of these hours, by the clocks on the walls of this zone; no hours mean all hours.
///
/// When clocks go forward, the hour they skip never comes, and when they go back, the hour they repeat counts both
/// times: who reads the schedule beside a clock agrees.
pub(crate) fn is_open(schedule: &[VisitingHours], zone: &TimeZone, now: Timestamp) -> bool {
    if schedule.is_empty() {
        return true;
    }
    let Ok(now) = jiff::Timestamp::from_millisecond(now.0) else { return false };
    let wall = zone.to_datetime(now);
    let day = wall.weekday().to_monday_one_offset();
    let minute = i32::from(wall.hour()) * 60 + i32::from(wall.minute());
    schedule.iter().any(|hours| {
        hours.days.iter().any(|open| i32::from(*open) == i32::from(day))
            && (i32::from(hours.from)..i32::from(hours.until)).contains(&minute)
    })
}

/// The field that is wrong in a schedule, such as `schedule[0].days`, if one is.
pub(crate) fn wrong(schedule: &[VisitingHours]) -> Option<String> {
    if schedule.len() > MOST {
        return Some("schedule".to_owned());
    }
    schedule.iter().enumerate().find_map(|(at, hours)| {
        let mut seen = 0_u8;
        // One bit a day: a day that is named twice finds its bit set.
        let days = hours.days.iter().all(|day| {
            let bit = if (1..=7).contains(day) { 1 << day } else { 0 };
            let new = bit != 0 && seen & bit == 0;
            seen |= bit;
            new
        });
        if !days || hours.days.is_empty() {
            return Some(format!("schedule[{at}].days"));
        }
        (hours.from >= hours.until || hours.until > DAY).then(|| format!("schedule[{at}].until"))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vestibule_model::api::Utc;

    use super::*;

    fn hours(days: &[u8], from: u16, until: u16) -> VisitingHours {
        VisitingHours { days: days.to_vec(), from, until }
    }

    fn prague() -> TimeZone {
        TimeZone::get("Europe/Prague").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<Utc>().unwrap().0
    }

    #[test]
    fn hours_begin_and_end_by_the_clock_on_the_wall() {
        let mondays = [hours(&[1], 8 * 60, 10 * 60)];
        for (time, open) in [
            // Winter: an hour ahead of UTC.
            ("2026-03-23T06:59:59Z", false),
            ("2026-03-23T07:00:00Z", true),
            ("2026-03-23T08:59:59Z", true),
            ("2026-03-23T09:00:00Z", false),
            // A week later it is summer: two hours ahead.
            ("2026-03-30T05:59:59Z", false),
            ("2026-03-30T06:00:00Z", true),
            ("2026-03-30T08:00:00Z", false),
            ("2026-03-31T06:00:00Z", false),
        ] {
            assert_eq!(is_open(&mondays, &prague(), at(time)), open, "{time}");
        }
        assert!(is_open(&[], &prague(), Timestamp(0)));
    }

    #[test]
    fn the_hour_that_is_skipped_never_comes_and_the_repeated_one_counts_twice() {
        let nights = [hours(&[7], 2 * 60, 3 * 60)];
        let open = |time| is_open(&nights, &prague(), at(time));
        // On 2026-03-29 02:00 is followed by 03:00, at 01:00 UTC.
        assert!(!open("2026-03-29T00:59:59Z") && !open("2026-03-29T01:00:00Z"));
        // On 2026-10-25 03:00 is followed by 02:00, at 01:00 UTC.
        assert!(!open("2026-10-24T23:59:59Z") && open("2026-10-25T00:00:00Z"));
        assert!(open("2026-10-25T00:59:59Z") && open("2026-10-25T01:59:59Z"));
        assert!(!open("2026-10-25T02:00:00Z"));
    }

    #[test]
    fn what_is_no_schedule_is_named() {
        assert_eq!(wrong(&[hours(&[1, 7], 0, DAY)]), None);
        for (bad, field) in [
            (hours(&[], 0, 60), "schedule[0].days"),
            (hours(&[0], 0, 60), "schedule[0].days"),
            (hours(&[8], 0, 60), "schedule[0].days"),
            (hours(&[255], 0, 60), "schedule[0].days"),
            (hours(&[3, 3], 0, 60), "schedule[0].days"),
            (hours(&[1], 60, 60), "schedule[0].until"),
            (hours(&[1], 0, DAY + 1), "schedule[0].until"),
        ] {
            assert_eq!(wrong(&[bad]).as_deref(), Some(field));
        }
        assert_eq!(wrong(&vec![hours(&[1], 0, 60); MOST + 1]).as_deref(), Some("schedule"));
    }

    /// Milliseconds east of UTC in Prague, by Directive 2000/84/EC alone: summer time runs from 01:00 UTC on the last
    /// Sunday of March to 01:00 UTC on the last Sunday of October.
    fn offset(now: i64) -> i64 {
        const HOUR: i64 = 3_600_000;
        let year = at_year(now);
        let change = |month: &str| {
            let last = at(&format!("{year}-{month}-31T01:00:00Z")).0;
            // 1970-01-01 was a Thursday, the fourth day from Sunday.
            last - (last.div_euclid(24 * HOUR) + 4).rem_euclid(7) * 24 * HOUR
        };
        if (change("03")..change("10")).contains(&now) { 2 * HOUR } else { HOUR }
    }

    fn at_year(now: i64) -> i64 {
        Utc(Timestamp(now)).to_string().split_once('-').unwrap().0.parse().unwrap()
    }

    proptest! {
        #[test]
        fn agrees_with_summer_time_as_the_law_has_it(
            year in 2000_i64..2037,
            change in prop::sample::select(vec!["03-28", "10-28"]),
            minutes in -5 * 1_440_i64..5 * 1_440,
            days in prop::collection::vec(1_u8..=7, 1..4),
            from in 0_u16..DAY - 1,
            length in 1_u16..600,
        ) {
            let now = at(&format!("{year}-{change}T01:00:00Z")).0 + minutes * 60_000;
            let until = (from + length).min(DAY);
            let wall = (now + offset(now)).div_euclid(60_000);
            let day = (wall.div_euclid(1_440) + 3).rem_euclid(7) + 1;
            let minute = wall.rem_euclid(1_440);
            let expected = days.iter().any(|open| i64::from(*open) == day)
                && (i64::from(from)..i64::from(until)).contains(&minute);
            prop_assert_eq!(is_open(&[hours(&days, from, until)], &prague(), Timestamp(now)), expected);
        }

        #[test]
        fn any_text_is_a_time_or_refused(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?([Zz]|[+-][0-9]{2}:[0-9]{2})|.{0,40}") {
            if let Ok(time) = text.parse::<Utc>() {
                prop_assert_eq!(time.to_string().parse(), Ok(time));
            }
        }

        #[test]
        fn times_on_the_wire_are_those_of_the_zone_library(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
            let theirs = jiff::Timestamp::from_millisecond(millis).unwrap();
            prop_assert_eq!(Utc(Timestamp(millis)).to_string(), format!("{theirs:.3}"));
            prop_assert_eq!(theirs.to_string().parse(), Ok(Utc(Timestamp(millis))));
        }
    }
}
