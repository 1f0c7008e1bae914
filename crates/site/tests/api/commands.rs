use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use reqwest::Method;
use serde_json::json;

use vestibule_site::{Admin, Clock, Data};

use crate::house::sign_in;
use crate::{Client, DEVICE, PASSWORD};

fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-site"));
    command.arg("--data").arg(data).args(words).env_remove("VESTIBULE_SITE_KEYS");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(data: &Path, words: &[&str], input: &str) -> Output {
    let mut child = command(data, words).spawn().unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn must(data: &Path, words: &[&str], input: &str) -> String {
    let output = run(data, words, input);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A server in a process of its own. It ends with the test, however that ends.
struct Serving {
    child: Child,
    base: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut command = command(data, &["serve", "--listen", "127.0.0.1:0"]);
        Self::spawn(command.env("VESTIBULE_LOG", "trace"))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, base }
    }

    /// Asks it to end, and gives what it logged.
    fn stop(mut self) -> String {
        let mut log = self.child.stderr.take().unwrap();
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        assert!(self.child.wait().unwrap().success());
        text
    }
}

fn set_up(data: &Path) -> String {
    must(data, &["init", "--site", "Sample house", "--zone", "Europe/Prague", "--qr-codes"], "");
    must(data, &["apartment", "add", "--floor", "-1", "--number", "12", "--name", "Flat 12"], "");
    let resident = ["--name", "Resident", "--email", "resident@site.example", "--apartment", "-1/12"];
    must(data, &[&["user", "add"], &resident[..]].concat(), PASSWORD);
    let device = must(data, &["device", "add", "--name", "Main entrance", "--kind", "intercom"], "");
    device.lines().find_map(|line| line.strip_prefix("token ")).unwrap().to_owned()
}

async fn client(base: &str) -> Client {
    let asked = sign_in("resident", PASSWORD, DEVICE);
    let tokens = Client::new(base, "", "").send(Method::POST, "/v1/session", Some(&asked)).await.expect(200);
    Client::new(base, tokens["access_token"].as_str().unwrap(), DEVICE)
}

