use serde_json::json;
use vestibule_site::{Config, Mail, MailTls};

use crate::House;

#[tokio::test]
async fn a_report_gets_a_number_that_counts_up_in_the_site() {
    let house = House::new().await;
    let resident = house.client("resident").await;
    let report = json!({ "description": "No sound.\nSince today.", "email": "resident@site.example",
        "diagnostics": ["audio: none", "video: 25/s"] });
    let made = resident.post("/v1/tickets", report.clone()).await.expect(201);
    assert_eq!((&made["number"], &made["at"]), (&json!("1-000001"), &json!("2026-03-23T12:00:00.000Z")));
    assert_eq!(made["diagnostics"], report["diagnostics"]);
    let neighbour = house.client("neighbour").await;
    assert_eq!(neighbour.post("/v1/tickets", report.clone()).await.expect(201)["number"], "1-000002");
    let stranger = house.client("stranger").await;
    assert_eq!(stranger.post("/v1/tickets", report).await.expect(201)["number"], "2-000001");
    assert_eq!(resident.get("/v1/tickets").await.expect(200)["items"], json!([made]));
}

#[tokio::test]
async fn what_is_no_report_is_refused_by_its_field() {
    let house = House::new().await;
    let client = house.client("resident").await;
    for (more, field) in [
        (json!({ "description": " " }), "description"),
        (json!({ "description": "x".repeat(4001) }), "description"),
        (json!({ "email": "nobody" }), "email"),
        (json!({ "email": "a b@site.example" }), "email"),
        (json!({ "diagnostics": ["a\nb"] }), "diagnostics"),
        (json!({ "diagnostics": vec![""; 501] }), "diagnostics"),
        (json!({ "diagnostics": ["x".repeat(501)] }), "diagnostics"),
    ] {
        let mut report = json!({ "description": "No sound", "email": "a@site.example" });
        report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = client.post("/v1/tickets", report).await;
        assert_eq!(answer.json["field"], field);
        assert_eq!(answer.problem(), (422, "value_invalid".into()));
    }
}

#[tokio::test]
async fn reports_come_so_often_and_then_once_in_a_while() {
    let house = House::new().await;
    let client = house.client("resident").await;
    let report = json!({ "description": "No sound", "email": "a@site.example" });
    for _ in 0..5 {
        client.post("/v1/tickets", report.clone()).await.expect(201);
    }
    let late = client.post("/v1/tickets", report.clone()).await;
    assert_eq!(late.headers["retry-after"], "600");
    late.expect(429);
    house.pass(10);
    client.post("/v1/tickets", report).await.expect(201);
}

#[tokio::test]
async fn a_mail_server_that_is_down_is_in_nobody_s_way() {
    let mut house = House::new().await;
    house.stop().await;
    // A port that was free a moment ago: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mail = Mail {
        server: "127.0.0.1".into(),
        port: Some(port),
        tls: MailTls::None,
        user: None,
        password_file: None,
        from: "house@site.example".into(),
    };
    house.start(Config { mail: Some(mail), ..Config::default() }).await;
    let resident = house.client("resident").await;
    let report = json!({ "description": "No sound", "email": "a@site.example" });
    let made = resident.post("/v1/tickets", report).await.expect(201);
    assert_eq!(resident.get("/v1/tickets").await.expect(200)["items"], json!([made]));
    // The mail waits: it is still there when the server was stopped in the middle of its tries.
    house.stop().await;
    let file = rusqlite::Connection::open(house.data.database()).unwrap();
    let waiting: i64 = file.query_row("SELECT count(*) FROM mail", [], |row| row.get(0)).unwrap();
    assert_eq!(waiting, 1);
}
