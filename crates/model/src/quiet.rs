use serde::{Deserialize, Serialize};

/// Hours of the week in which nothing rings, by this device's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuietHours {
    /// Whether they count.
    pub on: bool,
    /// Days on which they begin, Monday 1 to Sunday 7 (ISO 8601).
    pub days: Vec<u8>,
    /// Begin, in minutes from midnight.
    pub from: u16,
    /// End, in minutes from midnight. Where it is not after the begin, it is on the day that follows.
    pub until: u16,
}

impl Default for QuietHours {
    /// Every night from ten to seven, and switched off.
    fn default() -> Self {
        Self { on: false, days: (1..=7).collect(), from: 22 * 60, until: 7 * 60 }
    }
}

impl QuietHours {
    /// Whether days and minutes are such as there are.
    pub fn is_valid(&self) -> bool {
        const DAY: u16 = 24 * 60;
        self.days.iter().all(|day| (1..=7).contains(day)) && self.from < DAY && self.until < DAY
    }

    /// Whether they end on the day after the one on which they begin.
    pub fn pass_midnight(&self) -> bool {
        self.until <= self.from
    }

    /// Whether it is quiet on this day, 1 to 7, at this minute from midnight.
    pub fn hold(&self, day: u8, minute: u16) -> bool {
        let begin_on = |day| self.days.contains(&day);
        let yesterday = if day == 1 { 7 } else { day.saturating_sub(1) };
        self.on
            && if self.pass_midnight() {
                (begin_on(day) && minute >= self.from) || (begin_on(yesterday) && minute < self.until)
            } else {
                begin_on(day) && (self.from..self.until).contains(&minute)
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(days: &[u8], from: u16, until: u16) -> QuietHours {
        QuietHours { on: true, days: days.to_vec(), from: from * 60, until: until * 60 }
    }

    #[test]
    fn an_afternoon_is_of_one_day() {
        let hours = hours(&[1, 3], 13, 15);
        for (day, minute, quiet) in [
            (1, 779, false),
            (1, 780, true),
            (1, 899, true),
            (1, 900, false),
            (2, 800, false),
            (3, 800, true),
        ] {
            assert_eq!(hours.hold(day, minute), quiet, "day {day}, minute {minute}");
        }
    }

    #[test]
    fn a_night_goes_on_into_the_next_day_and_week() {
        let hours = hours(&[5, 7], 22, 7);
        for (day, minute, quiet) in [
            (5, 1319, false),
            (5, 1320, true),
            (6, 419, true),
            (6, 420, false),
            (6, 1400, false),
            (7, 60, false),
            (1, 0, true),
            (1, 420, false),
        ] {
            assert_eq!(hours.hold(day, minute), quiet, "day {day}, minute {minute}");
        }
    }

    #[test]
    fn hours_without_an_end_last_a_day() {
        let hours = hours(&[2], 9, 9);
        assert!(!hours.hold(2, 539) && hours.hold(2, 540) && hours.hold(3, 539) && !hours.hold(3, 540));
    }

    #[test]
    fn nothing_is_quiet_without_a_day_or_while_switched_off() {
        assert!(!hours(&[], 0, 0).hold(1, 60));
        assert!(!QuietHours::default().hold(1, 60));
        assert!(QuietHours { on: true, ..QuietHours::default() }.hold(1, 60));
    }

    #[test]
    fn only_days_and_minutes_that_there_are_will_do() {
        assert!(QuietHours::default().is_valid());
        assert!(!hours(&[0], 0, 1).is_valid());
        assert!(!hours(&[8], 0, 1).is_valid());
        assert!(!hours(&[1], 24, 1).is_valid());
        assert!(!hours(&[1], 1, 24).is_valid());
    }
}
