//! The site server of a big house, in a process of its own: 10,000 residents, a million lines in its log.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Method, RequestBuilder};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use vestibule_model::Language;
use vestibule_model::api::{Licence, Site, SiteId, SiteKind};
use vestibule_site::{Admin, Clock, Data};
use vestibule_tests::http;

use crate::calls::millis;

const RESIDENTS: i64 = 10_000;
/// Four people in each flat.
const FLATS: i64 = 2_500;
const DOORS: i64 = 20;
const LINES: i64 = 1_000_000;
/// Residents who are signed in: nobody may make more than 20 visitors at once.
const SIGNED_IN: usize = 400;
const QUESTIONS: usize = 1_000;
const SEARCHES: usize = 200;
const A_SECOND: usize = 200;
const VISITORS: usize = 2_000;
const OFFICE: i64 = RESIDENTS + 1;

/// In milliseconds each, and megabytes.
pub(crate) struct Measured {
    pub(crate) changes: Vec<f64>,
    pub(crate) visitors: Vec<f64>,
    pub(crate) searches: Vec<f64>,
    pub(crate) memory: f64,
}

/// The server. It ends with the bench.
struct Serving {
    child: Child,
    base: String,
    http: Client,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) async fn measure(folder: &Path) -> Result<Measured> {
    let folder = folder.join("site");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    seed(&folder).context("the house")?;
    let serving = Serving::start(&folder)?;
    let searches = serving.search().await.context("searches")?;
    let visitors = serving.visitors().await.context("visitors")?;
    // The house is as busy as it will be, so this comes last.
    let changes = serving.nothing_new().await.context("changes")?;
    let memory = serving.memory()?;
    Ok(Measured { changes, visitors, searches, memory })
}

impl Serving {
    fn start(folder: &Path) -> Result<Self> {
        let program = std::env::current_exe()?.with_file_name("vestibule-site");
        let mut serve = Command::new(program);
        serve.arg("--data").arg(folder).args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child =
            serve.env("VESTIBULE_LOG", "warn").spawn().context("the site server does not start")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("it has an output")?).read_line(&mut line)?;
        let base = line.trim().strip_prefix("listening on ").context("it listens")?.to_owned();
        Ok(Self { child, base, http: http() })
    }

    fn request(&self, method: Method, who: i64, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(token(who));
        request.header("Vestibule-Device", device(who))
    }

    /// Milliseconds that a request takes whose answer is read to its end, and the answer.
    async fn take(request: RequestBuilder) -> Result<(f64, Value)> {
        let begun = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        let took = millis(begun);
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        Ok((took, serde_json::from_slice(&body)?))
    }

    /// One after the other, by residents in turn, each from the newest cursor.
    async fn nothing_new(&self) -> Result<Vec<f64>> {
        let mut took = Vec::new();
        for question in 0..QUESTIONS {
            let who = (question % SIGNED_IN) as i64 + 1;
            let (_, snapshot) = Self::take(self.request(Method::GET, who, "/v1/snapshot")).await?;
            let cursor = snapshot.get("cursor").and_then(Value::as_str).context("a cursor")?;
            let path = format!("/v1/changes?since={cursor}");
            let (ms, changes) = Self::take(self.request(Method::GET, who, &path)).await?;
            ensure!(items(&changes)? == 0, "there is something new");
            took.push(ms);
        }
        Ok(took)
    }

    /// So many a second, whether or not those before are done; each counts from when it was due.
    async fn visitors(&self) -> Result<Vec<f64>> {
        let mut pace = tokio::time::interval(Duration::from_secs(1) / A_SECOND as u32);
        pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut under_way = JoinSet::new();
        for number in 0..VISITORS {
            let due = pace.tick().await;
            let who = (number % SIGNED_IN) as i64 + 1;
            let request = self.request(Method::POST, who, "/v1/visitors");
            let request = request.header("Idempotency-Key", format!("visitor-{number}"));
            let request = request.json(&json!({ "name": "Guest", "apartment": home(who), "uses": 1 }));
            under_way.spawn(async move {
                Self::take(request).await?;
                Ok::<_, anyhow::Error>(millis(due.into_std()))
            });
        }
        let mut took = Vec::new();
        while let Some(done) = under_way.join_next().await {
            took.push(done??);
        }
        Ok(took)
    }

    /// By the office, which may see all lines: what many have, what few have, what nobody has, what was denied; and by
    /// residents.
    async fn search(&self) -> Result<Vec<f64>> {
        let mut took = Vec::new();
        for number in 0..SEARCHES {
            let one = number * 37 % RESIDENTS as usize;
            for (who, path, least) in [
                (OFFICE, "/v1/access".to_owned(), 50),
                (OFFICE, "/v1/access?text=guest".to_owned(), 50),
                (OFFICE, format!("/v1/access?text=Guest%20{one}x"), 0),
                (OFFICE, format!("/v1/access?text=guest%20{one:05}"), 50),
                (OFFICE, format!("/v1/access?text=door%20{}&problems=true", number % DOORS as usize), 50),
                (OFFICE, "/v1/access?text=guest&method=mobile".to_owned(), 0),
                (number as i64 + 1, "/v1/access?text=guest".to_owned(), 50),
                (number as i64 + 1, "/v1/access?text=nobody".to_owned(), 0),
            ] {
                let (ms, page) = Self::take(self.request(Method::GET, who, &path)).await?;
                let found = items(&page)?;
                ensure!(found == least, "{path}: {found} lines");
                took.push(ms);
            }
        }
        Ok(took)
    }

    /// Memory that the server has in use, in megabytes (proc(5): VmRSS, in kB).
    fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes / 1_000.0)
    }
}

