//! The phone as a key: PKOC, the Public Key Open Credential of PSIA, over Bluetooth LE and NFC.
//!
//! What is here takes bytes, `now`, randomness and a [`pkoc::Signer`], and says what to send: radios, clocks and
//! keychains are somebody else's.

pub mod pkoc;
