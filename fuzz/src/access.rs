//! What readers say over Bluetooth LE and NFC, and what is enrolled from their codes.

use vestibule_access::pkoc::{
    Card, CvCertificate, LengthForm, ReaderCertificate, ReaderIdentity, Reassembler, SoftKey, Tlv, TlvError,
};

/// Each command of a card is answered with a status word, and none presents a credential that is not selected.
///
/// An octet before each command says how long it is.
pub(crate) fn apdu(mut bytes: &[u8]) {
    let Ok(key) = SoftKey::from_bytes(&[1; 32]) else { return };
    let certificate = [&[0x7f, 0x21, 0x82, 2, 0][..], &[3; 512]].concat();
    let mut card = Card::new(key, CvCertificate::from_bytes(&certificate).ok());
    let mut selected = false;
    while let Some((length, rest)) = bytes.split_first() {
        let (command, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        let answer = card.answer(command);
        let data = answer.bytes.strip_suffix(&[0x90, 0]);
        assert!((2..=258).contains(&answer.bytes.len()));
        assert!(!answer.presented || selected && data.is_some());
        let refused = data.is_none() && !matches!(answer.bytes[..], [.., 0x61, _]);
        selected = !refused && (selected || command.starts_with(&[0, 0xa4]));
        bytes = rest;
    }
}

/// A certificate that is read is written as it was.
pub(crate) fn reader_certificate(bytes: &[u8]) {
    let Ok(certificate) = ReaderCertificate::parse(bytes) else { return };
    assert_eq!(certificate.to_bytes(), bytes);
}

/// An identity that is taken is the same after it was written and read again.
pub(crate) fn reader_identity(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).ok();
    let Some(identity) = text.and_then(|text| text.parse::<ReaderIdentity>().ok()) else { return };
    let (site, reader, key) =
        (hex(&identity.site.0), hex(&identity.reader.0), hex(&identity.key.compressed()));
    let written = format!(r#"{{"siteUuid":"{site}","readerUuid":"{reader}","publicKey":"{key}"}}"#);
    assert_eq!(written.parse(), Ok(identity));
}

/// TLVs are the same however they are cut, and after they were written and read again.
pub(crate) fn tlv(bytes: &[u8]) {
    let whole = read(&[bytes]);
    let parts: Vec<&[u8]> = bytes.chunks(3).collect();
    if bytes.len() < 2_000 {
        assert_eq!(whole, read(&parts));
    }
    let Ok(tlvs) = whole else { return };
    let written: Vec<u8> = tlvs.iter().flat_map(|tlv| tlv.to_bytes(LengthForm::Ber)).collect();
    if written.len() < 2_000 {
        assert_eq!(read(&[&written]), Ok(tlvs));
    }
}

fn read(parts: &[&[u8]]) -> Result<Vec<Tlv>, TlvError> {
    let mut inbox = Reassembler::default();
    let mut tlvs = Vec::new();
    for part in parts {
        inbox.push(part)?;
        while let Some(tlv) = inbox.take()? {
            tlvs.push(tlv);
        }
    }
    Ok(tlvs)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
