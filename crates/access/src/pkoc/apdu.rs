/// Two octets after each answer of a card (ISO 7816-4 section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusWord(pub(crate) u16);

impl StatusWord {
    pub(crate) const OK: Self = Self(0x9000);
    pub(crate) const WRONG_LENGTH: Self = Self(0x6700);
    /// Not now: something has to come before, or the key cannot be used.
    pub(crate) const CONDITIONS: Self = Self(0x6985);
    pub(crate) const WRONG_DATA: Self = Self(0x6a80);
    /// No application of this name.
    pub(crate) const NOT_FOUND: Self = Self(0x6a82);
    pub(crate) const WRONG_P1_P2: Self = Self(0x6a86);
    /// No data object of this name.
    pub(crate) const NO_OBJECT: Self = Self(0x6a88);
    pub(crate) const NO_INSTRUCTION: Self = Self(0x6d00);
    pub(crate) const NO_CLASS: Self = Self(0x6e00);

    /// So many octets more can be fetched; 256 and above are said as 0.
    pub(crate) fn more(octets: usize) -> Self {
        let [.., low] = if octets < 0x100 { octets.to_be_bytes() } else { [0; size_of::<usize>()] };
        Self(u16::from_be_bytes([0x61, low]))
    }
}

/// A command with short lengths (ISO 7816-4 section 5.2), which are all that a card of PKOC is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub(crate) class: u8,
    pub(crate) instruction: u8,
    pub(crate) p1_p2: u16,
    pub(crate) data: &'a [u8],
    /// How many octets the reader takes, 1 to 256; `None`: it did not say.
    pub(crate) expected: Option<usize>,
}

impl<'a> Command<'a> {
    pub(crate) fn parse(apdu: &'a [u8]) -> Result<Self, StatusWord> {
        let (&[class, instruction, p1, p2], body) =
            apdu.split_first_chunk().ok_or(StatusWord::WRONG_LENGTH)?;
        let (data, expected) = match body {
            [] => (body, None),
            [expected] => (&[][..], Some(*expected)),
            [length, rest @ ..] => match rest.split_at_checked(usize::from(*length)) {
                // A length of 0 begins an extended one.
                _ if *length == 0 => return Err(StatusWord::WRONG_LENGTH),
                Some((data, [])) => (data, None),
                Some((data, [expected])) => (data, Some(*expected)),
                _ => return Err(StatusWord::WRONG_LENGTH),
            },
        };
        let expected = expected.map(|octets| if octets == 0 { 0x100 } else { usize::from(octets) });
        Ok(Self { class, instruction, p1_p2: u16::from_be_bytes([p1, p2]), data, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_of_a_short_command_are_read() {
        for (apdu, data, expected) in [
            (&[0, 0xa4, 4, 0][..], &[][..], None),
            (&[0, 0xa4, 4, 0, 0], &[], Some(256)),
            (&[0, 0xa4, 4, 0, 2, 7, 8], &[7, 8], None),
            (&[0, 0xa4, 4, 0, 2, 7, 8, 9], &[7, 8], Some(9)),
        ] {
            let wanted = Command { class: 0, instruction: 0xa4, p1_p2: 0x0400, data, expected };
            assert_eq!(Command::parse(apdu), Ok(wanted));
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for apdu in [
            &[][..],
            &[0, 0xa4, 4],
            &[0, 0xa4, 4, 0, 2, 7],
            &[0, 0xa4, 4, 0, 1, 7, 8, 9],
            &[0, 0xa4, 4, 0, 0, 0, 1, 7],
        ] {
            assert_eq!(Command::parse(apdu), Err(StatusWord::WRONG_LENGTH), "{apdu:02x?}");
        }
    }

    #[test]
    fn what_is_left_is_said_in_one_octet() {
        assert_eq!(StatusWord::more(1), StatusWord(0x6101));
        assert_eq!(StatusWord::more(255), StatusWord(0x61ff));
        assert_eq!(StatusWord::more(256), StatusWord(0x6100));
        assert_eq!(StatusWord::more(300), StatusWord(0x6100));
    }
}
