//! aiosmtpd as the mail server of a house.

use std::net::TcpStream;
use std::process::Command;

use tempfile::TempDir;

use crate::process::{Program, free_port};
use crate::wait_until;

/// A mail server that prints what it is given.
pub struct Smtp {
    program: Program,
    _folder: TempDir,
    port: u16,
}

impl Smtp {
    /// Starts it on a free port, and waits until it listens.
    pub async fn start() -> Smtp {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let port = free_port();
        let mut command = Command::new("/usr/bin/python3");
        command.env("PYTHONUNBUFFERED", "1").args(["-m", "aiosmtpd", "-n", "-l"]);
        command.arg(format!("127.0.0.1:{port}")).args(["-c", "aiosmtpd.handlers.Debugging", "stdout"]);
        let mut program = Program::start(&mut command, folder.path());
        wait_until("aiosmtpd listens", || {
            program.assert_running();
            std::future::ready(TcpStream::connect(("127.0.0.1", port)).is_ok())
        })
        .await;
        Smtp { program, _folder: folder, port }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits until it was given this, and returns everything that it was given.
    pub async fn until(&self, text: &str) -> String {
        wait_until(&format!("a mail says {text:?}"), || {
            std::future::ready(self.program.log().contains(text))
        })
        .await;
        self.program.log()
    }
}
