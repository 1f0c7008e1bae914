use aes::Aes256;
use ccm::Ccm;
use ccm::aead::{Aead, KeyInit};
use ccm::consts::{U12, U16};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

type Aes256Ccm = Ccm<Aes256, U16, U12>;

/// The first eight octets of every nonce.
const PREFIX: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
/// The counter of a phone's message, which is the only one under the key.
const FIRST: u32 = 1;

/// What phone and reader agreed on: AES-256-CCM with a tag of 16 octets, and no associated data.
pub(crate) struct SessionKey(Zeroizing<[u8; 32]>);

/// The octets are not what the peer sealed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotSealed;

impl SessionKey {
    /// SHA-256 of the first coordinate of the point that both sides reach.
    pub(crate) fn derive(shared: &p256::ecdh::SharedSecret) -> Self {
        Self(Zeroizing::new(Sha256::digest(shared.raw_secret_bytes()).into()))
    }

    /// Seals a transaction's one message.
    pub(crate) fn seal(&self, message: &[u8]) -> Result<Vec<u8>, NotSealed> {
        self.cipher().encrypt(&nonce(FIRST).into(), message).map_err(|_| NotSealed)
    }

    /// Opens it.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, NotSealed> {
        self.cipher().decrypt(&nonce(FIRST).into(), sealed).map_err(|_| NotSealed)
    }

    fn cipher(&self) -> Aes256Ccm {
        Aes256Ccm::new((&*self.0).into())
    }
}

fn nonce(counter: u32) -> [u8; 12] {
    let mut nonce = [0; 12];
    let (prefix, last) = nonce.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(&PREFIX);
    last.copy_from_slice(&counter.to_be_bytes());
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nonce_is_the_prefix_and_the_counter() {
        assert_eq!(nonce(1), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        assert_eq!(nonce(0x0102_0304)[8..], [1, 2, 3, 4]);
    }

    #[test]
    fn what_was_changed_is_not_opened() {
        let key = SessionKey(Zeroizing::new([5; 32]));
        let sealed = key.seal(b"credential").unwrap();
        assert_eq!(sealed.len(), 10 + 16);
        assert_eq!(key.open(&sealed).as_deref(), Ok(&b"credential"[..]));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(&changed), Err(NotSealed), "octet {at}");
        }
        assert_eq!(key.open(&sealed[..15]), Err(NotSealed));
        assert_eq!(SessionKey(Zeroizing::new([6; 32])).open(&sealed), Err(NotSealed));
    }
}
