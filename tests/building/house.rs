use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;
use vestibule_ipc::{SignIn, SignInWith};
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Licence, Role, Site, SiteId, SiteKind, User, UserId,
};
use vestibule_model::{ApartmentId, ContactPurpose, DeviceKind, DeviceStatus, Language, Secret, SipAccount};
use vestibule_sim::offer::Poverty;
use vestibule_sim::report::Report;
use vestibule_sim::{CallWhen, Intercom, Setup};
use vestibule_site::{Admin, Clock, Config, Data, Mail, MailTls, Server, Sip};
use vestibule_tests::{
    Baresip, BaresipOptions, Kamailio, KamailioOptions, PATIENCE, Phone, PhoneOptions, Postgres, free_port,
    http,
};

const PASSWORD: &str = "correct horse battery";

/// Two sites on one server with one exchange. In the first, two flats; each site has an entrance.
pub(crate) struct Building {
    pub(crate) kamailio: Kamailio,
    pub(crate) site: SiteId,
    pub(crate) flats: [ApartmentId; 2],
    pub(crate) entrance: Entrance,
    pub(crate) elsewhere: Entrance,
    base: String,
    stop: CancellationToken,
    _postgres: Option<Postgres>,
    _dir: TempDir,
}

/// An intercom as the site server knows it.
#[derive(Clone)]
pub(crate) struct Entrance {
    pub(crate) user: String,
    id: DeviceId,
    password: String,
}

impl Drop for Building {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Building {
    pub(crate) async fn new(options: KamailioOptions) -> Self {
        Self::set_up(options, None, None).await
    }

    /// With a mail server on this port.
    pub(crate) async fn with_mail(port: u16) -> Self {
        let mail = Mail {
            server: "127.0.0.1".into(),
            port: Some(port),
            tls: MailTls::None,
            user: None,
            password_file: None,
            from: "house@site.example".into(),
        };
        Self::set_up(KamailioOptions::default(), Some(mail), None).await
    }

    /// With an exchange that reads PostgreSQL.
    pub(crate) async fn with_postgres() -> Self {
        Self::set_up(KamailioOptions::default(), None, Some(Postgres::start().await)).await
    }

    async fn set_up(options: KamailioOptions, mail: Option<Mail>, postgres: Option<Postgres>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = Data::new(&dir.path().join("data"), None);
        let (admin, site) = Admin::init(&data, Clock::System, &named("Sample house")).unwrap();
        let other = admin.add_site(&named("Other house")).unwrap();
        let flats = [12, 13].map(|number: u8| {
            let flat = Apartment {
                id: ApartmentId(0),
                site,
                floor: 1,
                number: number.to_string(),
                name: format!("Flat {number}"),
                has_access_unit: false,
            };
            admin.add_apartment(&flat).unwrap()
        });
        for (name, site, role, apartments) in [
            ("resident", site, Role::SiteUser, &flats[..1]),
            ("neighbour", site, Role::SiteUser, &flats[1..]),
            ("office", site, Role::SiteAdministrator, &[]),
        ] {
            let user = User {
                id: UserId(0),
                site,
                name: name.into(),
                email: format!("{name}@site.example"),
                role,
                language: Language::En,
                apartments: apartments.to_vec(),
            };
            admin.add_user(&user, Some(&Secret::new(PASSWORD))).unwrap();
        }
        for purpose in [ContactPurpose::Technical, ContactPurpose::Billing] {
            let name = if purpose == ContactPurpose::Technical { "technical" } else { "billing" };
            let contact = Contact {
                id: ContactId(0),
                site,
                name: name.into(),
                role: String::new(),
                purpose,
                phone: String::new(),
                email: format!("{name}@site.example"),
            };
            admin.add_contact(&contact).unwrap();
        }
        let [here, there] = [site, other].map(|site| add_entrance(&admin, site));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let port = free_port();
        let servers = vec![format!("127.0.0.1:{port}")];
        let connection = postgres.as_ref().map(|postgres| Secret::new(postgres.connection()));
        let sip = Sip { domain: Kamailio::DOMAIN.into(), servers, database: None, postgres: connection };
        let server =
            Server::open(&data, Config { sip: Some(sip), mail, ..Config::default() }, Clock::System).unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { server.serve(listener, stopped).await.unwrap() });
        let file = || format!("sqlite:///{}", data.database().with_file_name("sip.db").display());
        let database = postgres.as_ref().map_or_else(file, Postgres::url);
        let kamailio = Kamailio::of_building(&database, port, options);
        let (entrance, elsewhere) = (account(&base, here).await, account(&base, there).await);
        Self { kamailio, site, flats, entrance, elsewhere, base, stop, _postgres: postgres, _dir: dir }
    }

