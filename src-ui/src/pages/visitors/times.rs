//! Times in the words of the user and by the clock of the building.

use js_sys::Array;
use vestibule_model::Timestamp;
use wasm_bindgen::JsValue;

use super::wall::Wall;
use crate::format::locale;
use crate::intl::intl;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What the building's clock shows at a time.
pub(super) fn wall(at: Timestamp, zone: &str) -> Wall {
    let options = ["year", "month", "day", "hour", "minute"].map(|part| (part, "numeric"));
    let options = [&options[..], &[("hourCycle", "h23")]].concat();
    // American English is in every browser, and its order is known: month, day, year.
    let text = in_zone("en-US", zone, &options, at);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    let mut next = || numbers.next();
    let read = (|| {
        let (month, day, year) = (next()?, next()?, next()?);
        Wall::new(year, month, day, next()?, next()?)
    })();
    read.unwrap_or(Wall(at.0.div_euclid(MINUTE)))
}

/// When the building's clock shows this. An hour that it skips is taken for the one after it.
pub(super) fn at(wall_time: Wall, zone: &str) -> Timestamp {
    let offset = |at: Timestamp| wall(at, zone).0 - at.0.div_euclid(MINUTE);
    let plain = Timestamp(wall_time.0 * MINUTE);
    let near = Timestamp(plain.0 - offset(plain) * MINUTE);
    Timestamp(plain.0 - offset(near) * MINUTE)
}

/// `14:02`
pub(super) fn clock(at: Timestamp, zone: &str) -> String {
    in_zone(&locale(), zone, &[("hour", "2-digit"), ("minute", "2-digit")], at)
}

/// `Sat 21 Nov, 14:02`, with the year when it is another one.
pub(super) fn moment(at: Timestamp, zone: &str, now: Timestamp) -> String {
    let parts = [
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ];
    in_zone(&locale(), zone, &with_year(&parts, at, zone, now), at)
}

/// The time of day when it is today, else with its day.
pub(super) fn short_moment(at: Timestamp, zone: &str, now: Timestamp) -> String {
    if same_day(at, now, zone) { clock(at, zone) } else { moment(at, zone, now) }
}

/// `Saturday 21 November`, with the year when it is another one.
pub(super) fn long_day(at: Timestamp, zone: &str, now: Timestamp) -> String {
    let parts = [("weekday", "long"), ("day", "numeric"), ("month", "long")];
    in_zone(&locale(), zone, &with_year(&parts, at, zone, now), at)
}

/// Adds the year to these parts of a date when it is not that of now.
fn with_year<'a>(
    parts: &[(&'a str, &'a str)],
    at: Timestamp,
    zone: &str,
    now: Timestamp,
) -> Vec<(&'a str, &'a str)> {
    let other = wall(at, zone).year() != wall(now, zone).year();
    parts.iter().copied().chain(other.then_some(("year", "numeric"))).collect()
}

/// Whether two times are on one day of the building.
pub(super) fn same_day(one: Timestamp, other: Timestamp, zone: &str) -> bool {
    wall(one, zone).day() == wall(other, zone).day()
}

/// `Tuesday and Friday`
pub(super) fn list(items: &[String]) -> String {
    let array: Array = items.iter().map(|item| JsValue::from_str(item)).collect();
    intl("ListFormat", &locale(), &[("type", "conjunction")], &array).unwrap_or_else(|| items.join(", "))
}

/// `3 hr`: a span in its largest whole unit.
pub(super) fn span(millis: i64) -> String {
    let (count, unit) = match millis.max(MINUTE) {
        millis if millis >= 2 * DAY => (millis / DAY, "day"),
        millis if millis >= HOUR => (millis / HOUR, "hour"),
        millis => (millis / MINUTE, "minute"),
    };
    let options = [("style", "unit"), ("unit", unit), ("unitDisplay", "short")];
    let count = JsValue::from_f64(count as f64);
    intl("NumberFormat", &locale(), &options, &count).unwrap_or_default()
}

/// Whether the clock of this device shows other times than the building's.
pub(super) fn is_elsewhere(at: Timestamp, zone: &str) -> bool {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let here = at.0.div_euclid(MINUTE) - date.get_timezone_offset() as i64;
    wall(at, zone).0 != here
}

fn in_zone(locale: &str, zone: &str, options: &[(&str, &str)], at: Timestamp) -> String {
    let value = JsValue::from_f64(at.0 as f64);
    let zoned = [options, &[("timeZone", zone)]].concat();
    // A zone that the browser does not know is taken for its own.
    intl("DateTimeFormat", locale, &zoned, &value)
        .or_else(|| intl("DateTimeFormat", locale, options, &value))
        .unwrap_or_default()
}
