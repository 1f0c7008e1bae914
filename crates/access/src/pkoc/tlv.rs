use std::fmt;

use thiserror::Error;

/// Types of the TLVs over Bluetooth LE.
pub mod tag {
    /// The credential: a public key, uncompressed, 65 octets.
    pub const PUBLIC_KEY: u8 = 0x01;
    /// A reader's ephemeral key, compressed, 33 octets.
    pub const READER_KEY: u8 = 0x02;
    /// A signature, R and S, 64 octets.
    pub const SIGNATURE: u8 = 0x03;
    /// What a reader makes of it, one octet.
    pub const RESPONSE: u8 = 0x04;
    /// A phone's ephemeral key, uncompressed, 65 octets.
    pub const PHONE_KEY: u8 = 0x07;
    /// When the credential changed last, 4 octets: seconds since 1970.
    pub const LAST_UPDATE: u8 = 0x09;
    /// The protocol's version, 5 octets.
    pub const VERSION: u8 = 0x0c;
    /// A reader location identifier, 16 octets.
    pub const READER_ID: u8 = 0x0d;
    /// A site identifier, 16 octets.
    pub const SITE_ID: u8 = 0x0e;
    /// A reader certificate, 138 octets.
    pub const CERTIFICATE: u8 = 0x10;
    /// TLVs under the session key.
    pub const ENCRYPTED: u8 = 0x40;
}

/// More than this is neither waited for nor kept, in octets: the longest message has 219, and may be followed by what a
/// manufacturer has to say.
const LONGEST: usize = 2_048;

/// How a length over 127 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthForm {
    /// As one octet, as in the code that PSIA published before 2.0.1.
    OneOctet,
    /// In the long form of BER: `81 xx` (Bluetooth LE profile 2.0.1 section 5.3).
    Ber,
}

/// One type, length and value.
#[derive(Clone, PartialEq, Eq)]
pub struct Tlv {
    /// Its type.
    pub tag: u8,
    /// Its value.
    pub value: Vec<u8>,
}

/// Why octets are no TLVs.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TlvError {
    /// The protocol knows another length for this type.
    #[error("a TLV {0:02x} has another length")]
    WrongLength(u8),
    /// Nothing of this protocol is so long.
    #[error("a TLV is longer than any of this protocol")]
    TooLong,
}

/// Makes TLVs of notifications that are split and joined at any octet.
#[derive(Clone, Debug, Default)]
pub struct Reassembler {
    buffer: Vec<u8>,
}

impl Reassembler {
    /// Takes what came in. Error: more waits than any message has.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TlvError> {
        if bytes.len() > LONGEST - self.buffer.len().min(LONGEST) {
            return Err(TlvError::TooLong);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// The next TLV, once it is whole. After an error there is nothing more to be had.
    pub fn take(&mut self) -> Result<Option<Tlv>, TlvError> {
        let Some((tag, rest)) = self.buffer.split_first() else { return Ok(None) };
        let Some((octets, length)) = length(*tag, rest)? else { return Ok(None) };
        if length > LONGEST {
            return Err(TlvError::TooLong);
        }
        let Some(value) = rest.get(octets..octets + length) else { return Ok(None) };
        let tlv = Tlv { tag: *tag, value: value.to_vec() };
        self.buffer.drain(..1 + octets + length);
        Ok(Some(tlv))
    }

    /// Whether nothing waits for its end.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }
}

/// How many octets say a length, and which; `None`: they are not all there.
///
/// Where the protocol knows the length, no other is taken. Elsewhere `81` and `82` begin a long form if what follows
/// could not be said shorter. A value of 129 or 130 octets behind a single length octet may so be misread; the
/// protocol has none.
fn length(tag: u8, bytes: &[u8]) -> Result<Option<(usize, usize)>, TlvError> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    if let Some(known) = known_length(tag) {
        return match (first, rest.first()) {
            (first, _) if usize::from(first) == known => Ok(Some((1, known))),
            (0x81, _) if known < 0x80 => Err(TlvError::WrongLength(tag)),
            (0x81, None) => Ok(None),
            (0x81, Some(second)) if usize::from(*second) == known => Ok(Some((2, known))),
            _ => Err(TlvError::WrongLength(tag)),
        };
    }
    Ok(match (first, rest) {
        (0x81, []) | (0x82, [] | [_]) => None,
        (0x81, [second @ 0x80..=0xff, ..]) => Some((2, usize::from(*second))),
        (0x82, [high @ 1..=0xff, low, ..]) => Some((3, usize::from(u16::from_be_bytes([*high, *low])))),
        _ => Some((1, usize::from(first))),
    })
}

fn known_length(tag: u8) -> Option<usize> {
    Some(match tag {
        tag::PUBLIC_KEY | tag::PHONE_KEY => 65,
        tag::READER_KEY => 33,
        tag::SIGNATURE => 64,
        tag::RESPONSE => 1,
        tag::LAST_UPDATE => 4,
        tag::VERSION => 5,
        tag::READER_ID | tag::SITE_ID => 16,
        tag::CERTIFICATE => 138,
        _ => return None,
    })
}

