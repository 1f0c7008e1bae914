use vestibule_cloud::{CloudError, Heard, Session};
use vestibule_model::VisitorId;

use crate::server::{Bad, Keeps, answer, json, kept, problem, tokens};
use crate::{client, session};

const PAGE: &str = r#"{"items":[],"next":null}"#;

fn is_refresh(request: &str) -> bool {
    request.starts_with("POST /v1/session/refresh ")
}

/// The value of a header of a request.
fn header<'a>(request: &'a str, wanted: &str) -> &'a str {
    let mut lines = request.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value).unwrap()
}

/// Takes access token 1 alone, which the first refresh gives.
fn wants_the_next(request: &str) -> Vec<u8> {
    match request {
        request if is_refresh(request) => tokens("access-1", "refresh-1"),
        request if header(request, "authorization") == "Bearer access-1" => json("200 OK", PAGE),
        _ => problem("401 Unauthorized", "token_invalid"),
    }
    .into_bytes()
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_for_all_who_ask() {
    let bad = Bad::answering(|_, request| wants_the_next(request)).await;
    let session = session(&bad);
    let ask = || session.access(None, 50);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    for answer in [a, b, c, d] {
        assert_eq!(answer.unwrap().items, []);
    }
    assert_eq!(bad.requests().iter().filter(|request| is_refresh(request)).count(), 1);
}

#[tokio::test]
async fn who_asks_beside_another_program_never_renews() {
    let bad = Bad::answering(|_, request| wants_the_next(request)).await;
    let keeps = Keeps::default();
    let late = Session::beside(client(&bad), keeps.clone(), kept("access-0", "refresh-0"));
    assert!(matches!(late.access(None, 50).await, Err(CloudError::NotRenewed)));
    let in_time = Session::beside(client(&bad), keeps.clone(), kept("access-1", "refresh-1"));
    assert_eq!(in_time.access(None, 50).await.unwrap().items, []);
    assert!(!bad.requests().iter().any(|request| is_refresh(request)));
    assert!(keeps.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_key_of_a_refresh_is_kept_before_it_is_sent() {
    let keeps = Keeps::default();
    let log = keeps.clone();
    let bad = Bad::answering(move |_, request| {
        if is_refresh(request) {
            let kept = log.0.lock().unwrap().last().cloned().expect("something is kept");
            assert_eq!(kept.refresh_key.unwrap().reveal(), header(request, "idempotency-key"));
        }
        wants_the_next(request)
    })
    .await;
    let first = kept("access-0", "refresh-0");
    let session = vestibule_cloud::Session::resume(client(&bad), keeps.clone(), first.clone());
    session.access(None, 50).await.unwrap();
    let kept_in_order = keeps.0.lock().unwrap().clone();
    assert_eq!(kept_in_order.len(), 2);
    assert_eq!((&kept_in_order[0].refresh, &kept_in_order[0].access), (&first.refresh, &first.access));
    assert_eq!(kept_in_order[1], kept("access-1", "refresh-1"));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_with_the_same_key_also_after_a_restart() {
    // The first refresh is cut off in the middle of its answer.
    let bad = Bad::answering(|number, request| match number {
        1 => tokens("access-1", "refresh-1").into_bytes()[..60].to_vec(),
        _ => wants_the_next(request),
    })
    .await;
    let keeps = Keeps::default();
    let before = vestibule_cloud::Session::resume(client(&bad), keeps.clone(), kept("access-0", "refresh-0"));
    assert!(matches!(before.access(None, 50).await, Err(CloudError::Offline(_))));
    drop(before);
    let last = keeps.0.lock().unwrap().last().cloned().unwrap();
    let after = vestibule_cloud::Session::resume(client(&bad), keeps.clone(), last);
    after.access(None, 50).await.unwrap();
    let refreshes: Vec<String> = bad.requests().into_iter().filter(|request| is_refresh(request)).collect();
    let [first, second] = &refreshes[..] else { panic!("{refreshes:?}") };
    assert_eq!(header(first, "idempotency-key"), header(second, "idempotency-key"));
    assert_eq!(first.split("\r\n\r\n").nth(1), second.split("\r\n\r\n").nth(1));
}

#[tokio::test]
async fn a_refresh_that_is_refused_ends_the_session_and_asks_no_more() {
    let bad = Bad::answering(|_, request| {
        let code = if is_refresh(request) { "refresh_refused" } else { "token_invalid" };
        problem("401 Unauthorized", code).into_bytes()
    })
    .await;
    let session = session(&bad);
    for _ in 0..3 {
        assert!(matches!(session.snapshot().await, Err(CloudError::SignedOut)));
    }
    assert_eq!(bad.requests().len(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_its_own_tokens_is_not_asked_for_ever() {
    let bad = Bad::answering(|_, request| {
        if is_refresh(request) {
            return tokens("access-1", "refresh-1").into_bytes();
        }
        problem("401 Unauthorized", "token_invalid").into_bytes()
    })
    .await;
    let error = session(&bad).snapshot().await.unwrap_err();
    assert!(error.is_passing(), "{error:?}");
    assert_eq!(bad.requests().len(), 3);
}

#[tokio::test]
async fn a_visitor_that_is_gone_is_no_error() {
    let bad = Bad::always(problem("404 Not Found", "not_found")).await;
    assert_eq!(session(&bad).visitor(VisitorId(7)).await.unwrap(), None);
}

#[tokio::test]
async fn a_stream_tells_of_changes_until_it_ends_or_breaks() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    let event = "event: changed\ndata: {}\n\n";
    let chunk = format!("{:x}\r\n{event}\r\n", event.len());
    let bad = Bad::always(format!("{head}{chunk}9\r\n: alive\n\n\r\n0\r\n\r\n")).await;
    let mut events = session(&bad).events().await.unwrap();
    assert_eq!(events.next().await.unwrap(), Some(Heard::Changed));
    assert_eq!(events.next().await.unwrap(), Some(Heard::Alive));
    assert_eq!(events.next().await.unwrap(), None);

    let bad = Bad::always(format!("{head}{chunk}")).await;
    let mut events = session(&bad).events().await.unwrap();
    assert_eq!(events.next().await.unwrap(), Some(Heard::Changed));
    assert!(matches!(events.next().await, Err(CloudError::Offline(_))));

    let bad = Bad::always(answer("200 OK", "Content-Type: text/html\r\n", "<html>")).await;
    assert!(matches!(session(&bad).events().await, Err(CloudError::Shape(_))));
}