    /// Sets whom button 1 of the entrance rings.
    pub(crate) async fn set_button(&self, order: &str, flats: &[ApartmentId]) {
        self.set_calls(order, flats, &json!([{ "name": "Door", "kind": "door" }])).await;
    }

    /// Sets what the codes of the entrance open; its button rings both flats.
    pub(crate) async fn set_doors(&self, switches: &Value) {
        self.set_calls("at_once", &self.flats, switches).await;
    }

    async fn set_calls(&self, order: &str, flats: &[ApartmentId], switches: &Value) {
        let members: Vec<_> = flats.iter().map(|flat| json!({ "apartment": flat })).collect();
        let button = json!({ "number": 1, "name": "Flats", "order": order, "members": members });
        let settings = json!({ "buttons": [button], "switches": switches });
        self.office(Method::PUT, &format!("{}/call-settings", self.entrance_path()), &settings).await;
    }

    /// Where the server has the entrance.
    pub(crate) fn entrance_path(&self) -> String {
        format!("devices/{}", self.entrance.id.0)
    }

    /// A phone of somebody who signed in, registered with the account that the site server gave it.
    pub(crate) async fn phone(&self, who: &str) -> Phone {
        let mut phone = Phone::start(PhoneOptions::default()).await;
        phone.app.sign_in(SignIn { with: self.account_of(who) }).await.unwrap();
        phone.until_registered().await;
        phone
    }

    /// With what somebody signs in.
    pub(crate) fn account_of(&self, who: &str) -> SignInWith {
        SignInWith::Password {
            server: self.base.clone(),
            email: format!("{who}@site.example"),
            password: Secret::new(PASSWORD),
            code: None,
        }
    }

