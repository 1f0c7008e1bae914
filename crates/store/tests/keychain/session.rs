use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

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
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// Runs an ignored test of this binary inside the session, and returns everything that was said meanwhile.
    pub(crate) fn run(&self, login: Login, test: &str) -> String {
        let script = match login {
            Login::Unlocked => {
                "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\""
            }
            Login::Locked => "exec \"$@\"",
        };
        self.run_under(&["dbus-run-session", "--", "sh", "-c", script, "sh"], test)
    }

    /// Runs an ignored test of this binary on a bus that knows no service.
    pub(crate) fn run_without_services(&self, test: &str) {
        let config = self.dir.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>",
            self.dir.path().display()
        );
        fs::write(&config, text).unwrap();
        self.run_under(&["dbus-run-session", "--config-file", config.to_str().unwrap(), "--"], test);
    }

    /// Runs an ignored test of this binary with a bus address behind which nobody is.
    pub(crate) fn run_without_bus(&self, test: &str) {
        let address = format!("DBUS_SESSION_BUS_ADDRESS=unix:path={}/none", self.dir.path().display());
        self.run_under(&["env", &address], test);
    }

    fn run_under(&self, wrapper: &[&str], test: &str) -> String {
        let dir = self.dir.path();
        let binary = std::env::current_exe().unwrap();
        // A file and no pipe: a daemon that outlives its bus would keep a pipe open, and its reader waiting.
        let log = dir.join("log");
        let out = fs::File::create(&log).unwrap();
        let status = Command::new(wrapper[0])
            .args(&wrapper[1..])
            .arg(binary)
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", dir)
            .env("XDG_DATA_HOME", dir)
            .env("XDG_RUNTIME_DIR", dir)
            .env(DIR, dir)
            .stdin(Stdio::null())
            .stderr(out.try_clone().unwrap())
            .stdout(out)
            .status()
            .unwrap_or_else(|error| panic!("{}: {error}", wrapper[0]));
        let text = String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned();
        assert!(status.success() && text.contains("1 passed"), "{test}:\n{text}");
        text
    }
}

impl Drop for Session {
    /// A keyring daemon may outlive its bus. Those of this session are known by its directory, which is no other's.
    fn drop(&mut self) {
        let mine = format!("XDG_RUNTIME_DIR={}\0", self.dir.path().display()).into_bytes();
        for process in fs::read_dir("/proc").unwrap().flatten() {
            // Others' processes, and those that are gone by now, cannot be read.
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            if environment.windows(mine.len()).any(|part| part == mine) {
                let _ = Command::new("kill").arg(process.file_name()).status();
            }
        }
    }
}

/// The directory of the session that this process runs in; it outlives the process.
pub(crate) fn with_dir<T>(work: impl FnOnce(&Path) -> T) -> T {
    work(Path::new(&std::env::var_os(DIR).expect("started by a test of this file's session")))
}
