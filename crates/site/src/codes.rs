use vestibule_model::Secret;
use vestibule_model::api::SiteId;
use zeroize::Zeroizing;

use crate::db::table::visitor::{CodeMac, Kept, Sealed};
use crate::http::Failure;
use crate::keys::{Keys, SealError, Unsealed};
use crate::token::TokenKind;

/// Digits that a site may ask for. Four are what people remember, and twelve what keypads take.
pub(crate) const PIN_LENGTH: std::ops::RangeInclusive<u8> = 4..=12;
/// PINs that are drawn before the site counts as full. With half of all PINs in use, this fails once in 2^64 times.
const DRAWS: u32 = 64;

/// Random bytes, such as `getrandom::fill`.
pub(crate) type Random<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), getrandom::Error>;

/// Draws PINs of so many digits until `try_it` finds one free, and returns what it made of that. `None`: the site is
/// full.
pub(crate) fn draw_free<T>(
    random: Random<'_>,
    length: u8,
    mut try_it: impl FnMut(&Secret) -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    for _ in 0..DRAWS {
        let done = try_it(&pin(random, length)?)?;
        if done.is_some() {
            return Ok(done);
        }
    }
    Ok(None)
}

/// Digits, each as likely as the others: bytes from 250 on would favour the first six, and are drawn again.
fn pin(random: Random<'_>, length: u8) -> Result<Secret, getrandom::Error> {
    let mut digits = Zeroizing::new(String::with_capacity(length.into()));
    while digits.len() < length.into() {
        let mut byte = [0];
        random(&mut byte)?;
        digits.extend(byte.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10)));
    }
    Ok(Secret::new(digits.as_str()))
}

/// A PIN as it is kept.
pub(crate) fn seal_pin(keys: &Keys, site: SiteId, pin: &Secret) -> Result<Sealed, SealError> {
    seal(keys, &pin_place(site), pin)
}

/// A new token for a QR code, as it is kept.
pub(crate) fn seal_new_qr(keys: &Keys, site: SiteId) -> Result<Sealed, SealError> {
    seal(keys, &qr_place(site), &TokenKind::Qr.generate()?)
}

/// PIN, and QR token if there is one.
pub(crate) fn open(keys: &Keys, visitor: &Kept) -> Result<(Secret, Option<Secret>), Unsealed> {
    let pin = open_one(keys, &pin_place(visitor.site), &visitor.pin)?;
    let qr = visitor.qr.as_ref().map(|qr| open_one(keys, &qr_place(visitor.site), qr)).transpose()?;
    Ok((pin, qr))
}

/// What a PIN that was typed is looked for by.
pub(crate) fn find_pin(keys: &Keys, site: SiteId, pin: &Secret) -> CodeMac {
    CodeMac::Pin(keys.mac(&pin_place(site), pin.reveal().as_bytes()))
}

/// What a QR code that was shown is looked for by.
pub(crate) fn find_qr(keys: &Keys, site: SiteId, qr: &Secret) -> CodeMac {
    CodeMac::Qr(keys.mac(&qr_place(site), qr.reveal().as_bytes()))
}

fn pin_place(site: SiteId) -> String {
    format!("pin {}", site.0)
}

fn qr_place(site: SiteId) -> String {
    format!("qr {}", site.0)
}

/// What is sealed is tied to its HMAC: nobody can swap the one without the other.
fn seal(keys: &Keys, place: &str, code: &Secret) -> Result<Sealed, SealError> {
    let mac = keys.mac(place, code.reveal().as_bytes());
    let text = keys.seal(&[place.as_bytes(), &mac].concat(), code.reveal().as_bytes())?;
    Ok(Sealed { text, mac })
}

fn open_one(keys: &Keys, place: &str, sealed: &Sealed) -> Result<Secret, Unsealed> {
    keys.open_text(&[place.as_bytes(), &sealed.mac].concat(), &sealed.text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the random bytes are, nobody is given a PIN that somebody has.
        #[test]
        fn no_pin_is_given_twice(bytes in prop::collection::vec(any::<u8>(), 1..400), length in 4_u8..=6) {
            let mut taken = HashSet::new();
            let mut at = 0;
            // Few bytes, over and over: PINs that come again are what this is about. The count in between keeps
            // them from being all above 249.
            let mut random = |buffer: &mut [u8]| {
                for byte in buffer {
                    *byte = if at % 7 == 0 { u8::try_from(at / 7 % 250).unwrap() } else { bytes[at % bytes.len()] };
                    at += 1;
                }
                Ok(())
            };
            for _ in 0..50 {
                let given = draw_free(&mut random, length, |pin| {
                    let new = taken.insert(pin.reveal().to_owned());
                    Ok(new.then(|| pin.clone()))
                });
                if let Some(pin) = given.unwrap() {
                    prop_assert_eq!(pin.reveal().len(), usize::from(length));
                    prop_assert!(pin.reveal().bytes().all(|byte| byte.is_ascii_digit()));
                }
            }
        }
    }

    #[test]
    fn digits_are_equally_likely() {
        let mut counts = [0_u32; 10];
        let mut next = 0_u8;
        let mut every_byte = |buffer: &mut [u8]| {
            for byte in buffer {
                *byte = next;
                next = next.wrapping_add(1);
            }
            Ok(())
        };
        for digit in pin(&mut every_byte, 250).unwrap().reveal().bytes() {
            counts[usize::from(digit - b'0')] += 1;
        }
        assert_eq!(counts, [25; 10]);
    }

    #[test]
    fn a_full_site_is_said_to_be_full() {
        let mut zeros = |buffer: &mut [u8]| {
            buffer.fill(0);
            Ok(())
        };
        let none = draw_free(&mut zeros, 4, |_| Ok(None::<()>)).unwrap();
        assert!(none.is_none());
    }
}
