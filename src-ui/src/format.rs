//! Times and spans. Dates and clock times by the browser's `Intl`.

use js_sys::Date;
use leptos::prelude::{document, window};
use vestibule_model::Timestamp;
use wasm_bindgen::JsValue;

use crate::intl::intl;

/// A day of the local calendar: year, month from 0, day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) u32, pub(crate) u32, pub(crate) u32);

/// `0:42`, `12:05`, `1:02:03`. A span that the clock made negative counts as none.
pub(crate) fn timer(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A span for machines, ISO 8601: `PT42S`.
pub(crate) fn iso_span(millis: i64) -> String {
    format!("PT{}S", millis.max(0) / 1000)
}

/// A time for machines, ISO 8601 in UTC.
pub(crate) fn iso(at: Timestamp) -> String {
    date(at).to_iso_string().into()
}

/// The local day of a time.
pub(crate) fn day(at: Timestamp) -> Day {
    let date = date(at);
    Day(date.get_full_year(), date.get_month(), date.get_date())
}

/// When the local day of a time begins, and when the next one does.
pub(crate) fn day_bounds(at: Timestamp) -> (Timestamp, Timestamp) {
    let begin = |days: i32| {
        let date = date(at);
        date.set_hours(0);
        date.set_minutes(0);
        date.set_seconds(0);
        date.set_milliseconds(0);
        // A day of the calendar has 23 to 25 hours; the date knows.
        date.set_date(date.get_date().wrapping_add_signed(days));
        date.get_time()
    };
    let (from, until) = (begin(0), begin(1));
    // At the end of time there is no next day.
    let until = if until > from { until } else { from + 1.0 };
    (Timestamp(from as i64), Timestamp(until as i64))
}

/// `2026-11-21 14:02:08`, as spreadsheets read a local time.
pub(crate) fn table_time(at: Timestamp) -> String {
    let date = date(at);
    let Day(year, month, day) = self::day(at);
    let (hours, minutes, seconds) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!("{year:04}-{:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}", month + 1)
}

/// `14:02`
pub(crate) fn clock(at: Timestamp) -> String {
    by_intl(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// `14:02:08`
pub(crate) fn clock_with_seconds(at: Timestamp) -> String {
    by_intl(at, &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")])
}

/// `Thursday 19 November`
pub(crate) fn long_day(at: Timestamp) -> String {
    by_intl(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
}

/// `Thursday 19 November 2026`
pub(crate) fn long_day_of_year(at: Timestamp) -> String {
    by_intl(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")])
}

/// `Thursday 19 November 2026, 14:02:08`
pub(crate) fn whole(at: Timestamp) -> String {
    by_intl(
        at,
        &[
            ("weekday", "long"),
            ("day", "numeric"),
            ("month", "long"),
            ("year", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ],
    )
}

/// `19 November, 14:02`
pub(crate) fn day_and_clock(at: Timestamp) -> String {
    by_intl(at, &[("day", "numeric"), ("month", "long"), ("hour", "2-digit"), ("minute", "2-digit")])
}

/// `22:00`, of minutes from midnight.
pub(crate) fn time_of_day(minute: u16) -> String {
    let at = Timestamp(i64::from(minute) * 60_000);
    by_intl(at, &[("hour", "2-digit"), ("minute", "2-digit"), PLAIN])
}

/// Minutes from midnight of `09:00` or `09:00:00`, as a `time` field writes it.
pub(crate) fn parse_time(text: &str) -> Option<u16> {
    let mut parts = text.trim().split(':').map(|part| part.parse::<u16>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The way back from [`parse_time`]; the end of a day is `00:00`.
pub(crate) fn time_text(minute: impl Into<i64>) -> String {
    let minute = minute.into();
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// How long the name of a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Short,
    Long,
}

/// The name of a day, Monday 1 to Sunday 7.
pub(crate) fn weekday(day: u8, length: Length) -> String {
    let name = match length {
        Length::Short => "short",
        Length::Long => "long",
    };
    // The fifth of January 1970 was a Monday.
    by_intl(Timestamp((i64::from(day) + 3) * 86_400_000), &[("weekday", name), PLAIN])
}

/// The day of the week, Monday 1 to Sunday 7, and the minutes from midnight, on the clock of this device.
pub(crate) fn week_minute(at: Timestamp) -> (u8, u16) {
    let date = date(at);
    let day = match date.get_day() {
        0 => 7,
        day => u8::try_from(day).unwrap_or(7),
    };
    (day, u16::try_from(date.get_hours() * 60 + date.get_minutes()).unwrap_or(0))
}

/// The zone in which a time of day is itself.
const PLAIN: (&str, &str) = ("timeZone", "UTC");

fn by_intl(at: Timestamp, options: &[(&str, &str)]) -> String {
    intl("DateTimeFormat", &locale(), options, &date(at)).unwrap_or_default()
}

/// The user's own habits in the language of the app; its plain form where the browser speaks another.
pub(crate) fn locale() -> String {
    let language = language();
    let own = window().navigator().language().unwrap_or_default();
    if own.starts_with(&language) { own } else { language }
}

/// Code of the language of the page.
pub(crate) fn language() -> String {
    let language = document().document_element().and_then(|root| root.get_attribute("lang"));
    language.unwrap_or_else(|| "en".to_owned())
}

/// `1,234`
pub(crate) fn number(number: f64) -> String {
    intl("NumberFormat", &locale(), &[], &number.into()).unwrap_or_else(|| number.to_string())
}

/// What a clock may say: a date further away is none (ECMA-262, 21.4.1.1), and would stop the page.
const FURTHEST: i64 = 8_640_000_000_000_000 - 2 * 24 * 60 * 60 * 1000;

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0.clamp(-FURTHEST, FURTHEST) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_grows_from_seconds_to_hours() {
        for (millis, text) in [
            (0, "0:00"),
            (999, "0:00"),
            (42_000, "0:42"),
            (725_000, "12:05"),
            (3_723_000, "1:02:03"),
            (-5_000, "0:00"),
        ] {
            assert_eq!(timer(millis), text);
        }
        assert_eq!(iso_span(42_900), "PT42S");
    }
}
