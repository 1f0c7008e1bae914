use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use vestibule_model::{Secret, Timestamp};

/// Seconds of a step (RFC 6238, 5.2).
const STEP: i64 = 30;
/// Bytes of a secret: as long as SHA-1's output (RFC 4226, 4, R6).
pub(crate) const SECRET: usize = 20;

/// The step whose code this is, one before and one after now included; none that is not after `last`, so that a code
/// is good once (RFC 6238, 5.2).
pub(crate) fn step_of(secret: &[u8], code: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
    let current = now.0.div_euclid(1_000 * STEP);
    (current - 1..=current + 1)
        .filter(|step| last.is_none_or(|last| *step > last))
        // Comparing digests would tell nothing either: each code is compared once, and wrong ones are counted.
        .find(|step| at(secret, *step).is_some_and(|right| right == code))
}

/// The address that an authenticator reads from a QR code.
pub(crate) fn address(secret: &[u8], issuer: &str, account: &str) -> Secret {
    let (issuer, account) = (escape(issuer), escape(account));
    Secret::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(secret)))
}

/// Six digits, by RFC 4226, 5.3.
fn at(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0xf);
    let chosen: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(chosen) & 0x7fff_ffff) % 1_000_000))
}

/// RFC 4648, 6, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    let letters = bits.chunks(5).map(|five| {
        let value = five.iter().fold(0_u8, |value, bit| value << 1 | bit) << (5 - five.len());
        LETTERS.get(usize::from(value)).copied().map_or('A', char::from)
    });
    letters.collect()
}

/// RFC 3986, 2.1: everything but what is never reserved.
pub(crate) fn escape(text: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    escaped.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the test vectors in RFC 4226, appendix D, and RFC 6238, appendix B.
    const RFC: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfcs() {
        for (step, code) in [(0, "755224"), (1, "287082"), (9, "520489")] {
            assert_eq!(at(RFC, step).unwrap(), code);
        }
        // RFC 6238 has eight digits; the last six are these.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(step_of(RFC, code, Timestamp(seconds * 1_000), None), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_once_and_a_step_around_now() {
        let code = at(RFC, 100).unwrap();
        let at_step = |step: i64, last| step_of(RFC, &code, Timestamp(step * 30_000), last);
        assert_eq!(at_step(99, None), Some(100));
        assert_eq!(at_step(101, Some(99)), Some(100));
        assert_eq!(at_step(100, Some(100)), None);
        assert_eq!((at_step(98, None), at_step(102, None)), (None, None));
    }

    #[test]
    fn secrets_are_written_as_authenticators_read_them() {
        for (text, written) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(text.as_bytes()), written);
        }
        let address = address(b"foobar", "Sample house", "a@site.example");
        assert_eq!(
            address.reveal(),
            "otpauth://totp/Sample%20house:a%40site.example?secret=MZXW6YTBOI&issuer=Sample%20house"
        );
    }
}
