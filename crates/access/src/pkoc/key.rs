use std::fmt;

use p256::ecdsa::signature::{Signer as _, Verifier};
use p256::ecdsa::{SigningKey, VerifyingKey};
use thiserror::Error;

use super::session::SessionKey;

/// A public key on P-256: a credential, a site's, a reader's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey(VerifyingKey);

/// A signature: ECDSA with SHA-256, R and S, 32 octets each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// Why octets are no key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Neither of the two lengths, the wrong first octet, or no point of the curve.
    #[error("this is no public key on P-256")]
    NoPoint,
    /// Zero, or not below the order of the curve. Of random octets that is one draw in 2³²: draw again.
    #[error("this is no private key on P-256")]
    NoScalar,
}

/// The private key cannot be used: it is locked, or gone.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the private key cannot be used")]
pub struct NoSignature;

/// Who holds a private key. It may be a chip that never gives it away.
pub trait Signer {
    /// The key that signatures are verified with.
    fn public_key(&self) -> PublicKey;

    /// Signs a message, which is not hashed yet, by ECDSA with SHA-256.
    fn sign(&self, message: &[u8]) -> Result<Signature, NoSignature>;
}

/// A private key in memory, for devices whose key lies in a keychain. Signatures are deterministic (RFC 6979).
pub struct SoftKey(SigningKey);

/// A private key for one transaction.
pub struct EphemeralKey(p256::SecretKey);

impl PublicKey {
    /// Reads a point of 65 octets (uncompressed) or 33 (compressed).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        // SEC 1 has more forms; PKOC has these.
        if !matches!((bytes.first(), bytes.len()), (Some(4), 65) | (Some(2 | 3), 33)) {
            return Err(KeyError::NoPoint);
        }
        VerifyingKey::from_sec1_bytes(bytes).map(Self).map_err(|_| KeyError::NoPoint)
    }

    /// The point with both coordinates.
    pub fn uncompressed(&self) -> [u8; 65] {
        let mut bytes = [0; 65];
        bytes.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        bytes
    }

    /// The point as X and a sign.
    pub fn compressed(&self) -> [u8; 33] {
        let mut bytes = [0; 33];
        bytes.copy_from_slice(self.0.to_sec1_point(true).as_bytes());
        bytes
    }

    /// The first coordinate.
    pub(crate) fn x(&self) -> [u8; 32] {
        let [_, x @ ..] = self.compressed();
        x
    }

    /// Whether its holder signed this message.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        p256::ecdsa::Signature::from_slice(&signature.0)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    /// Without its octets: a credential is the name of a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(…)")
    }
}

impl SoftKey {
    /// Takes a private key of 32 octets.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        SigningKey::from_slice(bytes).map(Self).map_err(|_| KeyError::NoScalar)
    }
}

impl Signer for SoftKey {
    fn public_key(&self) -> PublicKey {
        PublicKey(*self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, NoSignature> {
        let signature: p256::ecdsa::Signature = self.0.try_sign(message).map_err(|_| NoSignature)?;
        Ok(Signature(signature.to_bytes().into()))
    }
}

impl fmt::Debug for SoftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SoftKey(***)")
    }
}

impl EphemeralKey {
    /// Makes a key of 32 random octets, which are used for nothing else.
    pub fn from_random(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        p256::SecretKey::from_slice(bytes).map(Self).map_err(|_| KeyError::NoScalar)
    }

    /// Its public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key().into())
    }

    /// The key that this one and the peer's agree on. It uses this one up.
    pub(crate) fn agree(self, peer: &PublicKey) -> SessionKey {
        SessionKey::derive(&self.0.diffie_hellman(&peer.0.into()))
    }
}

impl fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EphemeralKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(octet: u8) -> SoftKey {
        SoftKey::from_bytes(&[octet; 32]).unwrap()
    }

    #[test]
    fn a_point_has_two_forms_and_no_other() {
        let public = key(1).public_key();
        assert_eq!(PublicKey::from_bytes(&public.compressed()), Ok(public));
        assert_eq!(PublicKey::from_bytes(&public.uncompressed()), Ok(public));
        let mut hybrid = public.uncompressed();
        hybrid[0] = 6 + (hybrid[64] & 1);
        let mut compact = public.compressed();
        compact[0] = 5;
        let mut off_curve = public.uncompressed();
        off_curve[64] ^= 1;
        for bytes in [&hybrid[..], &compact, &off_curve, &[0], &[], &public.compressed()[..32]] {
            assert_eq!(PublicKey::from_bytes(bytes), Err(KeyError::NoPoint), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_private_key_is_below_the_order() {
        assert_eq!(SoftKey::from_bytes(&[0; 32]).unwrap_err(), KeyError::NoScalar);
        assert_eq!(EphemeralKey::from_random(&[0xff; 32]).unwrap_err(), KeyError::NoScalar);
    }

    #[test]
    fn a_signature_is_for_one_message_and_one_key() {
        let signature = key(1).sign(b"open").unwrap();
        assert!(key(1).public_key().verifies(b"open", &signature));
        assert!(!key(1).public_key().verifies(b"shut", &signature));
        assert!(!key(2).public_key().verifies(b"open", &signature));
        assert!(!key(1).public_key().verifies(b"open", &Signature([0; 64])));
    }

    #[test]
    fn debug_shows_no_key() {
        let ephemeral = EphemeralKey::from_random(&[3; 32]).unwrap();
        let shown = format!("{:?} {ephemeral:?} {:?}", key(1), key(1).public_key());
        assert_eq!(shown, "SoftKey(***) EphemeralKey(***) PublicKey(…)");
    }
}
