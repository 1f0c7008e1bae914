use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Licence, Role, Site, SiteId, SiteKind, User, UserId,
};
use vestibule_model::{ApartmentId, ContactPurpose, DeviceKind, DeviceStatus, Language, Secret};
use vestibule_site::{Admin, Clock, Config, Data, Server};
use vestibule_tests::http;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A building with a site server.
pub(crate) struct Building {
    pub(crate) admin: Admin,
    pub(crate) flat: ApartmentId,
    pub(crate) address: SocketAddr,
    pub(crate) data: Data,
    pub(crate) dir: TempDir,
    door: String,
    clock: Arc<AtomicI64>,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Building {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = Data::new(&dir.path().join("data"), None);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let clock = Arc::new(AtomicI64::new(i64::try_from(now).unwrap()));
        let first = Site {
            id: SiteId(0),
            name: "Sample house".into(),
            kind: SiteKind::Residential,
            language: Language::En,
            zone: "Europe/Prague".into(),
            address: "1 Sample Street".into(),
            pin_length: 5,
            qr_codes: true,
            licence: Licence::Ready,
        };
        let (admin, site) = Admin::init(&data, Clock::Set(Arc::clone(&clock)), &first).unwrap();
        let flat = Apartment {
            id: ApartmentId(0),
            site,
            floor: 1,
            number: "12".into(),
            name: "Flat 12".into(),
            has_access_unit: false,
        };
        let flat = admin.add_apartment(&flat).unwrap();
        let door = Device {
            id: DeviceId(0),
            site,
            name: "Main entrance".into(),
            kind: DeviceKind::Intercom,
            status: DeviceStatus::Online,
            apartment: None,
            logging: true,
            hardware: vestibule_model::api::Hardware::default(),
            licence: Licence::Ready,
        };
        let (_, door) = admin.add_device(&door).unwrap();
        let contact = Contact {
            id: ContactId(0),
            site,
            name: "Office".into(),
            role: "Caretaker".into(),
            purpose: ContactPurpose::Technical,
            phone: "555 0100".into(),
            email: "office@site.example".into(),
        };
        admin.add_contact(&contact).unwrap();
        for (name, role) in [
            ("resident", Role::SiteUser),
            ("housemate", Role::SiteUser),
            ("household", Role::ApartmentAdministrator),
        ] {
            let user = User {
                id: UserId(0),
                site,
                name: name.into(),
                email: format!("{name}@site.example"),
                role,
                language: Language::En,
                apartments: vec![flat],
            };
            admin.add_user(&user, Some(&Secret::new(PASSWORD))).unwrap();
        }
        let mut building = Self {
            admin,
            flat,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            dir,
            door: door.reveal().to_owned(),
            clock,
            stop: CancellationToken::new(),
            serving: None,
        };
        building.start().await;
        building
    }

    /// Starts the server on what is in its folder.
    pub(crate) async fn start(&mut self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.address = listener.local_addr().unwrap();
        self.stop = CancellationToken::new();
        let public_url = Some(format!("http://{}", self.address));
        let config = Config { public_url, ..Config::default() };
        let server = Server::open(&self.data, config, Clock::Set(Arc::clone(&self.clock))).unwrap();
        let stop = self.stop.clone();
        self.serving = Some(tokio::spawn(async move {
            server.serve(listener, async move { stop.cancelled().await }).await.unwrap();
        }));
    }

    /// Stops the server, and waits until it has.
    pub(crate) async fn stop(&mut self) {
        self.stop.cancel();
        self.serving.take().unwrap().await.unwrap();
    }

    /// Moves the server's clock on.
    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    /// The time on the server's clock, in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Somebody at the main entrance types or shows something; gives `allowed` or why not.
    pub(crate) async fn at_the_door(&self, code: Value, key: &str) -> String {
        let answer = http()
            .post(format!("http://{}/v1/door-checks", self.address))
            .bearer_auth(&self.door)
            .header("Idempotency-Key", key)
            .json(&code)
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        match &answer["result"] {
            Value::String(word) => word.clone(),
            other => other["denied"]["why"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned(),
        }
    }

    /// Somebody who administers the site.
    pub(crate) async fn office(&self) -> Somebody {
        let office = User {
            id: UserId(0),
            site: SiteId(1),
            name: "office".into(),
            email: "office@site.example".into(),
            role: Role::SiteAdministrator,
            language: Language::En,
            apartments: Vec::new(),
        };
        self.admin.add_user(&office, Some(&Secret::new(PASSWORD))).unwrap();
        self.somebody("office", "the-device-of-the-office").await
    }

    /// A user without an app: the token of somebody who signed in elsewhere.
    pub(crate) async fn somebody(&self, name: &str, device: &str) -> Somebody {
        let asked =
            json!({ "email": format!("{name}@site.example"), "password": PASSWORD, "device": device });
        let address = self.address;
        let answer = http().post(format!("http://{address}/v1/session")).json(&asked).send().await.unwrap();
        let tokens: Value = answer.json().await.unwrap();
        let token = tokens["access_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned();
        Somebody { token, device: device.to_owned(), address }
    }
}

/// A user without an app.
pub(crate) struct Somebody {
    token: String,
    device: String,
    address: SocketAddr,
}

impl Somebody {
    /// Asks or does something, and gives the answer, which went well.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = http()
            .request(method, format!("http://{}/v1/{path}", self.address))
            .bearer_auth(&self.token)
            .header("Vestibule-Device", &self.device)
            .header("Idempotency-Key", format!("{path}-{}", next()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert!(status.is_success(), "{status} {body}");
        serde_json::from_str(&body).unwrap_or(Value::Null)
    }

    /// The visitors that the server has.
    pub(crate) async fn visitors(&self) -> Vec<Value> {
        let snapshot = self.ask("GET", "snapshot", None).await;
        snapshot["visitors"].as_array().unwrap().clone()
    }
}

fn next() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    NEXT.fetch_add(1, Ordering::SeqCst)
}
