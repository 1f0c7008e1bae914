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

#[tokio::test(flavor = "multi_thread")]
async fn a_script_adds_somebody_to_the_household_beside_the_app() {
    let building = Building::new().await;
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let server = format!("http://{}", building.address);
    done(&profile, &["sign-in", "--server", &server, "--email", "household@site.example"]).await;
    let add = ["household", "add", "--name", "Guest", "--email", "guest@site.example"];
    let id = done(&profile, &add).await;
    let again = vestibule(&profile, &add).await;
    assert!(!again.status.success(), "the address is taken");
    done(&profile, &["household", "change", id.trim(), "--name", "Child"]).await;
    let listed = done(&profile, &["household"]).await;
    let line = format!("{}  Child  guest@site.example  with the app", id.trim());
    assert!(listed.lines().any(|listed| listed == line), "{listed}");
    let link = done(&profile, &["household", "link", id.trim()]).await;
    assert!(link.starts_with("vestibule://provision?server=http%3A%2F%2F127.0.0.1"), "{link}");
    done(&profile, &["household", "remove", id.trim()]).await;
    let left: Vec<Value> = done(&profile, &["household", "--json"]).await.lines().map(json).collect();
    let names: Vec<_> = left.iter().map(|member| member["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["resident", "housemate", "household"]);

    // A token that is too old is the app's to renew: two who do it would sign each other out.
    let before = session(&profile);
    building.pass(20);
    let late = vestibule(&profile, &add).await;
    assert!(String::from_utf8_lossy(&late.stderr).contains("another program renews it"));
    assert_eq!(session(&profile), before);
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

/// What the profile keeps of the session.
fn session(profile: &Path) -> Vec<u8> {
    std::fs::read(profile.join("keys/site-session")).unwrap()
}
