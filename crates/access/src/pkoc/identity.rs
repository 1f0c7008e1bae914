use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;
use uuid::Uuid;

use super::key::PublicKey;
use super::message::{ReaderId, SiteId};

/// The longest text that is looked at, in bytes. A QR code of the densest kind holds less.
const LONGEST: usize = 4_000;

/// Who a reader is: what a phone has to know before it trusts one.
///
/// Its text is JSON, from the site or a QR code: `{"siteUuid": …, "readerUuid": …, "publicKey": …}`, the key in
/// hexadecimal, of 33 or 65 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderIdentity {
    /// Its site.
    pub site: SiteId,
    /// The reader.
    pub reader: ReaderId,
    /// The site's key: readers sign with it, or have certificates that it signed.
    pub key: PublicKey,
}

/// Why a text names no reader. It never says what stood there.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdentityError {
    /// It is something else.
    #[error("this is no code of a reader")]
    NotACode,
    /// Site or reader is no UUID.
    #[error("the code names no site or no reader")]
    Uuid,
    /// The key is none.
    #[error("the code holds no key of a site")]
    Key,
}

/// Later codes may say more; serde refuses what is said twice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    site_uuid: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    reader_uuid: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    public_key: std::borrow::Cow<'a, str>,
}

impl FromStr for ReaderIdentity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        if text.len() > LONGEST {
            return Err(IdentityError::NotACode);
        }
        // A list would be read as the fields in their order.
        if !text.trim_start().starts_with('{') {
            return Err(IdentityError::NotACode);
        }
        let wire: Wire<'_> = serde_json::from_str(text).map_err(|_| IdentityError::NotACode)?;
        let uuid = |text: &str| Uuid::try_parse(text).map(Uuid::into_bytes).map_err(|_| IdentityError::Uuid);
        let key = base16ct::mixed::decode_vec(&*wire.public_key).map_err(|_| IdentityError::Key)?;
        Ok(Self {
            site: SiteId(uuid(&wire.site_uuid)?),
            reader: ReaderId(uuid(&wire.reader_uuid)?),
            key: PublicKey::from_bytes(&key).map_err(|_| IdentityError::Key)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "51515151-5151-5151-5151-515151515151";
    const READER: &str = "4e4e4e4e-4e4e-4e4e-4e4e-4e4e4e4e4e4e";
    /// The generator of the curve, compressed.
    const KEY: &str = "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";

    fn code(site: &str, reader: &str, key: &str) -> String {
        format!(r#"{{"siteUuid":"{site}","readerUuid":"{reader}","publicKey":"{key}"}}"#)
    }

    #[test]
    fn a_code_is_a_site_a_reader_and_a_key() {
        let read: ReaderIdentity = code(SITE, READER, KEY).parse().unwrap();
        assert_eq!((read.site, read.reader), (SiteId([0x51; 16]), ReaderId([0x4e; 16])));
        let hex = base16ct::lower::encode_string(&read.key.compressed());
        assert_eq!(hex, KEY);
        let long = base16ct::upper::encode_string(&read.key.uncompressed());
        assert_eq!(code(SITE, READER, &long).parse(), Ok(read));
        let more = code(SITE, READER, KEY).replacen('{', r#"{"cert": {"x": [1]}, "#, 1);
        assert_eq!(more.parse(), Ok(read));
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_it() {
        let whole = code(SITE, READER, KEY);
        let off_curve = KEY.replacen("03", "05", 1);
        for (text, wanted) in [
            (String::new(), IdentityError::NotACode),
            ("https://site.example".to_owned(), IdentityError::NotACode),
            (format!(r#"["{SITE}","{READER}","{KEY}"]"#), IdentityError::NotACode),
            (whole.replace("siteUuid", "site"), IdentityError::NotACode),
            (whole.replacen('{', &format!(r#"{{"siteUuid":"{SITE}","#), 1), IdentityError::NotACode),
            (format!("{whole}{whole}"), IdentityError::NotACode),
            (whole.replacen('{', &format!("{{{}", " ".repeat(LONGEST)), 1), IdentityError::NotACode),
            (code("", READER, KEY), IdentityError::Uuid),
            (code(SITE, "door", KEY), IdentityError::Uuid),
            (code(SITE, READER, ""), IdentityError::Key),
            (code(SITE, READER, "zz"), IdentityError::Key),
            (code(SITE, READER, KEY.trim_start_matches('0')), IdentityError::Key),
            (code(SITE, READER, &off_curve), IdentityError::Key),
        ] {
            assert_eq!(text.parse::<ReaderIdentity>(), Err(wanted), "{text}");
        }
    }
}
