//! Kamailio as registrar and proxy.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Program, free_port};

/// How the registrar is set up.
#[derive(Clone, Copy, Default)]
pub struct KamailioOptions {
    /// Challenge with SHA-256 instead of MD5 (RFC 8760).
    pub sha256: bool,
}

/// A registrar and proxy for the domain `site.test`, which every user enters with [`Kamailio::PASSWORD`].
pub struct Kamailio {
    program: Program,
    folder: TempDir,
    port: u16,
}

impl Kamailio {
    /// The domain it serves.
    pub const DOMAIN: &str = "site.test";
    /// The password of every user.
    pub const PASSWORD: &str = "password-for-tests";

    /// Starts it on a free port, UDP and TCP, and waits until it answers.
    pub fn start(options: KamailioOptions) -> Kamailio {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let port = free_port();
        let algorithm = if options.sha256 { "SHA-256" } else { "MD5" };
        let config = CONFIG
            .replace("@PORT@", &port.to_string())
            .replace("@ALGORITHM@", algorithm)
            .replace("@PASSWORD@", Self::PASSWORD)
            .replace("@DOMAIN@", Self::DOMAIN);
        std::fs::write(folder.path().join("kamailio.cfg"), config).expect("its configuration can be written");
        let program = Self::launch(&folder);
        let mut kamailio = Kamailio { program, folder, port };
        kamailio.wait_until_it_answers();
        kamailio
    }

    /// Starts the exchange of a building on a port of loopback, as `deploy/kamailio` sets it up, on what a site server
    /// wrote: `database` is `sqlite:///` with a path, or the URL of a PostgreSQL server.
    pub fn of_building(database: &str, port: u16, options: KamailioOptions) -> Kamailio {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kamailio/kamailio.cfg");
        std::fs::copy(deploy, folder.path().join("kamailio.cfg")).expect("its configuration can be copied");
        let sha256 = if options.sha256 { "#!define WITH_SHA256\n" } else { "" };
        let postgres = if database.starts_with("postgres:") { "#!define WITH_POSTGRES\n" } else { "" };
        let site = format!(
            "#!substdef \"!SIP_DOMAIN!{}!g\"\n#!substdef \"!SITE_DATABASE!{}!g\"\n{sha256}{postgres}\
             listen=udp:127.0.0.1:{port}\nlisten=tcp:127.0.0.1:{port}\n",
            Self::DOMAIN,
            database
        );
        std::fs::write(folder.path().join("site.cfg"), site).expect("its configuration can be written");
        let program = Self::launch(&folder);
        let mut kamailio = Kamailio { program, folder, port };
        kamailio.wait_until_it_answers();
        kamailio
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Ends it at once. It forgets everybody who was registered.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// Starts it again, on the same port, with nobody registered.
    pub fn restart(&mut self) {
        self.program = Self::launch(&self.folder);
        self.wait_until_it_answers();
    }

    fn launch(folder: &TempDir) -> Program {
        let dir = folder.path();
        let mut command = Command::new("/usr/sbin/kamailio");
        command.arg("-f").arg(dir.join("kamailio.cfg")).args(["-DD", "-E", "-m", "32", "-M", "8"]);
        command.arg("-w").arg(dir).arg("-Y").arg(dir);
        Program::start(&mut command, dir)
    }

    fn wait_until_it_answers(&mut self) {
        let probe = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
        let from = probe.local_addr().expect("it is bound");
        probe.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out can be set");
        for attempt in 0..300 {
            self.program.assert_running();
            let ask = format!(
                "OPTIONS sip:{0} SIP/2.0\r\nVia: SIP/2.0/UDP {from};branch=z9hG4bK{attempt};rport\r\nMax-Forwards: 70\r\n\
                 From: <sip:probe@{from}>;tag=1\r\nTo: <sip:{0}>\r\nCall-ID: probe-{attempt}@{from}\r\nCSeq: 1 OPTIONS\r\n\
                 Content-Length: 0\r\n\r\n",
                self.address()
            );
            // Until it listens the kernel may report that the port is closed: ask again.
            let sent = probe.send_to(ask.as_bytes(), self.address());
            let mut answer = [0; 2048];
            if sent.is_ok() && probe.recv(&mut answer).is_ok() {
                return;
            }
        }
        panic!("Kamailio does not answer; its log is in {}", self.folder.path().display());
    }
}

const CONFIG: &str = r#"#!KAMAILIO
debug=2
log_stderror=yes
memdbg=5
memlog=5
children=1
tcp_children=1
tcp_connection_lifetime=3605
enable_sctp=no
auto_aliases=no
alias="@DOMAIN@"
listen=udp:127.0.0.1:@PORT@
listen=tcp:127.0.0.1:@PORT@

loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"

modparam("usrloc", "db_mode", 0)
modparam("auth", "algorithm", "@ALGORITHM@")
modparam("tm", "fr_timer", 5000)

request_route {
    if (!mf_process_maxfwd_header("10")) {
        sl_send_reply("483", "Too Many Hops");
        exit;
    }
    force_rport();
    if (is_method("CANCEL")) {
        if (t_check_trans()) t_relay();
        exit;
    }
    if (has_totag()) {
        if (loose_route()) {
            t_relay();
            exit;
        }
        if (is_method("ACK")) {
            if (t_check_trans()) t_relay();
            exit;
        }
        sl_send_reply("404", "Not Here");
        exit;
    }
    t_check_trans();
    if (is_method("OPTIONS") && uri == myself) {
        sl_send_reply("200", "OK");
        exit;
    }
    if (is_method("REGISTER")) {
        if (!pv_www_authenticate("@DOMAIN@", "@PASSWORD@", "0")) {
            www_challenge("@DOMAIN@", "1");
            exit;
        }
        save("location");
        exit;
    }
    record_route();
    if (!lookup("location")) {
        sl_send_reply("404", "Not Found");
        exit;
    }
    t_relay();
}
"#;
