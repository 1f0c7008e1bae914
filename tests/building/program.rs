//! The building that `./dev building` hosts.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use vestibule_ipc::{SignIn, SignInWith};
use vestibule_model::Secret;
use vestibule_tests::{Phone, PhoneOptions, free_port};

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_its_link_is_rung_by_its_doors() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_vestibule-building"))
        .arg("--folder")
        .arg(folder.path().join("building"))
        .args(["--port", &free_port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut typed = program.stdin.take().unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut link = None;
    while let Some(line) = said.next_line().await.unwrap() {
        link = line.strip_prefix("Link").map(|link| Secret::new(link.trim())).or(link);
        if line.trim().starts_with('2') {
            break;
        }
    }
    let mut phone = Phone::start(PhoneOptions::default()).await;
    phone.app.sign_in(SignIn { with: SignInWith::Link { link: link.unwrap() } }).await.unwrap();
    phone.until_registered().await;
    typed.write_all(b"nonsense\n2\n").await.unwrap();
    let call = phone.until_ringing().await;
    assert_eq!(call.caller.name, "Courtyard gate");
    assert_eq!(call.switches.len(), 1);
    drop(typed);
    assert!(program.wait().await.unwrap().success());
}
