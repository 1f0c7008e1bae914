//! The app and a building with much in it: 5,000 visitors at the server, 100,000 lines of the access log in the cache.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use vestibule_app::{App, Profile, Role};
use vestibule_ipc::{Event, GetState, ListAccess, ListVisitors, SaveVisitor, SignIn, SignInWith};
use vestibule_model::api::{
    Access, Apartment, Licence, Role as Standing, Site, SiteId, SiteKind, User, UserId, Utc,
};
use vestibule_model::{
    AccessFilter, AccessId, AccessMethod, AccessResult, ApartmentId, Language, Secret, Timestamp, Visitor,
};
use vestibule_site::{Admin, Clock, Config, Data, Server};
use vestibule_store::{MemoryKeychain, open_or_recover};
use vestibule_tests::{PATIENCE, http};

use crate::calls::millis;

const VISITORS: usize = 5_000;
/// As many as the server lets anybody make at once.
const AT_ONCE: usize = 20;
/// After so long it lets them make as many again.
const PAUSE_MS: i64 = 3_600_000;
const LINES: i64 = 100_000;
const SYNCS: usize = 5;
const OPENINGS: usize = 15;
const QUESTIONS: usize = 200;
const CHANGES: usize = 15;
const EMAIL: &str = "resident@site.example";
const PASSWORD: &str = "correct horse battery";

/// In milliseconds each.
pub(crate) struct Measured {
    pub(crate) first_sync: Vec<f64>,
    pub(crate) opening: Vec<f64>,
    pub(crate) first_page: Vec<f64>,
    pub(crate) search: Vec<f64>,
    pub(crate) elsewhere: Vec<f64>,
}

pub(crate) async fn measure(folder: &Path) -> Result<Measured> {
    let folder = folder.join("app");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let house = House::new(&folder).await?;
    house.fill().await.context("visitors")?;

    let mut first_sync = Vec::new();
    let mut last = None;
    for round in 0..SYNCS {
        let place = Place { dir: folder.join(format!("profile-{round}")), keychain: Arc::default() };
        let app = place.open().await?;
        let begun = Instant::now();
        app.sign_in(SignIn { with: house.account() }).await?;
        let visitors = app.list_visitors(ListVisitors {}).await?;
        first_sync.push(millis(begun));
        ensure!(visitors.len() == VISITORS, "{} visitors", visitors.len());
        app.shut_down().await;
        last = Some(place);
    }
    let place = last.context("a profile")?;
    place.fill(house.flat)?;

    let mut opening = Vec::new();
    for _ in 0..OPENINGS {
        let begun = Instant::now();
        let app = place.open().await?;
        let state = app.get_state(GetState {}).await?;
        let visitors = app.list_visitors(ListVisitors {}).await?;
        opening.push(millis(begun));
        ensure!(state.site.is_some() && visitors.len() == VISITORS, "the cache is not what it was");
        app.shut_down().await;
    }

    let app = place.open().await?;
    let first_page = ask(&app, |_| String::new()).await?;
    let search = ask(&app, |number| format!("Guest {}", number * 37 % 1_000)).await?;
    app.shut_down().await;
    let elsewhere = house.change_elsewhere(&folder).await.context("a change elsewhere")?;
    Ok(Measured { first_sync, opening, first_page, search, elsewhere })
}

async fn ask(app: &App, text: impl Fn(usize) -> String) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    for number in 0..QUESTIONS {
        let filter = AccessFilter { text: text(number), ..AccessFilter::default() };
        let begun = Instant::now();
        let page = app.list_access(ListAccess { filter }).await?;
        took.push(millis(begun));
        ensure!(!page.entries.is_empty() && page.more, "there are not enough lines");
    }
    Ok(took)
}

/// Where an app lives.
struct Place {
    dir: PathBuf,
    keychain: Arc<MemoryKeychain>,
}

