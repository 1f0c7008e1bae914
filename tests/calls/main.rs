//! The app against real SIP peers: baresip as the intercom, Kamailio as registrar and proxy.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a fixture may stop at the first surprise, as the tests that use it do"
)]

mod busy;
mod cancel;
mod codecs;
mod decline;
mod dials;
mod digits;
mod hold;
mod loss;
mod registers;
mod restart;
mod rings;
mod strangers;
mod talks;
mod vanishes;

use vestibule_tests::{Baresip, BaresipOptions, Kamailio, Phone};

/// The intercom of `site.test`, not registered: it calls through the proxy.
async fn door(kamailio: &Kamailio) -> Baresip {
    Baresip::start(door_options(kamailio)).await
}

fn door_options(kamailio: &Kamailio) -> BaresipOptions {
    BaresipOptions {
        domain: Kamailio::DOMAIN.to_owned(),
        proxy: Some(kamailio.address().to_string()),
        ..BaresipOptions::default()
    }
}

/// Registrar, phone and door, with the door calling.
async fn ringing() -> (Kamailio, Phone, Baresip) {
    let kamailio = Kamailio::start(Default::default());
    let phone = Phone::registered(&kamailio).await;
    let mut door = door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    (kamailio, phone, door)
}
