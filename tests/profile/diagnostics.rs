//! What goes to those who help: how it stands, and nothing else.

use vestibule_ipc::PreviewDiagnostics;
use vestibule_tests::{Kamailio, Phone, PhoneOptions};

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_tell_how_it_stands_and_name_nobody() {
    let kamailio = Kamailio::start(Default::default());
    let options = PhoneOptions::at(&kamailio);
    let (account, password) = options.account.clone().unwrap();
    let secrets = [account.user, account.domain, password, "127.0.0.1".to_owned(), "Main".to_owned()];
    let mut phone = Phone::start(options).await;
    phone.until_registered().await;
    let lines = phone.app.preview_diagnostics(PreviewDiagnostics {}).await.unwrap();
    for told in ["Registration: registered", "Cache: open", "Intercoms: 1, switches: 2", "Calls: ring"] {
        assert!(lines.iter().any(|line| line.starts_with(told)), "{told}: {lines:#?}");
    }
    for line in &lines {
        for secret in &secrets {
            assert!(!line.contains(secret.as_str()), "{secret} in {line}");
        }
    }
}
