//! dnsmasq as the DNS server of a domain.

use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::Program;

/// A name server on a loopback address of its own, port 53, which only root may take.
pub struct Dnsmasq {
    _program: Program,
    folder: TempDir,
}

impl Dnsmasq {
    const ADDRESS: &str = "127.53.53.53";

    /// Serves these SRV records of `name`, such as `_sip._udp.site.test`: host, port, priority. Every host is
    /// 127.0.0.1.
    pub fn start(name: &str, servers: &[(&str, u16, u16)]) -> Dnsmasq {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let resolv = format!("nameserver {}\n", Self::ADDRESS);
        std::fs::write(folder.path().join("resolv.conf"), resolv).expect("a file can be written");
        let mut command = Command::new("/usr/sbin/dnsmasq");
        command.args([
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--pid-file",
            "--no-resolv",
            "--no-hosts",
        ]);
        command.args(["--user=root", "--bind-interfaces", "--listen-address", Self::ADDRESS]);
        for (host, port, priority) in servers {
            command.arg(format!("--host-record={host},127.0.0.1"));
            command.arg(format!("--srv-host={name},{host},{port},{priority},10"));
        }
        let mut program = Program::start(&mut command, folder.path());
        wait_until_it_answers(&mut program);
        Dnsmasq { _program: program, folder }
    }

    /// The same command, run where this is the only name server.
    pub fn asked_by(&self, command: &Command) -> Command {
        let mut inside = Command::new("unshare");
        let script = "mount --bind \"$0\" \"$(realpath /etc/resolv.conf)\" && exec \"$@\"";
        inside.args(["--mount", "sh", "-c", script]).arg(self.folder.path().join("resolv.conf"));
        inside.arg(command.get_program()).args(command.get_args());
        inside.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        inside
    }
}

fn wait_until_it_answers(program: &mut Program) {
    let probe = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    probe.set_read_timeout(Some(Duration::from_millis(100))).expect("a time-out can be set");
    // A query for the root's address: id 1, one question, no name, type A, class IN.
    let query = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
    for _ in 0..300 {
        program.assert_running();
        let sent = probe.send_to(&query, (Dnsmasq::ADDRESS, 53));
        if sent.is_ok() && probe.recv(&mut [0; 512]).is_ok() {
            return;
        }
    }
    panic!("dnsmasq does not answer:\n{}", program.log());
}
