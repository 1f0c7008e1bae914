//! Puts single digits together to codes.

use std::time::{Duration, Instant};

use vestibule_model::SwitchCode;

/// How long a person may think between two digits.
pub const GAP: Duration = Duration::from_secs(3);

/// Collects the digits of one call that come by one way. Sans-IO: the caller brings the clock, and asks again at
/// [`Collector::deadline`].
///
/// A code is whole as soon as it is a known one that no longer one begins with; with `*`, when no known code goes on
/// from there; when it is as long as codes get; or when nothing more came for [`GAP`].
#[derive(Debug)]
pub struct Collector {
    known: Vec<SwitchCode>,
    held: String,
    last: Option<Instant>,
}

impl Collector {
    /// For an intercom with these codes.
    pub fn new(known: impl IntoIterator<Item = SwitchCode>) -> Self {
        Self { known: known.into_iter().collect(), held: String::new(), last: None }
    }

    /// A digit came. Gives the codes that are whole now: at most one that was waiting for its end, and one that this
    /// digit ends.
    pub fn push(&mut self, digit: char, now: Instant) -> Vec<String> {
        let mut whole: Vec<String> = self.poll(now).into_iter().collect();
        self.held.push(digit);
        self.last = Some(now);
        if self.is_whole() {
            whole.push(self.take());
        }
        whole
    }

    /// Gives what was waiting for its end for too long.
    pub fn poll(&mut self, now: Instant) -> Option<String> {
        self.deadline().is_some_and(|deadline| deadline <= now).then(|| self.take())
    }

    /// When [`Collector::poll`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        self.last.map(|last| last + GAP)
    }

    fn is_whole(&self) -> bool {
        let goes_on = |code: &SwitchCode| {
            code.reveal().len() > self.held.len() && code.reveal().starts_with(&self.held)
        };
        if self.held.len() >= SwitchCode::MAX_LEN {
            return true;
        }
        let known = self.known.iter().any(|code| code.reveal() == self.held);
        (known || self.held.ends_with('*')) && !self.known.iter().any(goes_on)
    }

    fn take(&mut self) -> String {
        self.last = None;
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(160);

    /// Presses one digit after the other and gives all codes that became whole, with the last gap waited for.
    fn codes(known: &[&str], pressed: &str) -> Vec<String> {
        let mut collector = Collector::new(known.iter().map(|code| code.parse().unwrap()));
        let mut now = Instant::now();
        let mut codes = Vec::new();
        for digit in pressed.chars() {
            now += QUICK;
            codes.extend(collector.push(digit, now));
        }
        codes.extend(collector.poll(now + GAP));
        codes
    }

    #[test]
    fn a_known_code_is_whole_at_once() {
        let mut collector = Collector::new(["00*".parse().unwrap()]);
        let now = Instant::now();
        assert!(collector.push('0', now).is_empty());
        assert!(collector.push('0', now + QUICK).is_empty());
        assert_eq!(collector.push('*', now + 2 * QUICK), ["00*"]);
        assert_eq!(collector.deadline(), None);
    }

    #[test]
    fn codes_end_where_they_should() {
        for (known, pressed, expected) in [
            (&["00*"][..], "00*00*", &["00*", "00*"][..]),
            (&["00*"], "12*00*", &["12*", "00*"]),
            (&["1", "12"], "1", &["1"]),
            (&["1", "12"], "12", &["12"]),
            (&["#12#"], "#12#", &["#12#"]),
            (&["*9"], "*9", &["*9"]),
            (&[], "123", &["123"]),
            (&["00*"], "1234567890123456", &["123456789012345", "6"]),
            (&["00*"], "", &[]),
        ] {
            assert_eq!(codes(known, pressed), expected, "{pressed} with {known:?}");
        }
    }

    #[test]
    fn a_digit_after_the_gap_begins_a_new_code() {
        let mut collector = Collector::new(["00*".parse().unwrap()]);
        let now = Instant::now();
        collector.push('7', now);
        assert_eq!(collector.poll(now + GAP - QUICK), None);
        assert_eq!(collector.push('0', now + GAP), ["7"]);
        assert!(collector.push('0', now + GAP + QUICK).is_empty());
        assert_eq!(collector.push('*', now + GAP + 2 * QUICK), ["00*"]);
    }
}
