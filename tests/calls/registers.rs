//! Registration: each transport, each digest, and what is said when it fails.

use vestibule_ipc::{SaveAccount, SignOut};
use vestibule_model::{Registration, RegistrationFailure, Secret, SipTransport};
use vestibule_tests::{Kamailio, KamailioOptions, Phone, PhoneOptions};

async fn registers(transport: SipTransport, sha256: bool) {
    let kamailio = Kamailio::start(KamailioOptions { sha256 });
    let mut options = PhoneOptions::at(&kamailio);
    if let Some((account, _)) = &mut options.account {
        account.transport = transport;
    }
    Phone::start(options).await.until_registered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_udp_with_md5() {
    registers(SipTransport::Udp, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_udp_with_sha_256() {
    registers(SipTransport::Udp, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tcp_with_md5() {
    registers(SipTransport::Tcp, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_tcp_with_sha_256() {
    registers(SipTransport::Tcp, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_at_once_and_not_tried_again() {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    let (account, _) = options.account.take().unwrap();
    options.account = Some((account.clone(), "not the password".to_owned()));
    let mut phone = Phone::start(options).await;
    let failed = phone.until_registration(|now| matches!(now, Registration::Failed { .. })).await;
    assert_eq!(failed, Registration::Failed { why: RegistrationFailure::WrongPassword, retry_at: None });

    let password = Some(Secret::new(Kamailio::PASSWORD));
    phone.app.save_account(SaveAccount { account, password }).await.unwrap();
    phone.until_registered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_server_of_the_list_is_taken_when_the_first_is_down() {
    let kamailio = Kamailio::start(Default::default());
    let mut options = PhoneOptions::at(&kamailio);
    if let Some((account, _)) = &mut options.account {
        account.transport = SipTransport::Tcp;
        account.servers.insert(0, format!("127.0.0.1:{}", vestibule_tests::free_port()));
    }
    Phone::start(options).await.until_registered().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_forgets_the_account_and_the_password() {
    let kamailio = Kamailio::start(Default::default());
    let mut phone = Phone::registered(&kamailio).await;
    phone.app.sign_out(SignOut {}).await.unwrap();
    phone.until_registration(|now| *now == Registration::NotConfigured).await;
    let (account, _) = PhoneOptions::at(&kamailio).account.unwrap();
    let without_password = phone.app.save_account(SaveAccount { account, password: None }).await;
    assert_eq!(without_password.unwrap_err().code, vestibule_ipc::ErrorCode::BadAccount);
}
