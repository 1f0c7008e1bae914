//! Times as a clock on the wall of the building shows them: what a resident types, and what a card says, is meant
//! there, wherever the resident is.

use crate::format::{parse_time, time_text};

/// A minute on the building's clock: minutes since 1970-01-01 00:00, of no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wall(pub(super) i64);

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

impl Wall {
    /// The minute of a date and a time of day; `None` where there is none.
    pub(super) fn new(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Option<Self> {
        let fits = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute);
        fits.then(|| Self(days(year, month, day) * DAY + hour * 60 + minute))
    }

    /// Reads `2026-11-21T10:00`, as a `datetime-local` field writes it, or with a space.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.trim().split_once(['T', ' '])?;
        let mut date = date.split('-').map(|part| part.parse().ok());
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        let minute = i64::from(parse_time(time)?);
        date.next().is_none().then(|| Self::new(year, month, day, minute / 60, minute % 60))?
    }

    /// The way back from [`Self::parse`].
    pub(super) fn text(self) -> String {
        let (year, month, day) = date(self.day());
        format!("{year:04}-{month:02}-{day:02}T{}", time_text(self.minute()))
    }

    pub(super) fn year(self) -> i64 {
        date(self.day()).0
    }

    /// Days since 1970-01-01.
    pub(super) fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Minutes since midnight.
    pub(super) fn minute(self) -> u16 {
        u16::try_from(self.0.rem_euclid(DAY)).unwrap_or(0)
    }

    /// Monday 1 to Sunday 7. The first of January 1970 was a Thursday.
    pub(super) fn weekday(self) -> u8 {
        u8::try_from((self.day() + 3).rem_euclid(7)).unwrap_or(0) + 1
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The way back from [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

fn month_length(year: i64, month: i64) -> i64 {
    let next = if month == 12 { days(year + 1, 1, 1) } else { days(year, month + 1, 1) };
    next - days(year, month, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_field_writes_is_read_and_written_back() {
        for text in ["2026-11-21T10:00", "1970-01-01T00:00", "2028-02-29T23:59", "2100-12-31T00:01"] {
            assert_eq!(Wall::parse(text).map(Wall::text).as_deref(), Some(text));
        }
        assert_eq!(Wall::parse("2026-11-21 10:00:30"), Wall::parse("2026-11-21T10:00"));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in
            ["", "2026-11-21", "2026-02-29T10:00", "2026-13-01T10:00", "2026-1-1-1T10:00", "2026-01-01T24:00"]
        {
            assert_eq!(Wall::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_have_their_names() {
        let weekday = |text| Wall::parse(text).unwrap().weekday();
        assert_eq!(weekday("1970-01-01T12:00"), 4);
        assert_eq!(weekday("2026-11-21T23:59"), 6);
        assert_eq!(weekday("2026-11-22T00:00"), 7);
    }
}
