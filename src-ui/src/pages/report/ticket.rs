//! What a report has to be before it is sent.

/// Characters of a description that says something.
pub(super) const SHORTEST: usize = 10;
/// Characters that a site server takes.
pub(super) const LONGEST: usize = 2_000;

/// What is wrong with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadLength {
    /// It says too little.
    Short,
    /// It has so many characters too many.
    Long(usize),
}

/// Characters that count, without the space around them.
pub(super) fn length(description: &str) -> usize {
    description.trim().chars().count()
}

/// What is wrong with a description, if anything.
pub(super) fn check(description: &str) -> Option<BadLength> {
    match length(description) {
        short if short < SHORTEST => Some(BadLength::Short),
        long if long > LONGEST => Some(BadLength::Long(long - LONGEST)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_neither_short_nor_long() {
        for (text, wrong) in [
            (String::new(), Some(BadLength::Short)),
            (" ".repeat(50), Some(BadLength::Short)),
            ("123456789".to_owned(), Some(BadLength::Short)),
            ("1234567890".to_owned(), None),
            ("x".repeat(2_000), None),
            (format!("{}\n\n", "x".repeat(2_000)), None),
            ("x".repeat(2_003), Some(BadLength::Long(3))),
            // Characters count, not bytes.
            ("🚪".repeat(2_000), None),
        ] {
            assert_eq!(check(&text), wrong, "{} characters", text.len());
        }
    }
}
