use std::time::Duration;

use tokio::net::TcpListener;
use vestibule_cloud::{Client, CloudError, Session};
use vestibule_model::api::ProblemCode;

use crate::server::{Bad, Keeps, answer, json, kept, problem};
use crate::session;

/// What a question comes back with from a server that always answers so.
async fn fails(answer: String) -> CloudError {
    let bad = Bad::always(answer).await;
    session(&bad).snapshot().await.unwrap_err()
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(address.parse().unwrap()).unwrap();
    let session = Session::resume(client, Keeps::default(), kept("access-0", "refresh-0"));
    let error = session.snapshot().await.unwrap_err();
    assert!(matches!(error, CloudError::Offline(_)), "{error:?}");
    assert!(error.is_passing());
}

#[tokio::test]
async fn a_name_that_nobody_has() {
    let client = Client::new("https://nobody.invalid".parse().unwrap()).unwrap();
    let session = Session::resume(client, Keeps::default(), kept("access-0", "refresh-0"));
    let error = session.snapshot().await.unwrap_err();
    assert!(matches!(error, CloudError::Offline(_)), "{error:?}");
}

#[tokio::test]
async fn answers_that_are_none() {
    for said in ["", "HTTP/1.1 200", "SSH-2.0-nothing\r\n", "\0\0\0\0"] {
        let error = fails(said.to_owned()).await;
        assert!(matches!(error, CloudError::Offline(_)), "{said:?}: {error:?}");
    }
}

#[tokio::test]
async fn half_a_body_is_no_answer() {
    let whole = json("200 OK", r#"{"cursor":"1.1","user":{}}"#);
    let error = fails(whole.strip_suffix(r#"":{}}"#).unwrap().to_owned()).await;
    assert!(matches!(error, CloudError::Offline(_)), "{error:?}");
}

#[tokio::test]
async fn wrong_shapes_are_told_apart_from_failures() {
    for said in [
        json("200 OK", "{}"),
        json("200 OK", "[1, 2"),
        json("200 OK", ""),
        answer("200 OK", "Content-Type: text/html\r\n", "<html>Welcome to the hotel</html>"),
        answer("204 No Content", "", ""),
        answer("404 Not Found", "Content-Type: text/html\r\n", "<html>nothing here</html>"),
        answer("302 Found", "Location: https://elsewhere.example/\r\n", ""),
        answer("301 Moved Permanently", "Location: /v2\r\nContent-Type: application/json\r\n", "{}"),
    ] {
        let error = fails(said.clone()).await;
        assert!(matches!(error, CloudError::Shape(_)), "{said}: {error:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let aim = Bad::always(json("200 OK", "{}")).await;
    let bad =
        Bad::always(answer("307 Temporary Redirect", &format!("Location: {}/\r\n", aim.address), "")).await;
    session(&bad).snapshot().await.unwrap_err();
    assert_eq!((bad.requests().len(), aim.requests().len()), (1, 0));
}

#[tokio::test]
async fn what_never_ends_is_not_read_to_the_end() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let announced = format!("{head}Content-Length: 99999999999\r\n\r\n{{");
    let error = fails(announced).await;
    assert!(matches!(error, CloudError::TooLong(_)), "{error:?}");
    let told_by_its_end = format!("{head}Connection: close\r\n\r\n\"{}", "x".repeat((32 << 20) + 1));
    let error = fails(told_by_its_end).await;
    assert!(matches!(error, CloudError::TooLong(_)), "{error:?}");
}

#[tokio::test]
async fn servers_that_ask_for_a_pause_get_it() {
    for (said, wanted) in [
        (answer("429 Too Many Requests", "Retry-After: 7\r\n", ""), Some(7)),
        (answer("429 Too Many Requests", "", ""), Some(30)),
        (answer("503 Service Unavailable", "Retry-After: 99999999\r\n", ""), Some(3600)),
        (answer("503 Service Unavailable", "", ""), None),
        (answer("500 Internal Server Error", "", "oh"), None),
        (answer("502 Bad Gateway", "Content-Type: text/html\r\n", "<html>"), None),
    ] {
        let error = fails(said.clone()).await;
        match wanted {
            Some(seconds) => {
                let asked = Duration::from_secs(seconds);
                assert!(
                    matches!(error, CloudError::RetryAfter(pause) if pause == asked),
                    "{said}: {error:?}"
                );
            }
            None => assert!(matches!(error, CloudError::Server(500..)), "{said}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn problems_are_told_by_their_code() {
    let error = fails(problem("403 Forbidden", "forbidden")).await;
    assert_eq!(error.problem(), Some(ProblemCode::Forbidden));
    assert!(!error.is_passing());
    let error = fails(problem("503 Service Unavailable", "no_pin_free")).await;
    assert_eq!(error.problem(), Some(ProblemCode::NoPinFree));
    let error = fails(problem("418 Teapot", "something_newer")).await;
    assert_eq!(error.problem(), Some(ProblemCode::Unknown));
}

#[tokio::test]
async fn errors_say_nothing_secret() {
    let pin = r#"{"cursor":"1.1","visitors":[{"codes":{"pin":"86421"}}]}"#;
    let said = [json("200 OK", pin), json("200 OK", r#"{"access_token":"hush"}"#)];
    for said in said {
        let error = fails(said).await;
        let text = format!("{error} {error:?}");
        for secret in ["86421", "hush", "access-0", "device-0123456789"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
