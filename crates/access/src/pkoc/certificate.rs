use std::collections::BTreeSet;

use thiserror::Error;
use vestibule_model::Timestamp;

use super::key::{NoSignature, PublicKey, Signature, Signer};
use super::message::{ReaderId, SiteId};

/// The only version there is.
const VERSION: u8 = 1;
/// A last second that means: for ever.
const FOR_EVER: u32 = u32::MAX;

/// Says by the site's own signature which key a reader has (Bluetooth LE profile 2.0.1 section 7.1).
///
/// 138 octets: version, reader, site, first and last second, the reader's key compressed, the signature over all that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderCertificate {
    fields: CertificateFields,
    signature: Signature,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFields {
    /// Whose key it is.
    pub reader: ReaderId,
    /// Who says so.
    pub issuer: SiteId,
    /// From this second of 1970 on; 0: since ever.
    pub not_before: u32,
    /// Up to and with this second; `u32::MAX`: for ever.
    pub not_after: u32,
    /// The reader's key.
    pub key: PublicKey,
}

/// Why a certificate is not believed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CertificateError {
    /// Another length or version, or no key in it.
    #[error("this is no reader certificate")]
    Malformed,
    /// It is for another reader, or from another site.
    #[error("the certificate is for another reader")]
    Foreign,
    /// The site did not sign it.
    #[error("the certificate is not signed by the site")]
    NotSigned,
    /// Its time has not begun.
    #[error("the certificate is not valid yet")]
    NotYet,
    /// Its time is over.
    #[error("the certificate has expired")]
    Expired,
    /// The site took it back.
    #[error("the certificate is revoked")]
    Revoked,
    /// The reader has to have one, and showed none.
    #[error("the reader shows no certificate")]
    Missing,
}

impl ReaderCertificate {
    /// Its octets.
    pub const LENGTH: usize = 138;

    /// Signs a certificate, with the site's key.
    pub fn issue(fields: CertificateFields, issuer: &impl Signer) -> Result<Self, NoSignature> {
        let signature = issuer.sign(&fields.to_bytes())?;
        Ok(Self { fields, signature })
    }

    /// Reads a certificate. Whether to believe it is another matter.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        Self::read(bytes).ok_or(CertificateError::Malformed)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let ([version], rest) = bytes.split_first_chunk()?;
        let (reader, rest) = rest.split_first_chunk()?;
        let (issuer, rest) = rest.split_first_chunk()?;
        let (not_before, rest) = rest.split_first_chunk()?;
        let (not_after, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_first_chunk::<33>()?;
        let signature = Signature(rest.try_into().ok()?);
        let fields = CertificateFields {
            reader: ReaderId(*reader),
            issuer: SiteId(*issuer),
            not_before: u32::from_be_bytes(*not_before),
            not_after: u32::from_be_bytes(*not_after),
            key: PublicKey::from_bytes(key).ok()?,
        };
        (*version == VERSION).then_some(Self { fields, signature })
    }

    /// Its 138 octets.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.fields.to_bytes()[..], &self.signature.0].concat()
    }

    /// What it says.
    pub fn fields(&self) -> &CertificateFields {
        &self.fields
    }

    /// The key of this reader at this site, if the site's key vouches for it at this time.
    pub fn verify(
        &self,
        site: SiteId,
        reader: ReaderId,
        issuer: &PublicKey,
        revoked: &BTreeSet<ReaderId>,
        at: Timestamp,
    ) -> Result<PublicKey, CertificateError> {
        let CertificateFields { not_before, not_after, key, .. } = self.fields;
        let second = at.0.div_euclid(1_000);
        if (self.fields.issuer, self.fields.reader) != (site, reader) {
            return Err(CertificateError::Foreign);
        }
        if !issuer.verifies(&self.fields.to_bytes(), &self.signature) {
            return Err(CertificateError::NotSigned);
        }
        if revoked.contains(&reader) {
            return Err(CertificateError::Revoked);
        }
        if not_before != 0 && second < i64::from(not_before) {
            return Err(CertificateError::NotYet);
        }
        if not_after != FOR_EVER && second > i64::from(not_after) {
            return Err(CertificateError::Expired);
        }
        Ok(key)
    }
}

