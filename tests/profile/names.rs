//! A domain whose servers stand in the DNS (RFC 3263).

use vestibule_tests::{Dnsmasq, Kamailio, free_port};

use crate::command_line::{Answering, done, vestibule};

#[tokio::test(flavor = "multi_thread")]
async fn the_srv_records_name_the_server_and_its_port() {
    let kamailio = Kamailio::start(Default::default());
    let dead = free_port();
    let dns = Dnsmasq::start(
        "_sip._udp.site.test",
        &[("first.site.test", dead, 10), ("second.site.test", kamailio.address().port(), 20)],
    );
    let folder = tempfile::tempdir().unwrap();
    done(vestibule(folder.path(), &["account", "--user", "flat12", "--domain", Kamailio::DOMAIN]));
    let mut answering = Answering::start(dns.asked_by(&vestibule(folder.path(), &["answer", "--json"])));
    answering.until("registered", |event| !event["registration"]["registered"].is_null()).await;
}
