//! The same use-cases without a window.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use vestibule_tests::{Baresip, BaresipOptions, Kamailio, PATIENCE, program};

pub(crate) fn vestibule(profile: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("vestibule").unwrap());
    command.args(["--key-files", "--listen", "127.0.0.1:0", "--media-address", "127.0.0.1", "--profile"]);
    command.arg(profile).args(arguments).env("VESTIBULE_PASSWORD", Kamailio::PASSWORD).stdin(Stdio::null());
    command
}

pub(crate) fn done(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn set_up(profile: &Path, kamailio: &Kamailio) {
    let server = kamailio.address().to_string();
    done(vestibule(
        profile,
        &["account", "--user", "flat12", "--domain", Kamailio::DOMAIN, "--server", &server],
    ));
    let intercom = ["intercom", "--name", "Main entrance", "--address", "door@site.test", "--switch"];
    done(vestibule(profile, &[&intercom[..], &["Main door=door:00*"]].concat()));
}

pub(crate) struct Answering {
    lines: Lines<BufReader<ChildStdout>>,
    child: Child,
}

impl Answering {
    pub(crate) fn start(command: Command) -> Answering {
        let mut command = tokio::process::Command::from(command);
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        Answering { lines: BufReader::new(child.stdout.take().unwrap()).lines(), child }
    }

    pub(crate) async fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let waited = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                let event = serde_json::from_str(&line).unwrap();
                if wanted(&event) {
                    return Some(event);
                }
            }
            None
        });
        waited.await.ok().flatten().unwrap_or_else(|| panic!("in vain: {what}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_opens_the_door_and_saves_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let (profile, picture): (PathBuf, PathBuf) =
        (folder.path().join("profile"), folder.path().join("visitor.jpg"));
    let kamailio = Kamailio::start(Default::default());
    set_up(&profile, &kamailio);
    let jpeg = picture.to_str().unwrap();
    let arguments = ["answer", "--json", "--open", "Main door", "--picture", jpeg, "--calls", "1"];
    let mut answering = Answering::start(vestibule(&profile, &arguments));
    answering.until("registered", |event| !event["registration"]["registered"].is_null()).await;
    let mut door = Baresip::start(BaresipOptions {
        domain: Kamailio::DOMAIN.to_owned(),
        proxy: Some(kamailio.address().to_string()),
        ..BaresipOptions::default()
    })
    .await;
    door.command("dial", "sip:flat12@site.test").await;
    let sent = |event: &Value| !event["call"]["switches"][0]["state"]["code_sent"].is_null();
    answering.until("the code sent", sent).await;
    door.logged("received event: '*'").await;
    door.command("hangup", "").await;
    assert!(answering.child.wait().await.unwrap().success());
    assert!(std::fs::read(&picture).unwrap().starts_with(&[0xff, 0xd8]), "it is a JPEG");

    let history = done(vestibule(&profile, &["history", "--json"])).stdout;
    let row: Value = serde_json::from_slice(&history).unwrap();
    assert_eq!((&row["status"], &row["actions"][0]["outcome"]), (&"answered".into(), &"sent".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_works_and_what_to_do_about_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let kamailio = Kamailio::start(Default::default());
    set_up(folder.path(), &kamailio);
    let found = |findings: &[u8], what: &str| -> Value {
        let lines = String::from_utf8_lossy(findings).into_owned();
        let all = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        all.into_iter()
            .find(|finding| finding["what"] == what)
            .unwrap_or_else(|| panic!("nothing about {what}"))
    };
    let findings = vestibule(folder.path(), &["doctor", "--json"]).output().unwrap().stdout;
    for works in ["keychain", "ports", "codecs", "cache", "server"] {
        let finding = found(&findings, works);
        assert_eq!(finding["ok"], true, "{finding}");
    }
    drop(kamailio);
    let findings = vestibule(folder.path(), &["doctor", "--json"]).output().unwrap();
    assert!(!findings.status.success());
    let server = found(&findings.stdout, "server");
    assert_eq!(server["ok"], false);
    assert!(server["advice"].as_str().is_some_and(|advice| advice.contains("Check")), "{server}");
}

#[test]
fn a_password_is_not_taken_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = vestibule(folder.path(), &["account", "--user", "flat12", "--domain", "site.test"]);
    let output = command.env_remove("VESTIBULE_PASSWORD").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("VESTIBULE_PASSWORD"));
}