#[tokio::test]
async fn a_site_is_set_up_served_backed_up_and_restored() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let token = set_up(&data);
    let serving = Serving::start(&data);
    let resident = client(&serving.base).await;
    let flat = resident.get("/v1/apartments").await.expect(200)["items"][0]["id"].as_i64().unwrap();
    let guest = resident.visitor(vestibule_model::ApartmentId(flat), json!({})).await;
    let door = Client::new(&serving.base, &token, "");
    assert_eq!(door.check(json!({ "pin": guest["codes"]["pin"] })).await, "allowed");
    let cursor = resident.get("/v1/snapshot").await.expect(200)["cursor"].as_str().unwrap().to_owned();

    // A backup of a server that runs; never over a file that is there.
    let copy = dir.path().join("copy.db");
    let to = copy.to_str().unwrap();
    must(&data, &["backup", "--to", to], "");
    assert!(!run(&data, &["backup", "--to", to], "").status.success());
    let log = serving.stop();
    assert!(log.contains("/v1/visitors"), "{log}");
    let secrets = [PASSWORD, &token, &resident.token, DEVICE, guest["codes"]["qr"].as_str().unwrap()];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    assert!(!log.contains(&format!("\"{}\"", guest["codes"]["pin"].as_str().unwrap())));

    let restored = dir.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::copy(&copy, restored.join("site.db")).unwrap();
    // Without the keys there is nothing to serve: they are not in the backup.
    assert!(!run(&restored, &["serve", "--listen", "127.0.0.1:0"], "").status.success());
    std::fs::copy(data.join("keys"), restored.join("keys")).unwrap();
    let serving = Serving::start(&restored);
    let resident = client(&serving.base).await;
    let visitors = resident.get("/v1/visitors").await.expect(200);
    assert_eq!(visitors["items"][0]["codes"], guest["codes"]);
    let lost = resident.get(&format!("/v1/changes?since={cursor}")).await;
    assert_eq!(lost.problem(), (410, "cursor_lost".into()));
    serving.stop();
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    set_up(&data);
    let copy = dir.path().join("copy.db");
    must(&data, &["backup", "--to", copy.to_str().unwrap()], "");
    for file in [data.join("keys"), data.join("site.db"), copy] {
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            file.display()
        );
    }
    // Keys that others may read are no keys.
    std::fs::set_permissions(data.join("keys"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(!run(&data, &["serve", "--listen", "127.0.0.1:0"], "").status.success());
}

#[test]
fn other_keys_are_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (data, other) = (dir.path().join("data"), dir.path().join("other"));
    set_up(&data);
    set_up(&other);
    let keys = other.join("keys");
    let output = run(&data, &["--keys", keys.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"], "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("not the keys of this database"), "{said}");
}

/// What the app was told is there, and what it asks again for is made once.
#[tokio::test]
async fn a_server_that_is_killed_loses_nothing_and_makes_nothing_twice() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    set_up(&data);
    let quiet =
        || Serving::spawn(command(&data, &["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null()));
    let (mut told, mut asked) = (Vec::new(), 0);
    for round in 0..3 {
        let mut serving = quiet();
        let resident = client(&serving.base).await;
        let send = |client: Client, number: usize| async move {
            let wanted = json!({ "name": format!("Guest {number}"), "apartment": 1 });
            let key = format!("key-{number}");
            let request = client.request(Method::POST, "/v1/visitors").header("Idempotency-Key", key);
            let response = request.json(&wanted).send().await.ok()?;
            response.json::<serde_json::Value>().await.ok()
        };
        let first = asked;
        asked += 6;
        let mut under_way =
            (first..asked).map(|number| tokio::spawn(send(resident.clone(), number))).collect::<Vec<_>>();
        // So many answers are waited for; the others are killed on their way.
        let rest = under_way.split_off(2 * round);
        for answer in under_way {
            told.extend(answer.await.unwrap());
        }
        serving.child.kill().unwrap();
        serving.child.wait().unwrap();
        for answer in rest {
            told.extend(answer.await.unwrap());
        }
        let serving = quiet();
        let resident = client(&serving.base).await;
        for number in first..asked {
            let again = send(resident.clone(), number).await.unwrap();
            assert_eq!(again["name"], format!("Guest {number}"), "{again}");
        }
        let visitors = resident.get("/v1/visitors").await.expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(visitors.len(), asked);
        for visitor in &told {
            assert!(visitors.contains(visitor), "{visitor}");
        }
    }
}

#[tokio::test]
async fn the_file_is_read_and_the_environment_goes_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    set_up(&data);
    let file = "listen = '127.0.0.1:0'\npublic_url = 'https://file.example'\nkeys = '/nowhere/keys'";
    std::fs::write(data.join("site.toml"), file).unwrap();
    let mut serve = command(&data, &["serve"]);
    serve.env("VESTIBULE_SITE_PUBLIC_URL", "https://environment.example");
    let serving = Serving::spawn(serve.env("VESTIBULE_SITE_KEYS", data.join("keys")).stderr(Stdio::null()));
    let resident = client(&serving.base).await;
    let me = resident.get("/v1/me").await.expect(200);
    let link = resident.post("/v1/provisioning-links", json!({ "user": me["id"] })).await.expect(201);
    let link = link["link"].as_str().unwrap();
    assert!(
        link.starts_with("vestibule://provision?server=https%3A%2F%2Fenvironment.example&token="),
        "{link}"
    );
}

#[test]
fn what_is_not_said_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    set_up(&data);
    must(&data, &["site", "codes", "--pin-length", "8"], "");
    let admin = Admin::open(&Data::new(&data, None), Clock::System).unwrap();
    let codes = || admin.site(None).map(|site| (site.pin_length, site.qr_codes)).unwrap();
    assert_eq!(codes(), (8, true));
    must(&data, &["site", "codes", "--qr-codes", "false"], "");
    assert_eq!(codes(), (8, false));
}

#[test]
fn what_cannot_be_is_refused_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let wrong = |words: &[&str], input: &str| {
        let output = run(&data, words, input);
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(wrong(&["init", "--site", "A", "--zone", "Nowhere/Land"], "").contains("Nowhere/Land"));
    set_up(&data);
    wrong(&["init", "--site", "A", "--zone", "UTC"], "");
    let user = ["user", "add", "--name", "A", "--email"];
    assert!(wrong(&[&user[..], &["a@site.example"]].concat(), "short").contains("characters"));
    assert!(wrong(&[&user[..], &["RESIDENT@site.example"]].concat(), PASSWORD).contains("one already"));
    // Everybody on a machine can read arguments.
    assert!(
        wrong(&[&user[..], &["a@site.example", "--password", PASSWORD]].concat(), "").contains("--password")
    );
    std::fs::write(data.join("site.toml"), "colour = 'blue'").unwrap();
    assert!(wrong(&["serve"], "").contains("site.toml"));
}

#[tokio::test]
async fn vouchers_are_made_shown_once_and_listed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    must(&data, &["init", "--site", "Sample house", "--zone", "Europe/Prague", "--fees"], "");
    let office = ["--name", "Office", "--email", "resident@site.example", "--role", "company_administrator"];
    must(&data, &[&["user", "add"], &office[..]].concat(), PASSWORD);
    let made = must(&data, &["voucher", "make", "--unit", "device", "--units", "2", "--years", "3"], "");
    let code = made.lines().find_map(|line| line.strip_prefix("code ")).unwrap();
    assert!(!run(&data, &["voucher", "make", "--unit", "device", "--years", "11"], "").status.success());
    let list = must(&data, &["voucher", "list"], "");
    assert!(list.starts_with("voucher 1: 2 device, 3 years, to be redeemed until "), "{list}");
    let serving = Serving::start(&data);
    let office = client(&serving.base).await;
    let sites = office.get("/v1/sites").await.expect(200);
    assert_eq!(sites["items"][0]["licence"]["state"], "trial");
    office.post("/v1/sites/1/vouchers", json!({ "code": code })).await.expect(201);
    let log = serving.stop();
    assert!(!log.contains(code), "the code stands in the log");
    let list = must(&data, &["voucher", "list"], "");
    assert!(list.contains("redeemed ") && list.ends_with("by site 1\n") && !list.contains(code), "{list}");
    must(&data, &["site", "fees", "--due", "false"], "");
    let serving = Serving::start(&data);
    let office = client(&serving.base).await;
    assert_eq!(office.get("/v1/sites").await.expect(200)["items"][0]["licence"], json!({ "state": "ready" }));
    for file in ["site.db", "site.db-wal"] {
        let bytes = std::fs::read(data.join(file)).unwrap_or_default();
        let plain = code.replace('-', "");
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds(code) && !holds(&plain), "{file} holds the code");
    }
}

#[test]
fn what_is_noted_of_a_device_is_set_and_listed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    must(&data, &["init", "--site", "Sample house", "--zone", "Europe/Prague"], "");
    let add = ["device", "add", "--name", "Main entrance", "--kind", "intercom"];
    let wrong = run(&data, &[&add[..], &["--mac", "7C1EB3000001"]].concat(), "");
    assert!(!wrong.status.success());
    must(&data, &[&add[..], &["--mac", "7c:1e:b3:00:00:01", "--serial", "54-1234"]].concat(), "");
    let list = must(&data, &["device", "list"], "");
    assert_eq!(list, "device 1: Main entrance, intercom, 54-1234, 7C:1E:B3:00:00:01, cloud, as its kind\n");
    must(
        &data,
        &["device", "note", "--name", "Main entrance", "--mode", "manual", "--connection", "local"],
        "",
    );
    let list = must(&data, &["device", "list"], "");
    assert!(list.ends_with("54-1234, 7C:1E:B3:00:00:01, local, manual\n"), "{list}");
    assert!(!run(&data, &["device", "note", "--name", "Gate"], "").status.success());
}
