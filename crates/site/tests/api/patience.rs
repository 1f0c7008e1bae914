use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vestibule_site::Config;

use crate::House;

/// A house whose server waits for a second, and what it says to somebody who stops in the middle.
async fn answer_to(begun: &str) -> String {
    let mut house = House::new().await;
    house.stop().await;
    house.start(Config { patience: 1, ..Config::default() }).await;
    let mut stream = TcpStream::connect(house.base.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(begun.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // It ends only because the server closes the connection.
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let answer = answer_to("GET /v1/openapi.json HTTP/1.1\r\nHost: site.example\r\nX-Slow: ").await;
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered() {
    let head =
        "POST /v1/session HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\nContent-Length: 99\r\n\r\n";
    let answer = answer_to(&format!("{head}{{\"email\":")).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("\"too_slow\""), "{answer}");
}
