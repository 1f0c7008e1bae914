//! Plain words for what a visitor's codes do and how it stands with them.

use vestibule_model::{Delivery, Refusal, Site, Timestamp, Uses, Visitor, VisitorState};

use super::hours::{Turn, turn};
use super::times;
use crate::catalogue::{Catalogue, t_string};
use crate::components::icon::Icon;
use crate::format::{self, Length};

/// The icon of a visitor's kind.
pub(super) fn icon(visitor: &Visitor) -> Icon {
    if visitor.uses.is_some_and(|uses| uses.allowed == 1) {
        Icon::Parcel
    } else if visitor.schedule.is_empty() {
        Icon::User
    } else {
        Icon::Repeat
    }
}

/// The name of a visitor's apartment; empty when the site no longer has it.
pub(super) fn flat(site: &Site, visitor: &Visitor) -> String {
    let found = site.apartments.iter().find(|apartment| apartment.id == visitor.apartment);
    found.map(|apartment| apartment.name.clone()).unwrap_or_default()
}

/// How it stands with the codes: the class of its badge and a word or two.
pub(super) fn state(
    i18n: Catalogue,
    visitor: &Visitor,
    zone: &str,
    now: Timestamp,
) -> (&'static str, String) {
    const READY: &str = "badge badge-ready";
    match visitor.state(now) {
        VisitorState::Active => {
            let here = times::wall(now, zone);
            let words = match (turn(&visitor.schedule, here), visitor.until) {
                (Some(Turn::Next(from)), _) => {
                    let from = times::at(from, zone);
                    let words = t_string!(i18n, visitors.next, time = times::short_moment(from, zone, now));
                    return ("badge badge-wait", words);
                }
                (Some(Turn::Now(until)), _) => {
                    t_string!(i18n, visitors.now_until, time = times::clock(times::at(until, zone), zone))
                }
                (None, Some(until)) => {
                    t_string!(i18n, visitors.left, span = times::span(until.millis_since(now)))
                }
                (None, None) => t_string!(i18n, visitors.works_now).to_owned(),
            };
            (READY, words)
        }
        VisitorState::Upcoming => ("badge badge-wait", t_string!(i18n, visitors.not_started).to_owned()),
        VisitorState::Waiting => ("badge badge-wait", t_string!(i18n, visitors.waiting).to_owned()),
        VisitorState::Refused => ("badge badge-warn", t_string!(i18n, visitors.not_taken).to_owned()),
        VisitorState::Expired => ("badge badge-warn", t_string!(i18n, visitors.expired).to_owned()),
        VisitorState::UsedUp => ("badge", t_string!(i18n, visitors.used_up).to_owned()),
        VisitorState::Revoked => ("badge", t_string!(i18n, visitors.revoked).to_owned()),
    }
}

/// The line under a name in the list: until when, or which hours.
pub(super) fn line(i18n: Catalogue, visitor: &Visitor, zone: &str, now: Timestamp) -> String {
    let moment = |at| times::short_moment(at, zone, now);
    match (visitor.state(now), visitor.from, visitor.until) {
        (VisitorState::Upcoming | VisitorState::Waiting | VisitorState::Refused, Some(from), _)
            if now < from =>
        {
            t_string!(i18n, visitors.from, time = moment(from))
        }
        _ if !visitor.schedule.is_empty() => times::list(&hours(i18n, visitor)),
        (VisitorState::Expired, _, Some(until)) => t_string!(i18n, visitors.ended, time = moment(until)),
        (_, _, Some(until)) => t_string!(i18n, visitors.until, time = moment(until)),
        (_, _, None) => t_string!(i18n, visitors.no_end).to_owned(),
    }
}

/// How many times the codes still work, where that is limited.
pub(super) fn uses_left(i18n: Catalogue, visitor: &Visitor) -> Option<String> {
    let Uses { allowed, used } = visitor.uses?;
    Some(match allowed.saturating_sub(used) {
        1 if allowed == 1 => t_string!(i18n, visitors.one_use).to_owned(),
        left => t_string!(i18n, visitors.uses_left, count = left),
    })
}

/// The part of the time that is left, from 0 to 1; `None` where the time has no begin or no end.
pub(super) fn part_left(visitor: &Visitor, now: Timestamp) -> Option<f64> {
    let (from, until) = visitor.from.zip(visitor.until)?;
    let (all, left) = (until.millis_since(from), until.millis_since(now));
    (visitor.schedule.is_empty() && all > 0).then(|| (left as f64 / all as f64).clamp(0.0, 1.0))
}

/// Why the site server did not take a visitor, and what to do.
pub(super) fn refusal(i18n: Catalogue, visitor: &Visitor) -> Option<&'static str> {
    let Delivery::Refused { why } = visitor.delivery else { return None };
    Some(match why {
        Refusal::NotAllowed => t_string!(i18n, visitors.refused_right),
        Refusal::BadValue => t_string!(i18n, visitors.refused_value),
        Refusal::TooMany => t_string!(i18n, visitors.refused_many),
        Refusal::ChangedElsewhere => t_string!(i18n, visitors.refused_changed),
    })
}

