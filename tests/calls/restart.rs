//! The server goes and comes.

use vestibule_model::{Registration, SipTransport};
use vestibule_tests::{Kamailio, Phone, PhoneOptions};

async fn is_registered_again(transport: SipTransport) {
    let mut kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    if let Some((account, _)) = &mut options.account {
        account.transport = transport;
    }
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    kamailio.kill();
    phone.until_registration(|now| matches!(now, Registration::Failed { retry_at: Some(_), .. })).await;
    kamailio.restart();
    phone.until_registered().await;
    // The new server knows where to ring.
    let mut door = super::door(&kamailio).await;
    door.command("dial", "sip:flat12@site.test").await;
    phone.until_ringing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_udp_calls_ring_here_again() {
    is_registered_again(SipTransport::Udp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tcp_calls_ring_here_again() {
    is_registered_again(SipTransport::Tcp).await;
}