/// A house with everything in it, by plain SQL: the server itself would need an hour for it.
fn seed(folder: &Path) -> Result<()> {
    let data = Data::new(folder, None);
    let site = Site {
        id: SiteId(0),
        name: "Sample house".into(),
        kind: SiteKind::Residential,
        language: Language::En,
        zone: "Europe/Prague".into(),
        address: String::new(),
        pin_length: 6,
        qr_codes: false,
        licence: Licence::Ready,
    };
    drop(Admin::init(&data, Clock::System, &site)?);
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let mut db = Connection::open(data.database())?;
    let db = db.transaction()?;
    let count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
    db.execute(
        &format!("{count} INSERT INTO apartment (site, floor, number, name) SELECT 1, i / 10, i, 'Flat ' || i FROM n"),
        [FLATS],
    )?;
    db.execute(
        &format!(
            "{count} INSERT INTO person (site, name, email, role, language)
             SELECT 1, 'Resident', i || '@site.example', iif(i = {OFFICE}, 'site_administrator', 'site_user'), 'en' FROM n"
        ),
        [OFFICE],
    )?;
    db.execute(
        &format!("{count} INSERT INTO resident (person, apartment) SELECT i, (i - 1) % {FLATS} + 1 FROM n"),
        [RESIDENTS],
    )?;
    db.execute(
        &format!(
            "{count} INSERT INTO device (site, name, kind, status, logging)
             SELECT 1, 'Door ' || (i - 1), 'access_unit', 'ready', 1 FROM n"
        ),
        [DOORS],
    )?;
    // Every flat has its own visitors; each of them comes a hundred times within the 90 days, and fails now and then.
    db.execute(
        &format!(
            "{count} INSERT INTO access_name (site, folded)
             SELECT 1, 'door ' || (i - 1) FROM n WHERE i <= {DOORS}
             UNION ALL SELECT 1, printf('guest %05d', i - 1) FROM n"
        ),
        [RESIDENTS],
    )?;
    db.execute(
        &format!(
            "{count} INSERT INTO access (site, at, device, door, apartment, person, folded, method, denial, door_name,
                 person_name)
             SELECT 1, ?2 - ({LINES} - i) * 7000, i % {DOORS} + 1, 'Door ' || (i % {DOORS}), i % {FLATS} + 1,
                 printf('Guest %05d', i % {RESIDENTS}), printf('door %d\nguest %05d', i % {DOORS}, i % {RESIDENTS}),
                 iif(i % 3, 'pin', 'qr'), iif(i % 29, NULL, 'outside_time'), i % {DOORS} + 1,
                 i % {RESIDENTS} + {DOORS} + 1
             FROM n"
        ),
        params![LINES, now],
    )?;
    db.execute(
        "INSERT INTO change (at, site, audience, apartment, kind, item)
         SELECT at, site, 'apartment', apartment, 'access', id FROM access ORDER BY id",
        [],
    )?;
    let mut sign_in = db.prepare(
        "INSERT INTO session (person, device, access, access_until, refresh_until) VALUES (?1, ?2, ?3, ?4, ?4)",
    )?;
    for who in (1..=SIGNED_IN as i64).chain([OFFICE]) {
        let digest = |text: String| -> [u8; 32] { Sha256::digest(text).into() };
        sign_in.execute(params![who, digest(device(who)), digest(token(who)), now + 86_400_000])?;
    }
    drop(sign_in);
    Ok(db.commit()?)
}

/// How many items an answer has.
fn items(answer: &Value) -> Result<usize> {
    Ok(answer.get("items").and_then(Value::as_array).context("items")?.len())
}

fn home(who: i64) -> i64 {
    (who - 1) % FLATS + 1
}

fn token(who: i64) -> String {
    format!("vsa_bench-{who}")
}

fn device(who: i64) -> String {
    format!("device-of-resident-{who}")
}
