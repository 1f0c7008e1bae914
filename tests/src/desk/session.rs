//! A session of its own: bus, keychain, home folder, profile.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::building::{self, Building};
use super::intercom::{Intercom, PASSWORD, USER};

/// Set for the program that runs inside the session.
const INSIDE: &str = "VESTIBULE_DEMO_SESSION";

/// Whether this program runs inside such a session.
pub fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Runs this program again, inside a new session bus and with a home folder below `folder`.
pub fn enter(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    let home = folder.join("home");
    for dir in ["data", "config", "cache", "run"] {
        std::fs::create_dir_all(home.join(dir))?;
    }
    // What is saved in the session stays in it.
    let downloads = home.join("downloads");
    std::fs::create_dir_all(&downloads)?;
    let folders = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    std::fs::write(home.join("config/user-dirs.dirs"), folders)?;
    // GTK, WebKit and the keychain refuse a run-time folder that others can read.
    set_private(&home.join("run"))?;
    let status = Command::new("dbus-run-session")
        .arg("--")
        .arg(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(INSIDE, "1")
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("VESTIBULE_PROFILE", folder.join("profile"))
        // A screen reader's bus is not part of this session, and waiting for it takes seconds.
        .env("NO_AT_BRIDGE", "1")
        .status()
        .context("dbus-run-session is missing: run ./dev setup")?;
    std::process::exit(status.code().unwrap_or(1));
}

#[cfg(unix)]
fn set_private(dir: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    Ok(())
}

/// Starts the session's keychain and unlocks it with an empty password, as an automatic sign-in does.
pub fn unlock_keychain() -> Result<()> {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("gnome-keyring-daemon is missing: run ./dev setup")?;
    daemon.stdin.take().context("it reads a password")?.write_all(b"\n")?;
    // The daemon goes into the background once it is ready.
    ensure!(daemon.wait()?.success(), "the keychain did not start");
    Ok(())
}

/// A program of this workspace, built beside this one.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    // A test lies in a folder of its own below the programs.
    let mut near = own.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    near.find(|path| path.is_file()).with_context(|| format!("{name} is not built: run ./dev test"))
}

/// The command line on the profile of the session.
fn vestibule(arguments: &[&str]) -> Result<()> {
    let output = Command::new(program("vestibule")?)
        .args(arguments)
        .env("VESTIBULE_PASSWORD", PASSWORD)
        .env("VESTIBULE_SITE_SECRET", building::PASSWORD)
        .stdin(Stdio::null())
        .output()?;
    let problem = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "vestibule {}: {problem}", arguments.join(" "));
    Ok(())
}

/// Signs the profile in at the building.
pub fn sign_in(building: &Building) -> Result<()> {
    vestibule(&["sign-in", "--server", building.url(), "--email", building::EMAIL])
}

/// Sets the account and the intercom up, as an installer would.
pub fn set_up_profile(folder: &Path, intercom: &Intercom) -> Result<()> {
    std::fs::create_dir_all(folder.join("profile"))?;
    let server = intercom.address();
    vestibule(&["account", "--user", USER, "--domain", "127.0.0.1", "--server", server])?;
    let switches = ["Main door=door:00*", "Courtyard gate=gate:11*", "Stair light=light:22*"];
    let mut arguments = vec!["intercom", "--name", "Main entrance", "--address", "door@127.0.0.1"];
    arguments.extend(switches.iter().flat_map(|switch| ["--switch", switch]));
    vestibule(&arguments)
}

/// When the newest process of this name was started: milliseconds since 1970, exact to 10 (proc(5): field 22 of stat,
/// in ticks since the boot).
pub fn started(name: &str) -> Result<f64> {
    let boot = std::fs::read_to_string("/proc/stat")?;
    let boot =
        boot.lines().find_map(|line| line.strip_prefix("btime ")).context("when the machine was started")?;
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split(' ').next().unwrap_or_default().parse()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs_f64();
    ensure!(
        (now - uptime - boot.parse::<f64>()?).abs() < 5.0,
        "the clock was changed since the machine was started"
    );
    let (_, ticks) = newest(name)?.with_context(|| format!("{name} does not run"))?;
    Ok((now - uptime + ticks as f64 / 100.0) * 1000.0)
}

/// Asks the newest process of this name to end, and waits until it has.
pub async fn end(name: &str) -> Result<()> {
    let Some((process, _)) = newest(name)? else { return Ok(()) };
    ensure!(Command::new("kill").arg(&process).status()?.success(), "{name} cannot be asked to end");
    let gone = || newest(name).is_ok_and(|newest| newest.is_none_or(|(newest, _)| newest != process));
    crate::wait_until(&format!("{name} ends"), || std::future::ready(gone())).await;
    Ok(())
}

/// The newest process of this name that has not ended, and when it was started, in ticks since the boot.
fn newest(name: &str) -> Result<Option<(String, u64)>> {
    let mut newest: Option<(String, u64)> = None;
    for entry in std::fs::read_dir("/proc")?.flatten() {
        // A process may end while the list is read.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((head, fields)) = stat.rsplit_once(')') else { continue };
        let Some((process, comm)) = head.split_once(" (") else { continue };
        let mut fields = fields.split_whitespace();
        // A zombie has ended, and waits for nobody but its parent.
        let alive = fields.next().is_some_and(|state| state != "Z");
        let ticks = fields.nth(18).and_then(|ticks| ticks.parse().ok());
        if let (true, true, Some(ticks)) = (alive, comm == name, ticks)
            && newest.as_ref().is_none_or(|(_, known)| ticks >= *known)
        {
            newest = Some((process.to_owned(), ticks));
        }
    }
    Ok(newest)
}
