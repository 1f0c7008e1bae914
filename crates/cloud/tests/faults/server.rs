use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use vestibule_cloud::{KeepError, Keeper, Kept};

use crate::secret;

/// A server that gives what a test wants: each connection is one request.
pub(crate) struct Bad {
    pub(crate) address: String,
    /// Heads and bodies of the requests that came, as text.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Bad {
    /// Answers the request with this number, counted from 0, with these bytes, and closes the connection.
    pub(crate) async fn answering(answer: impl Fn(usize, &str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read(&mut stream).await;
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    log.len() - 1
                };
                let answer = answer(number, &request);
                // Who has had enough hangs up.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { address, asked, serving }
    }

    /// The same answer for everybody.
    pub(crate) async fn always(answer: String) -> Self {
        Self::answering(move |_, _| answer.clone().into_bytes()).await
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Bad {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Head and body of a request.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

/// An answer in HTTP/1.1.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}")
}

/// JSON in HTTP/1.1.
pub(crate) fn json(status: &str, body: &str) -> String {
    answer(status, "Content-Type: application/json\r\n", body)
}

/// A problem document.
pub(crate) fn problem(status: &str, code: &str) -> String {
    let number = status.split(' ').next().unwrap();
    let body =
        format!(r#"{{"type":"urn:vestibule:problem:{code}","title":"t","status":{number},"code":"{code}"}}"#);
    answer(status, "Content-Type: application/problem+json\r\n", &body)
}

/// Tokens with these names.
pub(crate) fn tokens(access: &str, refresh: &str) -> String {
    let until = "2026-03-29T00:00:00.000Z";
    json(
        "200 OK",
        &format!(
            r#"{{"access_token":"{access}","access_until":"{until}","refresh_token":"{refresh}","refresh_until":"{until}"}}"#
        ),
    )
}

pub(crate) fn kept(access: &str, refresh: &str) -> Kept {
    let device = secret("device-0123456789");
    Kept { device, access: secret(access), refresh: secret(refresh), refresh_key: None }
}

/// Keeps everything that it was given, in order.
#[derive(Clone, Default)]
pub(crate) struct Keeps(pub(crate) Arc<Mutex<Vec<Kept>>>);

impl Keeper for Keeps {
    async fn keep(&self, kept: Kept) -> Result<(), KeepError> {
        self.0.lock().unwrap().push(kept);
        Ok(())
    }
}
