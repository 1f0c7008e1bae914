//! PKOC: a key pair on P-256 whose private half never leaves the phone, and readers that have it sign fresh values.
//!
//! Names and octets are those of PSIA's Bluetooth LE and NFC transport profiles, with what differs in the code that PSIA
//! published before.

mod tlv;

pub use tlv::{LengthForm, Reassembler, Tlv, TlvError, tag};
