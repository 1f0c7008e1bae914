use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::Timestamp;

const DAY: i64 = 86_400_000;
/// 0000-01-01 and 9999-12-31: RFC 3339 has four digits for the year.
const FIRST: i64 = -719_528 * DAY;
const LAST: i64 = 2_932_897 * DAY - 1;

/// A point in time that travels as RFC 3339 in UTC, such as `2026-03-29T00:59:59.999Z`.
///
/// What comes in with another offset is turned into UTC; digits beyond the millisecond are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utc(pub Timestamp);

/// A text that is no time of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a time as RFC 3339 has it")]
pub struct UtcError;

impl fmt::Display for Utc {
    /// Years before 0 and after 9999 have no form in RFC 3339, and print as the first and the last that has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.0.clamp(FIRST, LAST);
        let (year, month, day) = civil(millis.div_euclid(DAY));
        let rest = millis.rem_euclid(DAY);
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1_000)
    }
}

impl FromStr for Utc {
    type Err = UtcError;

    fn from_str(text: &str) -> Result<Self, UtcError> {
        let mut rest = Reader(text.as_bytes());
        let year = rest.digits(4)?;
        rest.one_of(b"-")?;
        let month = rest.digits(2)?;
        rest.one_of(b"-")?;
        let day = rest.digits(2)?;
        rest.one_of(b"Tt")?;
        let hour = rest.digits(2)?;
        rest.one_of(b":")?;
        let minute = rest.digits(2)?;
        rest.one_of(b":")?;
        let second = rest.digits(2)?;
        let millis = rest.fraction()?;
        let offset = rest.offset()?;
        // A leap second is taken for the second before it: the clocks that we compare with have none.
        let second = if second == 60 { 59 } else { second };
        let days = days(year, month, day);
        if !rest.0.is_empty() || civil(days) != (year, month, day) || hour > 23 || minute > 59 || second > 59
        {
            return Err(UtcError);
        }
        let time = ((hour * 60 + minute - offset) * 60 + second) * 1_000 + millis;
        Ok(Self(Timestamp(days * DAY + time)))
    }
}

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Utc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn one_of(&mut self, wanted: &[u8]) -> Result<u8, UtcError> {
        let (first, rest) = self.0.split_first().ok_or(UtcError)?;
        self.0 = rest;
        if wanted.contains(first) { Ok(*first) } else { Err(UtcError) }
    }

    fn digits(&mut self, count: usize) -> Result<i64, UtcError> {
        let mut number = 0;
        for _ in 0..count {
            number = number * 10 + i64::from(self.one_of(b"0123456789")? - b'0');
        }
        Ok(number)
    }

    /// Milliseconds after the point, if there is one.
    fn fraction(&mut self) -> Result<i64, UtcError> {
        if self.0.first() != Some(&b'.') {
            return Ok(0);
        }
        self.one_of(b".")?;
        let mut millis = self.digits(1)? * 100;
        let mut worth = 10;
        while self.0.first().is_some_and(u8::is_ascii_digit) {
            millis += self.digits(1)? * worth;
            worth /= 10;
        }
        Ok(millis)
    }

    /// Minutes east of UTC.
    fn offset(&mut self) -> Result<i64, UtcError> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Ok(0),
        };
        let hours = self.digits(2)?;
        self.one_of(b":")?;
        let minutes = self.digits(2)?;
        if hours > 23 || minutes > 59 { Err(UtcError) } else { Ok(sign * (hours * 60 + minutes)) }
    }
}

/// Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar, after Howard Hinnant's
/// `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Years begin in March here, so that the odd day comes last.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The other way round: `days_from_civil` of the same source.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

    impl utoipa::PartialSchema for super::Utc {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
                .into()
        }
    }

    impl utoipa::ToSchema for super::Utc {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<i64, UtcError> {
        text.parse().map(|Utc(Timestamp(millis))| millis)
    }

    #[test]
    fn is_read_with_any_offset_and_written_in_utc() {
        for (text, millis, written) in [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
            ("2026-03-29T02:59:59.999+02:00", 1_774_745_999_999, "2026-03-29T00:59:59.999Z"),
            ("2024-02-29t23:59:59.5z", 1_709_251_199_500, "2024-02-29T23:59:59.500Z"),
            ("1969-12-31T23:59:59.9994-00:00", -1, "1969-12-31T23:59:59.999Z"),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000, "2016-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(read(text), Ok(millis), "{text}");
            assert_eq!(Utc(Timestamp(millis)).to_string(), written);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026-03-29",
            "2026-03-29T00:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00Z ",
            "26-01-01T00:00:00Z",
            "2026-01-01T00:00:00é",
        ] {
            assert_eq!(read(text), Err(UtcError), "{text}");
        }
    }

    #[test]
    fn every_day_of_the_calendar_comes_back() {
        // The calendar repeats after 400 years, of which there are 25; in steps of 11 days they meet every day of it.
        for day in (FIRST / DAY..=LAST / DAY).step_by(11) {
            let time = Utc(Timestamp(day * DAY + 1));
            assert_eq!(time.to_string().parse(), Ok(time));
        }
        assert_eq!(Utc(Timestamp(i64::MIN)).to_string(), "0000-01-01T00:00:00.000Z");
        assert_eq!(Utc(Timestamp(i64::MAX)).to_string(), "9999-12-31T23:59:59.999Z");
    }
}