/// Days and hours of the week, one item for each line of the schedule.
fn hours(i18n: Catalogue, visitor: &Visitor) -> Vec<String> {
    let lines = visitor.schedule.iter().map(|hours| {
        let (from, until) = (format::time_of_day(hours.from), format::time_of_day(hours.until));
        let days = day_names(i18n, &hours.days, Length::Short);
        t_string!(i18n, visitor.hours_value, days = days, from = from, until = until)
    });
    lines.collect()
}

/// `Tuesday and Friday`, or `every day`.
fn day_names(i18n: Catalogue, days: &[u8], length: Length) -> String {
    if days.len() == 7 {
        return t_string!(i18n, visitor.every_day).to_owned();
    }
    times::list(&days.iter().map(|day| format::weekday(*day, length)).collect::<Vec<_>>())
}

/// What a card says beside the codes, as names with their values. Times are absolute, for paper does not count down.
pub(super) fn facts(
    i18n: Catalogue,
    visitor: &Visitor,
    site: &Site,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let zone = &site.zone;
    let moment = |at| times::moment(at, zone, now);
    let mut facts = Vec::new();
    if let Some(from) = visitor.from {
        facts.push((t_string!(i18n, visitor.from), moment(from)));
    }
    let until = visitor.until.map_or_else(|| t_string!(i18n, visitor.no_end).to_owned(), moment);
    facts.push((t_string!(i18n, visitor.until), until));
    facts.extend(hours(i18n, visitor).into_iter().map(|line| (t_string!(i18n, visitor.hours), line)));
    let uses = match visitor.uses {
        None => t_string!(i18n, visitor.uses_unlimited).to_owned(),
        Some(Uses { allowed: 1, used: 0 }) => t_string!(i18n, visitor.uses_one).to_owned(),
        Some(Uses { allowed, used }) => t_string!(i18n, visitor.uses_used, used = used, allowed = allowed),
    };
    facts.push((t_string!(i18n, visitor.uses), uses));
    let doors = if visitor.apartment_door {
        t_string!(i18n, visitor.doors_flat, site = site.name, flat = flat(site, visitor))
    } else {
        t_string!(i18n, visitor.doors_site, site = site.name)
    };
    facts.push((t_string!(i18n, visitor.doors), doors));
    if times::is_elsewhere(now, zone) {
        facts.push((t_string!(i18n, visitor.zone), zone.clone()));
    }
    facts
}

/// What the codes will do, in whole sentences.
pub(super) fn sentences(i18n: Catalogue, visitor: &Visitor, site: &Site, now: Timestamp) -> Vec<String> {
    let zone = &site.zone;
    let (place, flat) = (&site.name, flat(site, visitor));
    let first = match (visitor.uses.map(|uses| uses.allowed), visitor.apartment_door) {
        (Some(1), false) => t_string!(i18n, visitor_form.opens_once, site = place),
        (Some(1), true) => t_string!(i18n, visitor_form.opens_once_flat, site = place, flat = flat),
        (Some(count), false) => t_string!(i18n, visitor_form.opens_times, site = place, count = count),
        (Some(count), true) => {
            t_string!(i18n, visitor_form.opens_times_flat, site = place, flat = flat, count = count)
        }
        (None, false) => t_string!(i18n, visitor_form.opens_always, site = place),
        (None, true) => t_string!(i18n, visitor_form.opens_always_flat, site = place, flat = flat),
    };
    let mut all = vec![first];
    let moment = |at| times::moment(at, zone, now);
    let clock = |at| times::clock(at, zone);
    let from = visitor.from.filter(|from| now < *from);
    if visitor.schedule.is_empty() {
        all.push(match (from, visitor.until) {
            (None, None) => t_string!(i18n, visitor_form.works_always).to_owned(),
            (None, Some(until)) if times::same_day(now, until, zone) => {
                t_string!(i18n, visitor_form.works_today_until, until = clock(until))
            }
            (None, Some(until)) => t_string!(i18n, visitor_form.works_until, until = moment(until)),
            (Some(from), None) => t_string!(i18n, visitor_form.works_from, from = moment(from)),
            (Some(from), Some(until)) if !times::same_day(from, until, zone) => {
                t_string!(i18n, visitor_form.works_between, from = moment(from), until = moment(until))
            }
            (Some(from), Some(until)) if times::same_day(now, from, zone) => {
                t_string!(i18n, visitor_form.works_today, from = clock(from), until = clock(until))
            }
            (Some(from), Some(until)) => {
                let day = times::long_day(from, zone, now);
                t_string!(i18n, visitor_form.works_day, day = day, from = clock(from), until = clock(until))
            }
        });
        return all;
    }
    all.extend(visitor.schedule.iter().map(|hours| {
        let (from, until) = (format::time_of_day(hours.from), format::time_of_day(hours.until));
        if hours.days.len() == 7 {
            return t_string!(i18n, visitor_form.works_every_day, from = from, until = until);
        }
        let days = day_names(i18n, &hours.days, Length::Long);
        t_string!(i18n, visitor_form.works_days, days = days, from = from, until = until)
    }));
    if let Some(from) = from {
        all.push(t_string!(i18n, visitor_form.starts, from = moment(from)));
    }
    all.push(match visitor.until {
        Some(until) => t_string!(i18n, visitor_form.ends, until = moment(until)),
        None => t_string!(i18n, visitor_form.ends_never).to_owned(),
    });
    all
}
