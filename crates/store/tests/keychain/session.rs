use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Where the other half of a test finds the directory of its session.
const DIR: &str = "VESTIBULE_TEST_SESSION";

/// A login session of its own: home, runtime directory, D-Bus and keyring.
pub(crate) struct Session {
    dir: TempDir,
}

/// Whether the keyring is unlocked when the session begins.
#[derive(Clone, Copy)]
pub(crate) enum Login {
    /// With an empty password, as at a login; the first time this makes the keyring.
    Unlocked,
    /// Not: the bus starts the keyring when it is asked for, and it is locked.
    Locked,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// Runs an ignored test of this binary inside the session.
    pub(crate) fn run(&self, login: Login, test: &str) {
        let script = match login {
            Login::Unlocked => {
                "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\""
            }
            Login::Locked => "exec \"$@\"",
        };
        self.run_under(&["dbus-run-session", "--", "sh", "-c", script, "sh"], test);
    }

    /// Runs an ignored test of this binary on a bus that knows no service.
    pub(crate) fn run_without_services(&self, test: &str) {
        let config = self.dir.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>",
            self.dir.path().display()
        );
        std::fs::write(&config, text).unwrap();
        self.run_under(
            &[
                "dbus-run-session",
                "--config-file",
                config.to_str().unwrap(),
                "--",
            ],
            test,
        );
    }

    /// Runs an ignored test of this binary with a bus address behind which nobody is.
    pub(crate) fn run_without_bus(&self, test: &str) {
        let address = format!(
            "DBUS_SESSION_BUS_ADDRESS=unix:path={}/none",
            self.dir.path().display()
        );
        self.run_under(&["env", &address], test);
    }

    fn run_under(&self, wrapper: &[&str], test: &str) {
        let dir = self.dir.path();
        let binary = std::env::current_exe().unwrap();
        let output = Command::new(wrapper[0])
            .args(&wrapper[1..])
            .arg(binary)
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", dir)
            .env("XDG_DATA_HOME", dir)
            .env("XDG_RUNTIME_DIR", dir)
            .env(DIR, dir)
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", wrapper[0]));
        let text = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat();
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{test}:\n{text}"
        );
    }
}

/// The directory of the session that this process runs in; it outlives the process.
pub(crate) fn with_dir<T>(work: impl FnOnce(&Path) -> T) -> T {
    work(Path::new(
        &std::env::var_os(DIR).expect("started by a test of this file's session"),
    ))
}
