//! Whatever comes in, nothing breaks, and nothing opens.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn flow() -> impl Strategy<Value = Flow> {
    prop_oneof![Just(Flow::Normal), Just(Flow::SiteKey), Just(certified())]
}

/// Octets that look like the protocol's often enough to get somewhere.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let known = prop_oneof![0..=16_u8, Just(0x40_u8), Just(0x80_u8)];
    let tlv = (known, vec(any::<u8>(), 0..200), any::<bool>()).prop_map(|(tag, value, ber)| {
        let form = if ber { LengthForm::Ber } else { LengthForm::OneOctet };
        Tlv { tag, value }.to_bytes(form)
    });
    prop_oneof![vec(any::<u8>(), 0..600), tlv]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_noise_proves_a_reader(flow in flow(), after in 0..2_usize, parts in vec(noise(), 1..6)) {
        let now = Instant::now();
        let (_, hello) = Reader::new(station_for(&flow), ephemeral(0x72), now);
        let ReaderAction::Send(hello) = hello else { panic!("a reader says hello") };
        let proves = flow != Flow::Normal;
        let mut phone = Phone::new(visit(flow), now);
        let mut actions = if after > 0 { phone.receive(&hello, now) } else { Vec::new() };
        for part in parts {
            actions.extend(phone.receive(&part, now));
        }
        let opened = actions.iter().any(|action| {
            matches!(action, PhoneAction::Over(Outcome::Granted | Outcome::Completed))
        });
        prop_assert!(!(proves && opened), "{actions:?}");
    }

    #[test]
    fn no_noise_is_a_credential(flow in flow(), parts in vec(noise(), 1..6)) {
        let now = Instant::now();
        let (mut reader, _) = Reader::new(station_for(&flow), ephemeral(0x72), now);
        for part in parts {
            for action in reader.receive(&part, now) {
                prop_assert!(!matches!(action, ReaderAction::Check(_)), "{action:?}");
            }
        }
    }

    #[test]
    fn cuts_do_not_matter_to_tlvs(bytes in vec(any::<u8>(), 0..600), size in 1..50_usize) {
        let read = |parts: &mut dyn Iterator<Item = &[u8]>| {
            let mut inbox = Reassembler::default();
            let mut read = Vec::new();
            for part in parts {
                inbox.push(part).map_err(|error| (read.clone(), error))?;
                while let Some(tlv) = inbox.take().map_err(|error| (read.clone(), error))? {
                    read.push(tlv);
                }
            }
            Ok::<_, (Vec<Tlv>, TlvError)>(read)
        };
        prop_assert_eq!(read(&mut std::iter::once(&bytes[..])), read(&mut bytes.chunks(size)));
    }

    #[test]
    fn a_card_answers_everything(apdus in vec(vec(any::<u8>(), 0..300), 0..6), selected: bool) {
        let certificate = CvCertificate::from_bytes(&[0x7f, 0x21, 1, 1]).ok();
        let mut card = Card::new(key(OF_PHONE), certificate);
        if selected {
            card.answer(&[0, 0xa4, 4, 0, 8, 0xa0, 0, 0, 8, 0x98, 0, 0, 1, 0]);
        }
        for apdu in apdus {
            prop_assert!(card.answer(&apdu).bytes.len() >= 2);
        }
    }

    #[test]
    fn other_octets_are_refused(bytes in vec(any::<u8>(), 0..300)) {
        if let Ok(read) = ReaderCertificate::parse(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes.clone());
        }
        prop_assert!(String::from_utf8_lossy(&bytes).parse::<ReaderIdentity>().is_err());
    }
}
