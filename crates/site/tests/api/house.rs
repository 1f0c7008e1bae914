use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Licence, Role, Site, SiteId, SiteKind, User, UserId, Utc,
};
use vestibule_model::{ApartmentId, ContactPurpose, DeviceKind, DeviceStatus, Language, Secret};
use vestibule_site::{Admin, Clock, Config, Data, Server};

/// The password of everybody in the house.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// What the device of everybody calls itself.
pub(crate) const DEVICE: &str = "device-0123456789";

/// A house with two flats, a server, and another house on the same server.
pub(crate) struct House {
    pub(crate) data: Data,
    pub(crate) admin: Admin,
    pub(crate) base: String,
    pub(crate) site: SiteId,
    pub(crate) flat: ApartmentId,
    pub(crate) other_flat: ApartmentId,
    pub(crate) entrance: Client,
    pub(crate) flat_door: Client,
    pub(crate) flat_user: UserId,
    pub(crate) neighbour_user: UserId,
    pub(crate) admin_user: UserId,
    clock: Arc<AtomicI64>,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
    pub(crate) dir: TempDir,
}

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: String,
    pub(crate) device: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl House {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = Data::new(&dir.path().join("data"), None);
        let clock = Arc::new(AtomicI64::new("2026-03-23T12:00:00Z".parse::<Utc>().unwrap().0.0));
        let (admin, site) =
            Admin::init(&data, Clock::Set(Arc::clone(&clock)), &named_site("Sample house")).unwrap();
        let other = admin.add_site(&named_site("Other house")).unwrap();
        let flat = apartment(&admin, site, 12);
        let other_flat = apartment(&admin, site, 13);
        let elsewhere = apartment(&admin, other, 12);
        let entrance = device(&admin, site, "Main entrance", DeviceKind::Intercom, None);
        let flat_door = device(&admin, site, "Flat 12 door", DeviceKind::AccessUnit, Some(flat));
        device(&admin, site, "Flat 13 screen", DeviceKind::AnsweringUnit, Some(other_flat));
        device(&admin, other, "Main entrance", DeviceKind::Intercom, None);
        admin
            .add_contact(&Contact {
                id: ContactId(0),
                site,
                name: "Office".into(),
                role: "Caretaker".into(),
                purpose: ContactPurpose::Technical,
                phone: "555 0100".into(),
                email: "office@site.example".into(),
            })
            .unwrap();
        let add = |name: &str, site, role, apartments: &[ApartmentId]| {
            let user = User {
                id: UserId(0),
                site,
                name: name.into(),
                email: format!("{name}@site.example"),
                role,
                language: Language::En,
                apartments: apartments.to_vec(),
            };
            let password = (role != Role::WithoutLogin).then(|| Secret::new(PASSWORD));
            admin.add_user(&user, password.as_ref()).unwrap()
        };
        let flat_user = add("resident", site, Role::SiteUser, &[flat]);
        add("housemate", site, Role::SiteUser, &[flat]);
        let neighbour_user = add("neighbour", site, Role::SiteUser, &[other_flat]);
        add("household", site, Role::ApartmentAdministrator, &[flat]);
        let admin_user = add("office", site, Role::SiteAdministrator, &[]);
        add("payer", site, Role::SiteAdministratorWithPayment, &[]);
        add("company", site, Role::CompanyAdministrator, &[]);
        add("stranger", other, Role::SiteUser, &[elsewhere]);
        add("child", site, Role::WithoutLogin, &[flat]);
        let mut house = Self {
            data,
            admin,
            base: String::new(),
            site,
            flat,
            other_flat,
            entrance: Client::new("", &entrance, ""),
            flat_door: Client::new("", &flat_door, ""),
            flat_user,
            neighbour_user,
            admin_user,
            clock,
            stop: CancellationToken::new(),
            serving: None,
            dir,
        };
        house.start(Config { public_url: Some("https://site.example".into()), ..Config::default() }).await;
        house
    }

    /// Starts the server on what is in the directory.
    pub(crate) async fn start(&mut self, config: Config) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        self.entrance.base.clone_from(&self.base);
        self.flat_door.base.clone_from(&self.base);
        self.stop = CancellationToken::new();
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

    /// Moves the clock on.
    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    /// Moves the clock on by seconds.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub(crate) fn set(&self, time: &str) {
        self.clock.store(time.parse::<Utc>().unwrap().0.0, Ordering::SeqCst);
    }

    /// Somebody with no token.
    pub(crate) fn nobody(&self) -> Client {
        Client::new(&self.base, "", DEVICE)
    }

    /// Somebody who signs in on the usual device.
    pub(crate) async fn client(&self, name: &str) -> Client {
        self.client_on(name, DEVICE).await
    }

    pub(crate) async fn client_on(&self, name: &str, device: &str) -> Client {
        let asked = sign_in(name, PASSWORD, device);
        let tokens = self.nobody().send(Method::POST, "/v1/session", Some(&asked)).await.expect(200);
        Client::new(&self.base, tokens["access_token"].as_str().unwrap(), device)
    }
}

