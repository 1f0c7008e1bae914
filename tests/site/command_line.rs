use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use vestibule_tests::program;

use crate::building::{Building, PASSWORD};

async fn vestibule(profile: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("vestibule").unwrap());
    command.args(["--key-files", "--profile"]).arg(profile).args(arguments);
    command.env("VESTIBULE_SITE_SECRET", PASSWORD).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn done(profile: &Path, arguments: &[&str]) -> String {
    let output = vestibule(profile, arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_signs_in_and_makes_a_visitor() {
    let building = Building::new().await;
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let server = format!("http://{}", building.address);
    let refused = vestibule(&profile, &["visitor", "add", "--name", "Guest"]).await;
    assert!(!refused.status.success(), "nobody is signed in");

    let sign_in = ["sign-in", "--server", &server, "--email", "resident@site.example"];
    assert_eq!(done(&profile, &sign_in).await, "Signed in at Sample house.\n");
    let id = done(&profile, &["visitor", "add", "--name", "Guest", "--uses", "2"]).await;
    let listed = done(&profile, &["visitors", "--json"]).await;
    let visitor: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((visitor["name"].as_str(), visitor["delivery"].as_str()), (Some("Guest"), Some("waiting")));
    assert_eq!(visitor["id"].to_string(), id.trim());
    done(&profile, &["visitor", "delete", id.trim()]).await;
    assert_eq!(done(&profile, &["visitors"]).await, "");
}
