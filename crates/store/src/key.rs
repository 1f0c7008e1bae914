use std::fmt::{self, Write};

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The key of a cache: 32 bytes, used as they are, with no derivation. Its memory is wiped when it goes.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; Key::LEN]);

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The text is not 64 hexadecimal digits.
    #[error("a key is written as 64 hexadecimal digits")]
    Malformed,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness(#[source] getrandom::Error),
}

impl Key {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// A new key from the operating system's source of randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut key = Self([0; Self::LEN]);
        getrandom::fill(&mut key.0).map_err(KeyError::NoRandomness)?;
        Ok(key)
    }

    /// Reads what [`Key::to_hex`] wrote.
    pub fn from_hex(text: &[u8]) -> Result<Self, KeyError> {
        let (pairs, rest) = text.as_chunks::<2>();
        if pairs.len() != Self::LEN || !rest.is_empty() {
            return Err(KeyError::Malformed);
        }
        let mut key = Self([0; Self::LEN]);
        for (byte, [high, low]) in key.0.iter_mut().zip(pairs) {
            *byte = (digit(*high)? << 4) | digit(*low)?;
        }
        Ok(key)
    }

    /// The key as 64 lower-case hexadecimal digits. A keychain gets it as text, because KDE's keeps nothing else.
    pub fn to_hex(&self) -> Zeroizing<String> {
        // Reserved at once, so that no shorter copy is left behind in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(2 * Self::LEN));
        for byte in &self.0 {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

fn digit(character: u8) -> Result<u8, KeyError> {
    char::from(character).to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or(KeyError::Malformed)
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_as_text() {
        let key = Key::generate().unwrap();
        assert_eq!(key.to_hex().len(), 64);
        assert_eq!(Key::from_hex(key.to_hex().as_bytes()).unwrap(), key);
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(Key::generate().unwrap(), Key::generate().unwrap());
    }

    #[test]
    fn refuses_what_is_no_key() {
        let short = "0".repeat(63);
        let long = "0".repeat(66);
        let foreign = "g".repeat(64);
        for text in ["", &short, &long, &foreign] {
            assert!(matches!(Key::from_hex(text.as_bytes()), Err(KeyError::Malformed)), "{text}");
        }
    }

    #[test]
    fn is_not_printed() {
        assert_eq!(format!("{:?}", Key::generate().unwrap()), "***");
    }
}
