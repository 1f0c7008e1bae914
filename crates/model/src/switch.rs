use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Identifies a switch of an intercom in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SwitchId(pub i64);

/// What a switch moves; decides its icon and whether its button is green.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SwitchKind {
    /// A door that people walk through.
    Door,
    /// A gate, a barrier or a garage.
    Gate,
    /// A light.
    Light,
}

/// A relay of an intercom, with the code that closes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorSwitch {
    /// Its id in the cache.
    pub id: SwitchId,
    /// The name that the site gave it.
    pub name: String,
    /// What it moves.
    pub kind: SwitchKind,
    /// What has to be sent to close it.
    pub code: SwitchCode,
}

/// An unlock or switch code: 1 to 15 of the characters `0-9`, `*` and `#`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(try_from = "String", into = "String")]
pub struct SwitchCode(String);

/// Why a text is no switch code.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SwitchCodeError {
    /// There is nothing in it.
    #[error("a code needs at least one character")]
    Empty,
    /// It has more than [`SwitchCode::MAX_LEN`] characters.
    #[error("a code has at most {} characters", SwitchCode::MAX_LEN)]
    TooLong,
    /// It holds something that no key of a telephone sends.
    #[error("a code holds only digits, * and #, not {0:?}")]
    BadCharacter(char),
    /// It is for a 2N intercom and does not hold exactly one `*`, at its end.
    #[error("a code of a 2N intercom ends with its only *")]
    StarNotLast,
}

impl SwitchCode {
    /// The longest code, in characters.
    pub const MAX_LEN: usize = 15;

    /// Checks the rule that 2N intercoms add: exactly one `*`, at the end.
    pub fn for_2n(self) -> Result<Self, SwitchCodeError> {
        match self.0.find('*') {
            Some(at) if at + 1 == self.0.len() => Ok(self),
            _ => Err(SwitchCodeError::StarNotLast),
        }
    }

    /// The characters to be sent, in order. A code is a secret: it is not for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Default for SwitchCode {
    /// The code that intercoms come with, `00*`.
    fn default() -> Self {
        Self("00*".to_owned())
    }
}

impl FromStr for SwitchCode {
    type Err = SwitchCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(SwitchCodeError::Empty);
        }
        if let Some(bad) = text.chars().find(|c| !matches!(c, '0'..='9' | '*' | '#')) {
            return Err(SwitchCodeError::BadCharacter(bad));
        }
        if text.len() > Self::MAX_LEN {
            return Err(SwitchCodeError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for SwitchCode {
    type Error = SwitchCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SwitchCode> for String {
    fn from(code: SwitchCode) -> Self {
        code.0
    }
}

impl fmt::Debug for SwitchCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_keys_of_a_telephone() {
        for good in ["0", "00*", "#12#", "123456789012345"] {
            assert_eq!(good.parse::<SwitchCode>().unwrap().reveal(), good);
        }
    }

    #[test]
    fn refuses_everything_else() {
        assert_eq!("".parse::<SwitchCode>(), Err(SwitchCodeError::Empty));
        assert_eq!("1234567890123456".parse::<SwitchCode>(), Err(SwitchCodeError::TooLong));
        assert_eq!("0A*".parse::<SwitchCode>(), Err(SwitchCodeError::BadCharacter('A')));
        assert_eq!("٣".parse::<SwitchCode>(), Err(SwitchCodeError::BadCharacter('٣')));
    }

    #[test]
    fn a_2n_intercom_wants_its_only_star_last() {
        let code = |text: &str| text.parse::<SwitchCode>().unwrap().for_2n().map(|c| c.reveal().to_owned());
        assert_eq!(code("00*"), Ok("00*".to_owned()));
        for bad in ["00", "*00", "0*0*", "00*#"] {
            assert_eq!(code(bad), Err(SwitchCodeError::StarNotLast), "{bad}");
        }
    }

    #[test]
    fn is_not_printed() {
        assert_eq!(format!("{:?}", SwitchCode::default()), "***");
    }
}