impl Tlv {
    /// Its octets. Over 255 there is only the long form.
    pub fn to_bytes(&self, form: LengthForm) -> Vec<u8> {
        Writer::new(form).put(self.tag, &self.value).finish()
    }

    /// Its value, if it has so many octets.
    pub(crate) fn array<const N: usize>(&self) -> Result<[u8; N], TlvError> {
        self.value.as_slice().try_into().map_err(|_| TlvError::WrongLength(self.tag))
    }
}

impl fmt::Debug for Tlv {
    /// Without the value: a credential is the name of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv({:02x}, {} octets)", self.tag, self.value.len())
    }
}

/// Writes TLVs one after the other.
pub(crate) struct Writer {
    form: LengthForm,
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(form: LengthForm) -> Self {
        Self { form, bytes: Vec::new() }
    }

    /// Values have at most 65,535 octets.
    pub(crate) fn put(mut self, tag: u8, value: &[u8]) -> Self {
        self.bytes.push(tag);
        let [.., high, low] = value.len().to_be_bytes();
        match (self.form, value.len()) {
            (_, ..0x80) | (LengthForm::OneOctet, ..0x100) => self.bytes.push(low),
            (LengthForm::Ber, ..0x100) => self.bytes.extend([0x81, low]),
            _ => self.bytes.extend([0x82, high, low]),
        }
        self.bytes.extend_from_slice(value);
        self
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(parts: &[&[u8]]) -> Result<Vec<(u8, usize)>, TlvError> {
        let mut inbox = Reassembler::default();
        let mut read = Vec::new();
        for part in parts {
            inbox.push(part)?;
            while let Some(tlv) = inbox.take()? {
                read.push((tlv.tag, tlv.value.len()));
            }
        }
        Ok(read)
    }

    #[test]
    fn both_forms_of_a_length_are_read() {
        for (head, length) in [
            (&[0x40, 0xa2][..], 0xa2),
            (&[0x40, 0x81, 0xa2], 0xa2),
            (&[0x10, 0x8a], 138),
            (&[0x10, 0x81, 0x8a], 138),
            (&[0x80, 0x82, 0x01, 0x02], 0x102),
            (&[0x80, 0xff], 0xff),
            (&[0x80, 0x00], 0),
        ] {
            let bytes = [head, &vec![7; length]].concat();
            assert_eq!(all(&[&bytes]), Ok(vec![(head[0], length)]), "{head:02x?}");
            assert_eq!(all(&[&bytes[..bytes.len() - 1]]), Ok(vec![]), "{head:02x?}");
        }
    }

    #[test]
    fn each_form_is_written_as_its_peer_reads_it() {
        let long = Tlv { tag: 0x40, value: vec![1; 0xa2] };
        assert_eq!(long.to_bytes(LengthForm::OneOctet)[..2], [0x40, 0xa2]);
        assert_eq!(long.to_bytes(LengthForm::Ber)[..3], [0x40, 0x81, 0xa2]);
        let short = Tlv { tag: 0x03, value: vec![1; 64] };
        assert_eq!(short.to_bytes(LengthForm::OneOctet), short.to_bytes(LengthForm::Ber));
    }

    #[test]
    fn a_length_that_the_protocol_does_not_know_is_refused_before_its_value() {
        for head in [
            [0x01, 64],
            [0x02, 65],
            [0x03, 63],
            [0x04, 0],
            [0x07, 33],
            [0x09, 8],
            [0x0c, 4],
            [0x0d, 32],
            [0x0e, 15],
            [0x10, 137],
            [0x03, 0x81],
        ] {
            assert_eq!(all(&[&head]), Err(TlvError::WrongLength(head[0])), "{head:02x?}");
        }
        assert_eq!(all(&[&[0x10, 0x81, 0x8b]]), Err(TlvError::WrongLength(0x10)));
    }

    #[test]
    fn what_is_split_and_joined_is_the_same() {
        let bytes = [&[0x0c, 5, 1, 0, 0, 0, 1, 0x80, 0x81, 0x90][..], &[9; 0x90], &[0x04, 1, 3]].concat();
        let whole = all(&[&bytes]);
        assert_eq!(whole, Ok(vec![(0x0c, 5), (0x80, 0x90), (0x04, 1)]));
        for size in 1..bytes.len() {
            let parts: Vec<&[u8]> = bytes.chunks(size).collect();
            assert_eq!(all(&parts), whole, "parts of {size}");
        }
    }

    #[test]
    fn what_never_ends_is_not_kept() {
        assert_eq!(all(&[&[0x80, 0x82, 0xff, 0xff]]), Err(TlvError::TooLong));
        let mut inbox = Reassembler::default();
        inbox.push(&[0x80, 0x82, 0x08, 0x00]).unwrap();
        assert_eq!(inbox.push(&[0; LONGEST]), Err(TlvError::TooLong));
    }

    #[test]
    fn debug_shows_no_value() {
        let credential = Tlv { tag: 0x01, value: vec![0xab; 65] };
        assert_eq!(format!("{credential:?}"), "Tlv(01, 65 octets)");
    }
}