impl Client {
    pub(crate) fn new(base: &str, token: &str, device: &str) -> Self {
        // Built with the whole workspace, the client speaks TLS too, and wants to know by what.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, base: base.into(), token: token.into(), device: device.into() }
    }

    /// A request with what this client has, and a key that was never used before.
    pub(crate) async fn send(&self, method: Method, path: &str, json: Option<&Value>) -> Answer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let key = format!("key-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        self.send_once(method, path, json, &key).await
    }

    /// The same with this key.
    pub(crate) async fn send_once(
        &self,
        method: Method,
        path: &str,
        json: Option<&Value>,
        key: &str,
    ) -> Answer {
        let mut request = self.request(method, path).header("Idempotency-Key", key);
        if let Some(json) = json {
            request = request.json(json);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        if self.device.is_empty() { request } else { request.header("Vestibule-Device", &self.device) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, json: Value) -> Answer {
        self.send(Method::POST, path, Some(&json)).await
    }

    pub(crate) async fn put(&self, path: &str, json: Value) -> Answer {
        self.send(Method::PUT, path, Some(&json)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Makes a visitor of this flat, with what else is said.
    pub(crate) async fn visitor(&self, flat: ApartmentId, more: Value) -> Value {
        self.post("/v1/visitors", body(flat, more)).await.expect(201)
    }

    /// Asks a door, and gives `allowed` or the reason.
    pub(crate) async fn check(&self, code: Value) -> String {
        let answer = self.post("/v1/door-checks", code).await.expect(200);
        match &answer["result"] {
            Value::String(word) => word.clone(),
            other => other["denied"]["why"].as_str().unwrap().to_owned(),
        }
    }
}

impl Answer {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let json = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Self { status, headers, json }
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self.json
    }

    /// The code of a problem.
    #[track_caller]
    pub(crate) fn problem(self) -> (u16, String) {
        let code = self.json["code"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned();
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.json["status"], self.status.as_u16());
        assert_eq!(self.json["type"], format!("urn:vestibule:problem:{code}"));
        (self.status.as_u16(), code)
    }
}

/// A visitor to be made.
pub(crate) fn body(flat: ApartmentId, more: Value) -> Value {
    let mut body = json!({ "name": "Guest", "apartment": flat });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

pub(crate) fn sign_in(name: &str, password: &str, device: &str) -> Value {
    json!({ "email": format!("{name}@site.example"), "password": password, "device": device })
}

fn named_site(name: &str) -> Site {
    Site {
        id: SiteId(0),
        name: name.into(),
        kind: SiteKind::Residential,
        language: Language::En,
        zone: "Europe/Prague".into(),
        address: "1 Sample Street".into(),
        pin_length: 5,
        qr_codes: false,
        licence: Licence::Ready,
    }
}

fn apartment(admin: &Admin, site: SiteId, number: u8) -> ApartmentId {
    let new = Apartment {
        id: ApartmentId(0),
        site,
        floor: 1,
        number: number.to_string(),
        name: format!("Flat {number}"),
        has_access_unit: false,
    };
    admin.add_apartment(&new).unwrap()
}

pub(crate) fn device(
    admin: &Admin,
    site: SiteId,
    name: &str,
    kind: DeviceKind,
    apartment: Option<ApartmentId>,
) -> String {
    let new = Device {
        id: DeviceId(0),
        site,
        name: name.into(),
        kind,
        status: DeviceStatus::Online,
        apartment,
        logging: true,
        hardware: vestibule_model::api::Hardware::default(),
        licence: Licence::Ready,
    };
    admin.add_device(&new).unwrap().1.reveal().to_owned()
}
