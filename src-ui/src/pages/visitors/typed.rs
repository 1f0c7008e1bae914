//! What is typed for a visitor, and what is wrong with it.

use vestibule_model::{Timestamp, Uses, VisitingHours, Visitor};

use super::wall::{DAY, Wall};
use crate::format::{parse_time, time_text};

/// Letters that a name has at most.
pub(super) const NAME_LENGTH: usize = 200;

/// Uses that can be allowed at most, other than any number.
pub(super) const MOST_USES: u32 = 999;

/// Stands for a date or a time that was begun and not finished, which a field does not tell.
pub(super) const INCOMPLETE: &str = "?";

/// What somebody comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    Delivery,
    Guest,
    Regular,
    Custom,
}

/// How many times the codes work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Once,
    Several,
    Unlimited,
}

/// The fields as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) name: String,
    /// As a `datetime-local` field has it; empty for none.
    pub(super) from: String,
    pub(super) until: String,
    /// Whether only some hours of the week count.
    pub(super) weekly: bool,
    /// Monday 1 to Sunday 7.
    pub(super) days: Vec<u8>,
    /// As a `time` field has it.
    pub(super) hours_from: String,
    pub(super) hours_until: String,
    pub(super) limit: Limit,
    /// How many times when it is several.
    pub(super) several: String,
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    NoName,
    LongName,
    From,
    Until,
    EndBeforeBegin,
    EndIsPast,
    NoDays,
    HoursFrom,
    HoursUntil,
    HoursOrder,
    Several,
}

/// What was typed, without mistakes, by the building's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) from: Option<Wall>,
    pub(super) until: Option<Wall>,
    pub(super) hours: Option<VisitingHours>,
    pub(super) allowed: Option<u32>,
}

impl Typed {
    /// The fields as a preset has them, but for the name.
    pub(super) fn preset(preset: Preset, now: Wall) -> Self {
        let midnight = Wall((now.day() + 1) * DAY - 1);
        let until = match preset {
            // Late in the evening "today" would be over before anybody comes.
            Preset::Delivery => Some(midnight.max(Wall(now.0 + 120))),
            Preset::Guest => Some(Wall(now.0 + DAY)),
            Preset::Regular | Preset::Custom => None,
        };
        let dated = matches!(preset, Preset::Delivery | Preset::Guest);
        Self {
            name: String::new(),
            from: if dated { now.text() } else { String::new() },
            until: until.map(Wall::text).unwrap_or_default(),
            weekly: preset == Preset::Regular,
            days: vec![now.weekday()],
            hours_from: time_text(9 * 60),
            hours_until: time_text(12 * 60),
            limit: if preset == Preset::Delivery { Limit::Once } else { Limit::Unlimited },
            several: 5.to_string(),
        }
    }

    /// The fields of a visitor, with times by this clock.
    pub(super) fn of(visitor: &Visitor, wall: impl Fn(Timestamp) -> Wall) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| wall(at).text()).unwrap_or_default();
        let plain = Self::preset(Preset::Custom, wall(visitor.from.unwrap_or(Timestamp(0))));
        let hours = visitor.schedule.first();
        let (limit, several) = match visitor.uses {
            None => (Limit::Unlimited, plain.several),
            Some(uses) if uses.allowed <= 1 => (Limit::Once, plain.several),
            Some(uses) => (Limit::Several, uses.allowed.to_string()),
        };
        Self {
            name: visitor.name.clone(),
            from: text(visitor.from),
            until: text(visitor.until),
            weekly: hours.is_some(),
            days: hours.map_or(plain.days, |hours| hours.days.clone()),
            hours_from: hours.map_or(plain.hours_from, |hours| time_text(hours.from)),
            hours_until: hours.map_or(plain.hours_until, |hours| time_text(hours.until)),
            limit,
            several,
        }
    }

    /// The draft, or everything that is wrong, in the order of the fields.
    pub(super) fn check(&self, now: Wall) -> Result<Draft, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let name = self.name.trim();
        if name.is_empty() {
            wrong.push(Wrong::NoName);
        } else if name.chars().count() > NAME_LENGTH {
            wrong.push(Wrong::LongName);
        }
        let from = moment(&self.from).unwrap_or_else(|()| {
            wrong.push(Wrong::From);
            None
        });
        let until = moment(&self.until).unwrap_or_else(|()| {
            wrong.push(Wrong::Until);
            None
        });
        if until.is_some_and(|until| until <= now) {
            wrong.push(Wrong::EndIsPast);
        } else if from.zip(until).is_some_and(|(from, until)| until <= from) {
            wrong.push(Wrong::EndBeforeBegin);
        }
        let hours = if self.weekly { self.hours(&mut wrong) } else { None };
        let allowed = match self.limit {
            Limit::Once => Some(1),
            Limit::Unlimited => None,
            Limit::Several => {
                let number = self.several.trim().parse().ok();
                let number = number.filter(|number| (2..=MOST_USES).contains(number));
                if number.is_none() {
                    wrong.push(Wrong::Several);
                }
                number
            }
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Draft { name: name.to_owned(), from, until, hours, allowed })
    }

    fn hours(&self, wrong: &mut Vec<Wrong>) -> Option<VisitingHours> {
        if self.days.is_empty() {
            wrong.push(Wrong::NoDays);
        }
        let from = parse_time(&self.hours_from);
        if from.is_none() {
            wrong.push(Wrong::HoursFrom);
        }
        // Midnight as an end is that of the day's end.
        let until = parse_time(&self.hours_until).map(|until| if until == 0 { 24 * 60 } else { until });
        if until.is_none() {
            wrong.push(Wrong::HoursUntil);
        }
        let (from, until) = from.zip(until)?;
        if until <= from {
            wrong.push(Wrong::HoursOrder);
        }
        let mut days = self.days.clone();
        days.sort_unstable();
        Some(VisitingHours { days, from, until })
    }
}

impl Draft {
    /// The visitor as it shall be: `base` with what was typed, by this clock. Times that stayed as they were keep
    /// their seconds, and hours of the week beyond the first stay.
    pub(super) fn apply(
        self,
        mut base: Visitor,
        wall: impl Fn(Timestamp) -> Wall,
        at: impl Fn(Wall) -> Timestamp,
    ) -> Visitor {
        let time = |known: Option<Timestamp>, typed: Option<Wall>| {
            typed.map(|typed| known.filter(|known| wall(*known) == typed).unwrap_or_else(|| at(typed)))
        };
        base.name = self.name;
        base.from = time(base.from, self.from);
        base.until = time(base.until, self.until);
        base.schedule = match self.hours {
            None => Vec::new(),
            Some(hours) => std::iter::once(hours).chain(base.schedule.into_iter().skip(1)).collect(),
        };
        let used = base.uses.map_or(0, |uses| uses.used);
        base.uses = self.allowed.map(|allowed| Uses { allowed, used });
        base
    }
}

/// A time that may be left out.
fn moment(text: &str) -> Result<Option<Wall>, ()> {
    if text.trim().is_empty() { Ok(None) } else { Wall::parse(text).map(Some).ok_or(()) }
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
