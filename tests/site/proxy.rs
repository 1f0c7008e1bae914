//! TLS, by the proxy that stands before a server, as `deploy/nginx` sets it up.

use std::path::Path;
use std::process::{Command as Std, Stdio};

use serde_json::Value;
use tokio::process::{Child, Command};
use vestibule_tests::{free_port, program, wait_until};

use crate::building::{Building, PASSWORD};

/// A certificate for `localhost`, by an authority of its own.
fn certify(folder: &Path) {
    let openssl = |arguments: &str| {
        let done = Std::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Authority",
    );
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr -subj /CN=localhost",
    );
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    openssl(
        "x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out site.pem",
    );
}

/// nginx on `port`, before the server of a building.
fn before(building: &Building, folder: &Path, port: u16) -> Child {
    let site = include_str!("../../deploy/nginx/site.conf")
        .replace("listen [::]:443 ssl;", "")
        .replace("443", &format!("127.0.0.1:{port}"))
        .replace("site.example;", "localhost;")
        .replace("/etc/letsencrypt/live/site.example/fullchain.pem", "site.pem")
        .replace("/etc/letsencrypt/live/site.example/privkey.pem", "site.key")
        .replace("127.0.0.1:8080", &building.address.to_string());
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {what};\n"))
        .concat();
    let config = format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{temporary}{site}}}\n"
    );
    std::fs::write(folder.join("nginx.conf"), config).unwrap();
    let mut nginx = Command::new("/usr/sbin/nginx");
    nginx.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).kill_on_drop(true).spawn().unwrap()
}

fn vestibule(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("vestibule").unwrap());
    command.args(["--key-files", "--profile"]).arg(folder.join("profile")).args(arguments);
    command.env("VESTIBULE_SITE_SECRET", PASSWORD).stdin(Stdio::null()).kill_on_drop(true);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_trusts_a_certificate_of_the_system_and_follows_the_server_through_it() {
    let building = Building::new().await;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    certify(folder);
    let port = free_port();
    let _nginx = before(&building, folder, port);
    wait_until("nginx listens", || async {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
    })
    .await;

    let server = format!("https://localhost:{port}");
    let sign_in = ["sign-in", "--server", &server, "--email", "resident@site.example"];
    let strange = vestibule(folder, &sign_in).output().await.unwrap();
    assert!(!strange.status.success(), "nobody vouches for it");

    let trusting = |arguments: &[&str]| {
        let mut command = vestibule(folder, arguments);
        command.env("SSL_CERT_FILE", folder.join("ca.pem"));
        command
    };
    let signed_in = trusting(&sign_in).output().await.unwrap();
    assert!(signed_in.status.success(), "{}", String::from_utf8_lossy(&signed_in.stderr));
    let _phone = trusting(&["answer", "--ring"]).stdout(Stdio::null()).spawn().unwrap();
    assert!(trusting(&["visitor", "add", "--name", "Guest"]).status().await.unwrap().success());
    let listed = async || {
        let listed = trusting(&["visitors", "--json"]).output().await.unwrap();
        let lines = String::from_utf8(listed.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    };
    wait_until("the visitor is sent", async || listed().await.iter().all(|it| it["delivery"] == "sent"))
        .await;

    // What happens elsewhere comes by the stream of events, which nothing on the way holds back.
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    let courier = serde_json::json!({ "name": "Courier", "apartment": building.flat });
    somebody.ask("POST", "visitors", Some(courier)).await;
    wait_until("the other visitor", async || listed().await.iter().any(|it| it["name"] == "Courier")).await;
}
