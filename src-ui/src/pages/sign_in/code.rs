//! The six digits of the second factor (TOTP, RFC 6238).

/// Digits of a code.
pub(super) const DIGITS: usize = 6;

/// The digits of what was typed or pasted, at most six, whatever script they are in and whatever stands between them.
pub(super) fn digits(typed: &str) -> String {
    typed.chars().filter_map(digit).take(DIGITS).collect()
}

/// ASCII for a digit of the scripts that the app speaks.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_as_it_is_written() {
        for (typed, code) in [
            ("123456", "123456"),
            (" 123 456\n", "123456"),
            ("12-34", "1234"),
            ("1234567", "123456"),
            ("١٢٣٤٥٦", "123456"),
            ("۰۹", "09"),
            ("code", ""),
        ] {
            assert_eq!(digits(typed), code, "{typed}");
        }
    }
}