impl CertificateFields {
    /// What is signed: the first 74 octets.
    fn to_bytes(&self) -> Vec<u8> {
        [
            &[VERSION][..],
            &self.reader.0,
            &self.issuer.0,
            &self.not_before.to_be_bytes(),
            &self.not_after.to_be_bytes(),
            &self.key.compressed(),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::SoftKey;
    use super::*;

    const SITE: SiteId = SiteId([0x51; 16]);
    const READER: ReaderId = ReaderId([0x4e; 16]);

    fn key(octet: u8) -> SoftKey {
        SoftKey::from_bytes(&[octet; 32]).unwrap()
    }

    fn certificate(not_before: u32, not_after: u32) -> ReaderCertificate {
        let key_of_reader = key(2).public_key();
        let fields =
            CertificateFields { reader: READER, issuer: SITE, not_before, not_after, key: key_of_reader };
        ReaderCertificate::issue(fields, &key(1)).unwrap()
    }

    fn verify(certificate: &ReaderCertificate, second: i64) -> Result<PublicKey, CertificateError> {
        let issuer = key(1).public_key();
        certificate.verify(SITE, READER, &issuer, &BTreeSet::new(), Timestamp(second * 1_000 + 999))
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let certificate = certificate(1, 2);
        let bytes = certificate.to_bytes();
        assert_eq!(bytes.len(), ReaderCertificate::LENGTH);
        assert_eq!((bytes[0], &bytes[33..41]), (1, &[0, 0, 0, 1, 0, 0, 0, 2][..]));
        assert_eq!(ReaderCertificate::parse(&bytes), Ok(certificate));
        for wrong in [&bytes[..137], &[&bytes[..], &[0]].concat(), &[]] {
            assert_eq!(ReaderCertificate::parse(wrong), Err(CertificateError::Malformed));
        }
    }

    #[test]
    fn no_octet_can_be_changed() {
        let bytes = certificate(1, 4_000_000_000).to_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let read = ReaderCertificate::parse(&changed).and_then(|read| verify(&read, 1_800_000_000));
            let wanted = match at {
                0 => CertificateError::Malformed,
                1..33 => CertificateError::Foreign,
                // Some points are not on the curve, the others are not signed.
                41..74 if read == Err(CertificateError::Malformed) => CertificateError::Malformed,
                _ => CertificateError::NotSigned,
            };
            assert_eq!(read, Err(wanted), "octet {at}");
        }
    }

    #[test]
    fn it_holds_in_its_time() {
        let dated = certificate(1_000, 2_000);
        assert_eq!(verify(&dated, 999), Err(CertificateError::NotYet));
        assert_eq!(verify(&dated, 1_000), Ok(key(2).public_key()));
        assert_eq!(verify(&dated, 2_000), Ok(key(2).public_key()));
        assert_eq!(verify(&dated, 2_001), Err(CertificateError::Expired));
        let undated = certificate(0, u32::MAX);
        assert_eq!(verify(&undated, -1), Ok(key(2).public_key()));
        assert_eq!(verify(&undated, 5_000_000_000), Ok(key(2).public_key()));
    }

    #[test]
    fn it_is_for_one_site_and_one_reader_and_can_be_taken_back() {
        let certificate = certificate(0, u32::MAX);
        let issuer = key(1).public_key();
        let check = |site, reader, issuer: &PublicKey, revoked: &[ReaderId]| {
            certificate.verify(site, reader, issuer, &revoked.iter().copied().collect(), Timestamp(0))
        };
        assert!(check(SITE, READER, &issuer, &[]).is_ok());
        assert_eq!(check(SiteId([0; 16]), READER, &issuer, &[]), Err(CertificateError::Foreign));
        assert_eq!(check(SITE, ReaderId([0; 16]), &issuer, &[]), Err(CertificateError::Foreign));
        assert_eq!(check(SITE, READER, &key(3).public_key(), &[]), Err(CertificateError::NotSigned));
        assert_eq!(check(SITE, READER, &issuer, &[READER]), Err(CertificateError::Revoked));
    }
}