impl Place {
    async fn open(&self) -> Result<App> {
        let profile = Profile {
            role: Role::Phone,
            dir: self.dir.clone(),
            keychain: self.keychain.clone(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            media_address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            audio: None,
            ringtone: None,
        };
        App::start(profile).await
    }

    /// Puts lines of the access log into the cache, as if they had been read.
    fn fill(&self, flat: ApartmentId) -> Result<()> {
        let now = now()?;
        let store = open_or_recover(&self.dir, self.keychain.as_ref(), Timestamp(now)).store;
        let store = store.context("the cache")?;
        let lines: Vec<Access> = (1..=LINES)
            .map(|number| Access {
                id: AccessId(number),
                at: Utc(Timestamp(now - (LINES - number) * 60_000)),
                device: None,
                door: format!("Door {}", number % 20),
                apartment: Some(flat),
                person: format!("Guest {}", number % 1_000),
                method: AccessMethod::Pin,
                result: AccessResult::Allowed,
            })
            .collect();
        Ok(store.take_access(&lines, None)?)
    }
}

/// A site server in this process, whose clock the bench moves.
struct House {
    url: String,
    flat: ApartmentId,
    clock: Arc<AtomicI64>,
    http: reqwest::Client,
    _stop: DropGuard,
}

impl House {
    async fn new(folder: &Path) -> Result<Self> {
        let data = Data::new(&folder.join("server"), None);
        let clock = Arc::new(AtomicI64::new(now()?));
        let site = Site {
            id: SiteId(0),
            name: "Sample house".into(),
            kind: SiteKind::Residential,
            language: Language::En,
            zone: "Europe/Prague".into(),
            address: String::new(),
            pin_length: 6,
            qr_codes: true,
            licence: Licence::Ready,
        };
        let (admin, site) = Admin::init(&data, Clock::Set(Arc::clone(&clock)), &site)?;
        let flat = Apartment {
            id: ApartmentId(0),
            site,
            floor: 1,
            number: "12".into(),
            name: "Flat 12".into(),
            has_access_unit: false,
        };
        let flat = admin.add_apartment(&flat)?;
        let resident = User {
            id: UserId(0),
            site,
            name: "Resident".into(),
            email: EMAIL.into(),
            role: Standing::SiteUser,
            language: Language::En,
            apartments: vec![flat],
        };
        admin.add_user(&resident, Some(&Secret::new(PASSWORD)))?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let config = Config { public_url: Some(url.clone()), ..Config::default() };
        let server = Server::open(&data, config, Clock::Set(Arc::clone(&clock)))?;
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { server.serve(listener, stopped).await });
        Ok(Self { url, flat, clock, http: http(), _stop: stop.drop_guard() })
    }

    fn account(&self) -> SignInWith {
        SignInWith::Password {
            server: self.url.clone(),
            email: EMAIL.into(),
            password: Secret::new(PASSWORD),
            code: None,
        }
    }

    /// Makes all visitors, a few an hour.
    async fn fill(&self) -> Result<()> {
        const DEVICE: &str = "the-bench-makes-visitors";
        for batch in 0..VISITORS / AT_ONCE {
            self.clock.fetch_add(PAUSE_MS, Ordering::SeqCst);
            let asked = json!({ "email": EMAIL, "password": PASSWORD, "device": DEVICE });
            let tokens = answer(self.http.post(format!("{}/v1/session", self.url)).json(&asked)).await?;
            let token = tokens.get("access_token").and_then(Value::as_str).context("a token")?;
            for number in 0..AT_ONCE {
                let number = batch * AT_ONCE + number;
                let visitor = json!({ "name": format!("Guest {number}"), "apartment": self.flat });
                let request = self.http.post(format!("{}/v1/visitors", self.url)).bearer_auth(token);
                let request = request.header("Vestibule-Device", DEVICE);
                let request = request.header("Idempotency-Key", format!("guest-{number}"));
                answer(request.json(&visitor)).await?;
            }
        }
        self.clock.fetch_add(PAUSE_MS, Ordering::SeqCst);
        Ok(())
    }

    /// From the moment when a visitor is made on one device until another device of the flat has it in its list.
    async fn change_elsewhere(&self, folder: &Path) -> Result<Vec<f64>> {
        let open = async |name: &str| -> Result<App> {
            let app = Place { dir: folder.join(name), keychain: Arc::default() }.open().await?;
            app.sign_in(SignIn { with: self.account() }).await?;
            Ok(app)
        };
        let (here, there) = (open("here").await?, open("there").await?);
        let mut events = there.subscribe();
        let mut took = Vec::new();
        for number in 0..CHANGES {
            let name = format!("New guest {number}");
            let visitor: Visitor = serde_json::from_value(json!({
                "id": 0, "name": name, "apartment": self.flat, "from": null, "until": null, "schedule": [],
                "uses": null, "apartment_door": false, "codes": null, "revoked": false, "delivery": "waiting",
            }))?;
            let begun = Instant::now();
            here.save_visitor(SaveVisitor { visitor }).await?;
            let shown = async {
                loop {
                    let event = events.recv().await?;
                    if event == Event::VisitorsChanged {
                        let all = there.list_visitors(ListVisitors {}).await?;
                        if all.iter().any(|visitor| visitor.name == name) {
                            return anyhow::Ok(());
                        }
                    }
                }
            };
            tokio::time::timeout(PATIENCE, shown).await.context("it never came")??;
            took.push(millis(begun));
        }
        here.shut_down().await;
        there.shut_down().await;
        Ok(took)
    }
}

async fn answer(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let (status, body) = (response.status(), response.text().await?);
    ensure!(status.is_success(), "{status}: {body}");
    Ok(serde_json::from_str(&body)?)
}

fn now() -> Result<i64> {
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_millis())?)
}
