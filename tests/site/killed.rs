//! Programs that are killed in the middle of whatever they do, as a power cut does.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::process::{Child, Command};
use vestibule_ipc::{ListVisitors, SaveVisitor, SignIn, SignInWith};
use vestibule_model::{Delivery, Secret};
use vestibule_tests::desk::building as process;
use vestibule_tests::{Phone, PhoneOptions, program, wait_until};

use crate::building::{Building, PASSWORD, Somebody};
use crate::resident::visitor;

const ROUNDS: usize = 10;

/// Any moment within the next `longest` milliseconds: the test is about not knowing which.
async fn some_time(longest: u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_micros();
    tokio::time::sleep(Duration::from_millis(u64::from(now % longest))).await;
}

fn vestibule(profile: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("vestibule").unwrap());
    command.args(["--key-files", "--profile"]).arg(profile).args(arguments);
    command.env("VESTIBULE_SITE_SECRET", PASSWORD).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The names of the visitors that the server has, in order.
async fn names(somebody: &Somebody) -> Vec<String> {
    let visitors = somebody.visitors().await;
    let mut names: Vec<_> = visitors.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_said_it_keeps_is_at_the_server_once() {
    let building = Building::new().await;
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let server = format!("http://{}", building.address);
    let sign_in = ["sign-in", "--server", &server, "--email", "resident@site.example"];
    assert!(vestibule(&profile, &sign_in).status().await.unwrap().success());
    let phone = || -> Child {
        vestibule(&profile, &["answer", "--ring"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };

    let (mut promised, mut tried) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut running = phone();
        let name = format!("Guest {round}");
        tried.push(name.clone());
        let add = vestibule(&profile, &["visitor", "add", "--name", &name])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if round % 2 == 0 {
            // The one that sends is killed; the one that was told is waited for.
            let (_, output) = tokio::join!(some_time(600), add.wait_with_output());
            assert!(output.unwrap().status.success());
            promised.push(name);
        } else {
            some_time(300).await;
            drop(add);
        }
        running.kill().await.unwrap();
    }

    let _last = phone();
    let somebody = building.somebody("housemate", "somebody-elses-device").await;
    wait_until("all that was promised", || async {
        let names = names(&somebody).await;
        promised.iter().all(|name| names.contains(name))
    })
    .await;
    wait_until("nothing waits", || async {
        let listed = vestibule(&profile, &["visitors", "--json"]).output().await.unwrap();
        !String::from_utf8(listed.stdout).unwrap().contains("\"waiting\"")
    })
    .await;
    let names = names(&somebody).await;
    assert!(names.iter().all(|name| tried.contains(name)));
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "nothing twice: {names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_has_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut building = process::Building::start(folder.path()).await.unwrap();
    let phone = Phone::start(PhoneOptions::default()).await;
    let with = SignInWith::Password {
        server: building.url().to_owned(),
        email: process::EMAIL.to_owned(),
        password: Secret::new(process::PASSWORD),
        code: None,
    };
    phone.app.sign_in(SignIn { with }).await.unwrap();
    let flat = phone.app.get_state(vestibule_ipc::GetState {}).await.unwrap().site.unwrap().apartments[0].id;
    let invite = async |name: String| {
        phone.app.save_visitor(SaveVisitor { visitor: visitor(flat, &name) }).await.unwrap();
        name
    };
    let mut wanted = Vec::new();
    for round in 0..ROUNDS {
        wanted.push(invite(format!("Guest {round}")).await);
        some_time(60).await;
        building.close().await.unwrap();
        building.open().await.unwrap();
    }
    // Who does something is not kept waiting by what failed before.
    wanted.push(invite("Guest last".to_owned()).await);
    wait_until("all are sent", || async {
        let visitors = phone.app.list_visitors(ListVisitors {}).await.unwrap();
        visitors.len() == wanted.len() && visitors.iter().all(|visitor| visitor.delivery == Delivery::Sent)
    })
    .await;
    let mut names = building.visitors().await.unwrap();
    names.sort();
    assert_eq!(names, wanted);
}
