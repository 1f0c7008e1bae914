//! When codes that work on some hours of the week work next.

use vestibule_model::VisitingHours;

use super::wall::{DAY, Wall};

/// How the hours of the week stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// They are on, up to this minute.
    Now(Wall),
    /// They begin at this minute.
    Next(Wall),
}

/// How they stand at this minute; `None` when there are none.
pub(super) fn turn(schedule: &[VisitingHours], now: Wall) -> Option<Turn> {
    let mut next: Option<Wall> = None;
    // A week from now is the same day again, and may be the next.
    for ahead in 0..=7 {
        let midnight = Wall((now.day() + ahead) * DAY);
        for hours in schedule.iter().filter(|hours| hours.days.contains(&midnight.weekday())) {
            let from = Wall(midnight.0 + i64::from(hours.from));
            let until = Wall(midnight.0 + i64::from(hours.until));
            if from <= now && now < until {
                return Some(Turn::Now(until));
            }
            if from > now && next.is_none_or(|known| from < known) {
                next = Some(from);
            }
        }
    }
    next.map(Turn::Next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_hours_are_found_across_the_week() {
        let schedule = [VisitingHours { days: vec![2, 5], from: 9 * 60, until: 12 * 60 }];
        let at = |text| Wall::parse(text).unwrap();
        // 2026-11-20 is a Friday.
        for (now, expected) in [
            ("2026-11-20T08:59", Turn::Next(at("2026-11-20T09:00"))),
            ("2026-11-20T09:00", Turn::Now(at("2026-11-20T12:00"))),
            ("2026-11-20T12:00", Turn::Next(at("2026-11-24T09:00"))),
            ("2026-11-22T10:00", Turn::Next(at("2026-11-24T09:00"))),
        ] {
            assert_eq!(turn(&schedule, at(now)), Some(expected), "{now}");
        }
        let once_a_week = [VisitingHours { days: vec![5], from: 0, until: 60 }];
        assert_eq!(turn(&once_a_week, at("2026-11-20T02:00")), Some(Turn::Next(at("2026-11-27T00:00"))));
        assert_eq!(turn(&[], at("2026-11-20T02:00")), None);
    }
}
