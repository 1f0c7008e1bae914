use reqwest::{Method, Response};
use serde_json::json;

use crate::{Client, House};

/// A stream of events.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(client: &Client) -> Self {
        let response = client.request(Method::GET, "/v1/events").send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        Self { response, text: String::new() }
    }

    /// The name of the next event; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let name = event.lines().find_map(|line| line.strip_prefix("event: ").map(str::to_owned));
                self.text = rest.to_owned();
                if name.is_some() {
                    return name;
                }
                continue;
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn the_first_comes_at_once_and_others_with_what_changes() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let mut stream = Stream::open(&client).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
    let housemate = house.client("housemate").await;
    let guest = housemate.visitor(house.flat, json!({})).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
    house.entrance.check(json!({ "pin": guest["codes"]["pin"] })).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
}

#[tokio::test]
async fn signing_out_ends_it_and_others_are_told_nothing() {
    let house = House::new().await;
    let neighbour = house.client("neighbour").await;
    let mut stream = Stream::open(&neighbour).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
    house.client("resident").await.visitor(house.flat, json!({})).await;
    neighbour.delete("/v1/session").await.expect(204);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn it_ends_with_the_access_token() {
    let house = House::new().await;
    let mut stream = Stream::open(&house.client("resident").await).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
    house.pass(15);
    house.client("housemate").await.visitor(house.flat, json!({})).await;
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_server_that_stops_ends_it() {
    let mut house = House::new().await;
    let mut stream = Stream::open(&house.client("resident").await).await;
    assert_eq!(stream.next().await.as_deref(), Some("changed"));
    house.stop().await;
    assert_eq!(stream.next().await, None);
}
