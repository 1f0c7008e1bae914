use std::net::SocketAddr;

use tokio::net::UdpSocket;
use vestibule_model::{Registration, RegistrationFailure, Secret, SipTransport};
use vestibule_sip::{CallEvent, Config, DigestAlgorithm, HangUp, StartError, UserAgent};

use crate::harness::{
    account, config, event, house, loopback, registered, registrar, resident, soon, start, talk, wait_until,
};

#[tokio::test]
async fn with_both_algorithms_over_both_transports() {
    for algorithm in [DigestAlgorithm::Md5, DigestAlgorithm::Sha256] {
        for transport in [SipTransport::Udp, SipTransport::Tcp] {
            let door = registrar(algorithm, loopback()).await;
            let flat = resident(door.agent.local_addr(), transport).await;
            assert_eq!(*door.agent.bindings().borrow(), ["flat12"]);
            assert_eq!(door.agent.counters().wrong_credentials, 0);
            let mut bindings = door.agent.bindings();
            flat.agent.stop().await;
            assert_eq!(*flat.agent.registration().borrow(), Registration::Unregistered);
            soon("un-registration", bindings.wait_for(Vec::is_empty)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn says_a_wrong_password_at_once_and_does_not_try_again() {
    let door = registrar(DigestAlgorithm::Md5, loopback()).await;
    let mut wrong = account("flat12", "127.0.0.1", door.agent.local_addr());
    wrong.password = Secret::new("wrong");
    let flat = start(Config { account: Some(wrong), ..config() }).await;
    let failed = |state: &Registration| matches!(state, Registration::Failed { .. });
    let state = wait_until(flat.agent.registration(), failed).await;
    assert_eq!(state, Registration::Failed { why: RegistrationFailure::WrongPassword, retry_at: None });
    assert_eq!(door.agent.counters().wrong_credentials, 1);
}

#[tokio::test]
async fn takes_the_next_server_when_the_first_is_silent() {
    let silent = UdpSocket::bind(loopback()).await.unwrap();
    let door = registrar(DigestAlgorithm::Sha256, loopback()).await;
    let mut two = account("flat12", "127.0.0.1", silent.local_addr().unwrap());
    two.settings.servers.push(door.agent.local_addr().to_string());
    let flat = start(Config { account: Some(two), ..config() }).await;
    registered(&flat.agent).await;
}

#[tokio::test]
async fn again_when_the_server_comes_back() {
    for transport in [SipTransport::Udp, SipTransport::Tcp] {
        let (door, flat) = house(transport).await;
        let address = door.agent.local_addr();
        door.agent.stop().await;
        drop(door);
        flat.agent.re_register();
        let failed = |state: &Registration| matches!(state, Registration::Failed { .. });
        let state = wait_until(flat.agent.registration(), failed).await;
        let Registration::Failed { why, retry_at } = state else { panic!("not failed") };
        assert_eq!(why, RegistrationFailure::Unreachable);
        assert!(retry_at.is_some());
        let _door = registrar(DigestAlgorithm::Sha256, address).await;
        registered(&flat.agent).await;
    }
}

#[tokio::test]
async fn at_once_over_tcp_when_the_server_was_restarted() {
    let (door, flat) = house(SipTransport::Tcp).await;
    let address = door.agent.local_addr();
    door.agent.stop().await;
    drop(door);
    let door = registrar(DigestAlgorithm::Sha256, address).await;
    let mut bindings = door.agent.bindings();
    soon("binding", bindings.wait_for(|users| users == &["flat12"])).await.unwrap();
    drop(flat);
}

#[tokio::test]
async fn on_udp_within_seconds_when_the_server_was_restarted_and_forgot() {
    let (door, flat) = house(SipTransport::Udp).await;
    let address = door.agent.local_addr();
    door.agent.stop().await;
    drop(door);
    let door = registrar(DigestAlgorithm::Sha256, address).await;
    let mut bindings = door.agent.bindings();
    soon("binding", bindings.wait_for(|users| users == &["flat12"])).await.unwrap();
    assert!(matches!(*flat.agent.registration().borrow(), Registration::Registered { .. }));
}

#[tokio::test]
async fn a_server_without_a_name_is_said() {
    let mut nowhere = account("flat12", "nowhere.invalid", loopback());
    nowhere.settings.servers.clear();
    let flat = start(Config { account: Some(nowhere), ..config() }).await;
    let failed = |state: &Registration| matches!(state, Registration::Failed { .. });
    let state = wait_until(flat.agent.registration(), failed).await;
    assert!(matches!(state, Registration::Failed { why: RegistrationFailure::NoSuchServer, .. }));
}

#[tokio::test]
async fn frees_its_port_and_says_when_one_is_taken() {
    let first = start(config()).await;
    let listen: SocketAddr = first.agent.local_addr();
    let taken = UserAgent::start(Config { listen, ..config() }).await;
    assert!(matches!(taken.err(), Some(StartError::Listen { .. })));
    first.agent.stop().await;
    start(Config { listen, ..config() }).await;
}

#[tokio::test]
async fn listening_on_every_address_it_is_found_at_the_right_one() {
    for transport in [SipTransport::Udp, SipTransport::Tcp] {
        let door = registrar(DigestAlgorithm::Md5, loopback()).await;
        let mut account = account("flat12", "127.0.0.1", door.agent.local_addr());
        account.settings.transport = transport;
        let listen = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut flat = start(Config { account: Some(account), listen, ..config() }).await;
        registered(&flat.agent).await;
        assert_eq!(flat.agent.local_ip(None).await, door.agent.local_addr().ip());
        let (caller, mut callee) = talk(&door, &mut flat).await;
        drop(caller);
        assert!(matches!(event(&mut callee).await, CallEvent::Ended(HangUp::Remote)));
    }
}
