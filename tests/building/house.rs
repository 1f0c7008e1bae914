use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vestibule_model::api::{
    Apartment, Contact, ContactId, Device, DeviceId, Licence, Role, Site, SiteId, SiteKind, User, UserId,
};
use vestibule_model::{ApartmentId, ContactPurpose, DeviceKind, DeviceStatus, Language, Secret, SipAccount};
use vestibule_site::{Admin, Clock, Config, Data, Mail, MailTls, Server, Sip};
use vestibule_tests::{
    Baresip, BaresipOptions, Kamailio, KamailioOptions, Phone, PhoneOptions, http, intercom,
};

const PASSWORD: &str = "correct horse battery";

/// Two sites on one server with one exchange. In the first, two flats; each site has an entrance.
pub(crate) struct Building {
    pub(crate) kamailio: Kamailio,
    pub(crate) flats: [ApartmentId; 2],
    pub(crate) entrance: Entrance,
    pub(crate) elsewhere: Entrance,
    base: String,
    stop: CancellationToken,
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
        Self::set_up(options, None).await
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
        Self::set_up(KamailioOptions::default(), Some(mail)).await
    }

    async fn set_up(options: KamailioOptions, mail: Option<Mail>) -> Self {
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
        let sip = Sip { domain: Kamailio::DOMAIN.into(), servers: vec!["127.0.0.1".into()], database: None };
        let server =
            Server::open(&data, Config { sip: Some(sip), mail, ..Config::default() }, Clock::System).unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { server.serve(listener, stopped).await.unwrap() });
        let kamailio = Kamailio::of_building(&data.database().with_file_name("sip.db"), options);
        let (entrance, elsewhere) = (account(&base, here).await, account(&base, there).await);
        Self { kamailio, flats, entrance, elsewhere, base, stop, _dir: dir }
    }

    /// Sets whom button 1 of the entrance rings.
    pub(crate) async fn set_button(&self, order: &str, flats: &[ApartmentId]) {
        let members: Vec<_> = flats.iter().map(|flat| json!({ "apartment": flat })).collect();
        let settings = json!({
            "buttons": [{ "number": 1, "name": "Flats", "order": order, "members": members }],
            "switches": [{ "name": "Door", "kind": "door" }],
        });
        let token = self.sign_in("office", "device-of-the-office").await;
        let path = format!("{}/v1/devices/{}/call-settings", self.base, self.entrance.id.0);
        let request = http().put(path).bearer_auth(token).json(&settings);
        let request =
            request.header("Vestibule-Device", "device-of-the-office").header("Idempotency-Key", "one");
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// A phone of somebody, registered with the account that the site server gave it.
    pub(crate) async fn phone(&self, who: &str, device: &str) -> Phone {
        let token = self.sign_in(who, device).await;
        let request = http().post(format!("{}/v1/phone", self.base)).bearer_auth(token);
        let request = request.header("Vestibule-Device", device).header("Idempotency-Key", "phone");
        let made: Value = request.json(&json!({})).send().await.unwrap().json().await.unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let account = SipAccount {
            user: text(&made["profile"]["user"]),
            domain: text(&made["profile"]["domain"]),
            servers: vec![self.kamailio.address().to_string()],
            auth_user: None,
            display_name: None,
            transport: Default::default(),
            dtmf: Default::default(),
            codecs: SipAccount::default_codecs(),
            expires: SipAccount::default_expires(),
        };
        let mut phone = Phone::start(PhoneOptions {
            account: Some((account, text(&made["password"]))),
            intercoms: vec![intercom(&format!("{}@{}", self.entrance.user, Kamailio::DOMAIN))],
            ..PhoneOptions::default()
        })
        .await;
        phone.until_registered().await;
        phone
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