    /// Has the office change something.
    pub(crate) async fn office(&self, method: Method, path: &str, body: &Value) {
        let token = self.sign_in("office", "device-of-the-office").await;
        let request = http().request(method, format!("{}/v1/{path}", self.base)).bearer_auth(token);
        let key = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos().to_string();
        let request =
            request.header("Vestibule-Device", "device-of-the-office").header("Idempotency-Key", key);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// A device as the office sees it.
    pub(crate) async fn device(&self, name: &str) -> Value {
        let token = self.sign_in("office", "device-of-the-office").await;
        let request = http().get(format!("{}/v1/devices", self.base)).bearer_auth(token);
        let list: Value = request
            .header("Vestibule-Device", "device-of-the-office")
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let mut devices = list["items"].as_array().unwrap().iter();
        devices.find(|device| device["name"] == name).cloned().unwrap_or_default()
    }

    /// An intercom, with the account that the site server gave it.
    pub(crate) async fn door(&self, entrance: &Entrance) -> Baresip {
        Baresip::start(BaresipOptions {
            user: entrance.user.clone(),
            domain: Kamailio::DOMAIN.to_owned(),
            proxy: Some(self.kamailio.address().to_string()),
            password: Some(entrance.password.clone()),
            ..BaresipOptions::default()
        })
        .await
    }

    /// The same in software of ours, for what the other one does not live through: baresip 1.0.0 crashes now and then
    /// where more than one phone sends early media. Registered when this returns.
    pub(crate) async fn software_door(&self, entrance: &Entrance) -> (Intercom, UnboundedReceiver<Report>) {
        let settings = SipAccount {
            user: entrance.user.clone(),
            domain: Kamailio::DOMAIN.to_owned(),
            servers: vec![self.kamailio.address().to_string()],
            auth_user: None,
            display_name: Some("Main entrance".to_owned()),
            transport: Default::default(),
            dtmf: Default::default(),
            codecs: SipAccount::default_codecs(),
            expires: SipAccount::default_expires(),
        };
        let password = Secret::new(entrance.password.clone());
        let (intercom, mut reports) = Intercom::start(Setup {
            sip: vestibule_sip::Config {
                account: Some(vestibule_sip::Account { settings, password }),
                listen: "127.0.0.1:0".parse().unwrap(),
                direct_peers: Vec::new(),
                registrar: None,
                instance: "urn:uuid:0f5a3c1e-54d3-4d0c-9a53-7a2f6f1a9d10".to_owned(),
                user_agent: "door".to_owned(),
            },
            callee: format!("{}-1@{}", entrance.user, Kamailio::DOMAIN).parse().unwrap(),
            switches: Vec::new(),
            hold: Duration::from_secs(5),
            poverty: Poverty::default(),
            early_media: true,
            call_when: CallWhen::Ordered,
            hang_up_after: None,
            record: None,
        })
        .await
        .unwrap();
        until(&mut reports, "registered", |said| matches!(said, Report::Registered { .. })).await;
        (intercom, reports)
    }

    /// Reports a problem, and gives its number.
    pub(crate) async fn report(&self, description: &str) -> String {
        let device = "phone-of-the-resident";
        let token = self.sign_in("resident", device).await;
        let request = http().post(format!("{}/v1/tickets", self.base)).bearer_auth(token);
        let request = request.header("Vestibule-Device", device).header("Idempotency-Key", "report");
        let report = json!({ "description": description, "email": "resident@site.example" });
        let made: Value = request.json(&report).send().await.unwrap().json().await.unwrap();
        made["number"].as_str().unwrap().to_owned()
    }

    async fn sign_in(&self, who: &str, device: &str) -> String {
        let asked = json!({ "email": format!("{who}@site.example"), "password": PASSWORD, "device": device });
        let answer = http().post(format!("{}/v1/session", self.base)).json(&asked).send().await;
        let tokens: Value = answer.unwrap().json().await.unwrap();
        tokens["access_token"].as_str().unwrap().to_owned()
    }
}

fn add_entrance(admin: &Admin, site: SiteId) -> (DeviceId, String) {
    let device = Device {
        id: DeviceId(0),
        site,
        name: "Main entrance".into(),
        kind: DeviceKind::Intercom,
        status: DeviceStatus::WaitingForResponse,
        apartment: None,
        logging: true,
        hardware: vestibule_model::api::Hardware::default(),
        licence: Licence::Ready,
    };
    let (id, token) = admin.add_device(&device).unwrap();
    (id, token.reveal().to_owned())
}

async fn account(base: &str, (id, token): (DeviceId, String)) -> Entrance {
    let request = http().post(format!("{base}/v1/configuration/account")).bearer_auth(token);
    let made = request.header("Idempotency-Key", "account").send().await.unwrap();
    let made: Value = made.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Entrance { id, user: text(&made["profile"]["user"]), password: text(&made["password"]) }
}

fn named(name: &str) -> Site {
    Site {
        id: SiteId(0),
        name: name.into(),
        kind: SiteKind::Residential,
        language: Language::En,
        zone: "Europe/Prague".into(),
        address: String::new(),
        pin_length: 5,
        qr_codes: false,
        licence: Licence::Ready,
    }
}

/// Waits until an intercom says what is wanted.
pub(crate) async fn until(
    reports: &mut UnboundedReceiver<Report>,
    what: &str,
    wanted: impl Fn(&Report) -> bool,
) {
    let said = async { while !wanted(&reports.recv().await.expect("the intercom runs")) {} };
    tokio::time::timeout(PATIENCE, said).await.unwrap_or_else(|_| panic!("it was never {what}"));
}
