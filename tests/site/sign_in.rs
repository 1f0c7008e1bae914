use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vestibule_ipc::{
    Error, ErrorCode, ListContacts, ListVisitors, SaveVisitor, SignIn, SignInWith, SignedIn,
};
use vestibule_model::{PhoneState, Secret};
use vestibule_tests::wait_until;

use crate::building::{Building, PASSWORD};
use crate::resident::{Resident, visitor};

fn code(result: Result<SignedIn, Error>) -> ErrorCode {
    result.expect_err("it was refused").code
}

fn by_password(server: &str) -> SignIn {
    let (email, password) = ("resident@site.example".to_owned(), Secret::new(PASSWORD));
    SignIn { with: SignInWith::Password { server: server.to_owned(), email, password, code: None } }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_shows_the_building() {
    let building = Building::new().await;
    let resident = Resident::new(&building).await;
    assert_eq!(resident.site().await, None);
    assert_eq!(resident.sign_in("resident", PASSWORD, None).await, Ok(SignedIn::Done));
    let site = resident.site().await.unwrap();
    assert_eq!((site.name.as_str(), site.pin_length, site.signed_in), ("Sample house", 5, true));
    assert_eq!(site.apartments.len(), 1);
    assert_eq!(site.devices[0].name, "Main entrance");
    let contacts = resident.app.list_contacts(ListContacts {}).await.unwrap();
    assert_eq!(contacts[0].name, "Office");
    resident.until_online().await;
    // No calls come by a server without an exchange, and that is said.
    wait_until("the configuration", || async {
        resident.site().await.is_some_and(|site| site.phone.state == PhoneState::NoExchange)
    })
    .await;
    assert_eq!(code(resident.sign_in("resident", PASSWORD, None).await), ErrorCode::WrongPhase);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_apart() {
    let building = Building::new().await;
    let resident = Resident::new(&building).await;
    assert_eq!(code(resident.sign_in("resident", "wrong horse", None).await), ErrorCode::SignInRefused);
    assert_eq!(code(resident.sign_in("nobody", PASSWORD, None).await), ErrorCode::SignInRefused);
    for (server, wanted) in [
        ("http://site.example", ErrorCode::NotSecure),
        ("nothing at all", ErrorCode::BadValue),
        ("https://me:hush@127.0.0.1", ErrorCode::BadValue),
    ] {
        assert_eq!(code(resident.app.sign_in(by_password(server)).await), wanted, "{server}");
    }
    resident.wire.cut();
    assert_eq!(code(resident.sign_in("resident", PASSWORD, None).await), ErrorCode::Network);
    assert_eq!((resident.site().await, resident.kept_session()), (None, None));
    assert_eq!(resident.app.list_visitors(ListVisitors {}).await.unwrap(), []);
    let visitor = visitor(building.flat, "Guest");
    let refused = resident.app.save_visitor(SaveVisitor { visitor }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoSite);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_is_no_site_server() {
    let building = Building::new().await;
    let resident = Resident::new(&building).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
            let _ = stream.write_all(page.as_bytes()).await;
        }
    });
    assert_eq!(code(resident.app.sign_in(by_password(&server)).await), ErrorCode::NotASiteServer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for() {
    let building = Building::new().await;
    let somebody = building.somebody("resident", "somebody-elses-device").await;
    let secret = somebody.ask("POST", "totp", Some(json!({}))).await;
    let otpauth = secret["otpauth"].as_str().unwrap();
    let first = totp(otpauth, &building, 0);
    somebody.ask("POST", "totp/confirm", Some(json!({ "code": first }))).await;

    let resident = Resident::new(&building).await;
    assert_eq!(resident.sign_in("resident", PASSWORD, None).await, Ok(SignedIn::CodeNeeded));
    assert_eq!(resident.site().await, None);
    assert_eq!(code(resident.sign_in("resident", PASSWORD, Some("000000")).await), ErrorCode::CodeWrong);
    building.pass(1);
    let next = totp(otpauth, &building, 0);
    assert_eq!(resident.sign_in("resident", PASSWORD, Some(&next)).await, Ok(SignedIn::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_in_once() {
    let building = Building::new().await;
    let household = building.somebody("household", "somebody-elses-device").await;
    let users = household.ask("GET", "users", None).await;
    let user = users["items"].as_array().unwrap().iter().find(|user| user["name"] == "resident").unwrap();
    let made = household.ask("POST", "provisioning-links", Some(json!({ "user": user["id"] }))).await;
    let link = || SignIn { with: SignInWith::Link { link: Secret::new(made["link"].as_str().unwrap()) } };

    let resident = Resident::new(&building).await;
    assert_eq!(resident.app.sign_in(link()).await, Ok(SignedIn::Done));
    resident.until_online().await;
    let late = Resident::new(&building).await;
    assert_eq!(code(late.app.sign_in(link()).await), ErrorCode::LinkInvalid);
    for (text, wanted) in [
        ("https://site.example", ErrorCode::BadValue),
        ("vestibule://provision?server=http%3A%2F%2Fsite.example&token=a", ErrorCode::NotSecure),
    ] {
        let with = SignInWith::Link { link: Secret::new(text) };
        assert_eq!(code(late.app.sign_in(SignIn { with }).await), wanted, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_it_was_also_when_the_token_is_over() {
    let building = Building::new().await;
    let mut resident = Resident::signed_in(&building, "resident").await;
    let before = resident.kept_session().unwrap();
    building.pass(20);
    resident.restart().await;
    assert!(resident.site().await.is_some(), "the cache has it at once");
    resident.until_online().await;
    assert_ne!(resident.kept_session().unwrap(), before, "the tokens are others");
}

/// The code of an authenticator at the server's time (RFC 6238).
fn totp(otpauth: &str, building: &Building, steps: i64) -> String {
    let secret = otpauth.split("secret=").nth(1).unwrap().split('&').next().unwrap();
    let mut bits = 0_u64;
    let mut count = 0;
    let mut key = Vec::new();
    for character in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == character).unwrap();
        bits = (bits << 5) | value as u64;
        count += 5;
        if count >= 8 {
            count -= 8;
            key.push((bits >> count) as u8);
        }
    }
    let step = building.now() / 30_000 + steps;
    let mac = Hmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(step.to_be_bytes()).finalize();
    let mac = mac.into_bytes();
    let at = usize::from(mac[19] & 15);
    let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}
